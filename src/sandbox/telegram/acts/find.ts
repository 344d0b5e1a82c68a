/** Finds who and what a request of the control API names. */
import type { Bot } from '../bots.ts';
import type { Person } from '../people.ts';
import type { PersonChat } from '../person-post.ts';
import type { World } from '../world.ts';
import { ActError } from './act-error.ts';

/** The person of this id. Throws 404. */
export function personOf(world: World, id: number): Person {
  const person = world.people.get(id);
  if (!person)
    throw new ActError(404, 'person_not_found', `There is no person ${id}. List them with GET /control/people.`);
  return person;
}

/** The bot of this id or username. Throws 404. */
export function botOf(world: World, ref: string | number): Bot {
  const text = String(ref);
  const bot = /^\d+$/.test(text) ? world.bots.get(Number(text)) : world.bots.byUsername(text);
  if (!bot) throw new ActError(404, 'bot_not_found', `There is no bot ${text}. List them with GET /control/bots.`);
  return bot;
}

/** The chat of a person and a bot, made when they never met. Throws 404 and, for a deactivated person, 409. */
export function chatFor(world: World, botRef: string | number, personId: number): PersonChat {
  const bot = botOf(world, botRef);
  const person = personOf(world, personId);
  return { bot, person, dialog: world.dialogs.open(bot.id, person.id) };
}

/** The same, for a person who is about to act: they have an account and have not blocked the bot. */
export function activeChat(world: World, botRef: string | number, personId: number): PersonChat {
  const chat = chatFor(world, botRef, personId);
  if (chat.person.deactivated)
    throw new ActError(409, 'person_deactivated', `Person ${personId} has no account any more.`);
  if (chat.dialog.blocked) {
    throw new ActError(409, 'bot_blocked', `Person ${personId} blocked @${chat.bot.username}; unblock it first.`);
  }
  return chat;
}
