/** The rules for making a bot, whoever asks: BotFather, a manager's link or the control API. */
import type { Bot } from './bots.ts';
import type { Person } from './people.ts';
import type { World } from './world.ts';

/** Why a username cannot be had. */
export type UsernameProblem = 'USERNAME_INVALID' | 'USERNAME_SUFFIX_MISSING' | 'USERNAME_OCCUPIED';

const SHAPE = /^[A-Za-z](?:_?[A-Za-z0-9])*$/;
const MIN_LENGTH = 5;
const MAX_LENGTH = 32;
const BOTS = 20;
const BOTS_PREMIUM = 40;

/** What is wrong with a username for a bot; undefined: it can be had. */
export function usernameProblem(world: World, username: string): UsernameProblem | undefined {
  if (!/bot$/i.test(username)) return 'USERNAME_SUFFIX_MISSING';
  if (username.length < MIN_LENGTH || username.length > MAX_LENGTH || !SHAPE.test(username)) return 'USERNAME_INVALID';
  return world.usernameTaken(username) ? 'USERNAME_OCCUPIED' : undefined;
}

/** Whether a person has as many bots as Telegram allows: 20, or 40 with Premium. */
export function ownsEnough(world: World, person: Person): boolean {
  return world.bots.ownedBy(person.id).length >= botLimit(person);
}

/** How many bots a person may own. */
export function botLimit(person: Person): number {
  return person.isPremium ? BOTS_PREMIUM : BOTS;
}

/** Makes the bot. The caller has checked the rules above. */
export function makeBot(world: World, owner: Person, name: string, username: string, managerId?: number): Bot {
  const bot = world.bots.add({ ownerId: owner.id, name, username, managerId });
  world.changed();
  return bot;
}
