/** Puts a person's message into the chat with a bot, and tells the bot. */
import type { Bot } from './bots.ts';
import type { Dialog, DialogMessage } from './dialogs.ts';
import { chatOf, type Person, userOf } from './people.ts';
import type { Message, MessageContent } from './types.ts';
import type { World } from './world.ts';

/** A person in a chat with a bot. */
export interface PersonChat {
  readonly person: Person;
  readonly bot: Bot;
  readonly dialog: Dialog;
}

/** Adds a person's message and queues the `message` update (or lets a built-in bot hear it). */
export function postByPerson(
  world: World,
  chat: PersonChat,
  content: MessageContent,
  replyTo?: Message,
): DialogMessage {
  const { person, bot, dialog } = chat;
  const message: Message = {
    message_id: bot.nextMessageId,
    from: userOf(person),
    chat: chatOf(person),
    date: world.seconds(),
    reply_to_message: replyTo ? { ...replyTo, reply_to_message: undefined } : undefined,
    ...content,
  };
  bot.nextMessageId += 1;
  dialog.started = true;
  const entry = world.dialogs.write(dialog, message, false);
  if (dialog.replyKeyboard?.one_time_keyboard) dialog.replyKeyboard = undefined;
  const builtIn = world.builtIn.get(bot.id);
  if (builtIn) builtIn.hearsText(person.id, content.text ?? '');
  else world.updates.push(bot, 'message', message, person.id);
  world.changed();
  return entry;
}
