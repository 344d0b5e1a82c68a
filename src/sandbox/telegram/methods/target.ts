/** Finds the chat a call speaks of, and whether the bot may write there. */
import { badRequest, forbidden } from '../api-error.ts';
import type { Bot } from '../bots.ts';
import type { Dialog, DialogMessage } from '../dialogs.ts';
import type { Person } from '../people.ts';
import type { World } from '../world.ts';
import type { Call } from './call.ts';

/** A chat the bot knows. */
export interface Target {
  readonly dialog: Dialog;
  readonly person: Person;
}

/** The chat named by a field, which the bot has at least met. */
export function knownChat(call: Call, field = 'chat_id'): Target {
  const { world, bot, params } = call;
  const text = params.text(field).trim();
  if (text === '') throw badRequest(`${field} is empty`);
  const chatId = /^-?\d+$/.test(text) ? Number(text) : undefined;
  if (chatId === undefined) throw badRequest('chat not found');
  return chatById(world, bot, chatId);
}

/** The chat with a person, by id. */
export function chatById(world: World, bot: Bot, chatId: number): Target {
  if (chatId === bot.id) throw forbidden("bot can't send messages to the bot");
  if (world.bots.get(chatId)) throw forbidden("bot can't send messages to bots");
  const person = world.people.get(chatId);
  if (!person) throw badRequest('chat not found');
  const dialog = world.dialogs.find(bot.id, person.id);
  if (!dialog?.started) throw forbidden("bot can't initiate conversation with a user");
  return { dialog, person };
}

/** The chat named by `chat_id`, into which the bot may write now. */
export function writableChat(call: Call): Target {
  const target = knownChat(call);
  if (target.person.deactivated) throw forbidden('user is deactivated');
  if (target.dialog.blocked) throw forbidden('bot was blocked by the user');
  call.world.limits.spend(call.bot.id, target.person.id);
  return target;
}

/** The message named by a field, or the given 400. */
export function messageOf(call: Call, target: Target, missing: string, field = 'message_id'): DialogMessage {
  const id = call.params.int(field, 0);
  if (id <= 0) throw badRequest('message identifier is not specified');
  const entry = target.dialog.messages.get(id);
  if (!entry) throw badRequest(missing);
  return entry;
}
