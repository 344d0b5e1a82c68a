/** How the control API shows people, bots, chats and messages. */
import type { BotView, BotWithToken, ChatMessage, ChatView, PersonView } from '#shared/schemas/sandbox.ts';
import type { Bot } from '../telegram/bots.ts';
import { type DialogMessage, wordsOf } from '../telegram/dialogs.ts';
import { commandsFor } from '../telegram/methods/profile.ts';
import type { Person } from '../telegram/people.ts';
import type { PersonChat } from '../telegram/person-post.ts';
import type { World } from '../telegram/world.ts';

/** A person. */
export function personView(person: Person): PersonView {
  const { id, name, lastName, username, languageCode, isPremium, phone, deactivated } = person;
  return { id, name, lastName, username, languageCode, isPremium, phone, deactivated };
}

/** A bot without its token. */
export function botView(world: World, bot: Bot): BotView {
  return {
    id: bot.id,
    username: bot.username,
    name: bot.name,
    ownerId: bot.ownerId,
    canManageBots: bot.canManageBots,
    managerId: bot.managerId,
    webhookUrl: bot.webhook?.url,
    pendingUpdates: world.updates.queueOf(bot.id).pending(world.clock.now()),
  };
}

/** A bot with its token. */
export function botWithToken(world: World, bot: Bot): BotWithToken {
  return { ...botView(world, bot), token: bot.token };
}

/** A message as it stands now. */
export function messageView(entry: DialogMessage): ChatMessage {
  const { message } = entry;
  const rows = message.reply_markup?.inline_keyboard ?? [];
  return {
    id: message.message_id,
    from: entry.fromBot ? 'bot' : 'person',
    date: message.date,
    edited: message.edit_date !== undefined,
    revision: entry.revision,
    text: wordsOf(message),
    buttons: rows.map((row) =>
      row.map(({ text, callback_data, url }) => ({
        text,
        ...(callback_data === undefined ? {} : { data: callback_data }),
        ...(url === undefined ? {} : { url }),
      })),
    ),
    raw: { ...message },
  };
}

/** A chat as the person's phone shows it. */
export function chatView(world: World, chat: PersonChat, sinceId: number, limit: number): ChatView {
  const { bot, person, dialog } = chat;
  const language = person.languageCode ?? '';
  const action = dialog.action && dialog.action.until > world.clock.now() ? dialog.action.name : undefined;
  const messages = [...dialog.messages.values()].filter((entry) => entry.message.message_id > sinceId).slice(-limit);
  return {
    bot: {
      id: bot.id,
      username: bot.username,
      name: bot.names.get(language) ?? bot.name,
      description: bot.descriptions.get(language) ?? bot.descriptions.get('') ?? '',
    },
    personId: person.id,
    started: dialog.started,
    blocked: dialog.blocked,
    revision: dialog.revision,
    commands: commandsFor(bot, person.id, language).map(({ command, description }) => ({ command, description })),
    replyKeyboard: dialog.replyKeyboard?.keyboard.map((row) =>
      row.map((button) => ({ text: button.text, requestContact: button.request_contact === true })),
    ),
    action,
    draft: dialog.draft?.text,
    messages: messages.map(messageView),
  };
}
