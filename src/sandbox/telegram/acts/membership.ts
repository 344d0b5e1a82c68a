/** What a person does with their account and with a bot as a whole: block, unblock, leave Telegram. */
import { userOfBot } from '../bots.ts';
import { chatOf, type Person, userOf } from '../people.ts';
import type { PersonChat } from '../person-post.ts';
import type { World } from '../world.ts';

type Status = { readonly status: string; readonly [field: string]: unknown };

/** Blocks or unblocks a bot; the bot gets `my_chat_member` when something changed. */
export function setBlocked(world: World, chat: PersonChat, blocked: boolean): void {
  const { dialog, person, bot } = chat;
  if (dialog.blocked === blocked) return;
  dialog.blocked = blocked;
  world.dialogs.touch(dialog);
  const user = userOfBot(bot);
  const member: Status = { status: 'member', user };
  const kicked: Status = { status: 'kicked', user, until_date: 0 };
  world.updates.push(
    bot,
    'my_chat_member',
    {
      chat: chatOf(person),
      from: userOf(person),
      date: world.seconds(),
      old_chat_member: blocked ? member : kicked,
      new_chat_member: blocked ? kicked : member,
    },
    person.id,
  );
  world.changed();
}

/** Takes a person's account away, or brings it back. */
export function setDeactivated(world: World, person: Person, deactivated: boolean): void {
  person.deactivated = deactivated;
  world.changed();
}
