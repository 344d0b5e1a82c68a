/** Managed bots: a person makes one for a manager bot, and the manager is told. */
import { type Bot, userOfBot } from './bots.ts';
import { makeBot, ownsEnough, usernameProblem } from './new-bot.ts';
import { type Person, userOf } from './people.ts';
import { postByPerson } from './person-post.ts';
import type { World } from './world.ts';

/** What a creation link asks for. */
export interface ManagedRequest {
  readonly manager: string;
  readonly username: string;
  readonly name: string;
}

const LINK = /^(?:https?:\/\/)?(?:t\.me|telegram\.me)\/newbot\/([A-Za-z0-9_]+)\/([A-Za-z0-9_]+)\/?(?:\?(.*))?$/i;

/** Reads `https://t.me/newbot/<manager>/<suggested username>?name=<Name>`; undefined when it is no such link. */
export function readManagedLink(link: string): ManagedRequest | undefined {
  const [, manager, username, query] = LINK.exec(link) ?? [];
  if (manager === undefined || username === undefined) return undefined;
  return { manager, username, name: new URLSearchParams(query ?? '').get('name') ?? username };
}

/** The person confirms. Gives the new bot, or the reason their client shows. */
export function confirmManaged(world: World, person: Person, request: ManagedRequest): Bot | string {
  const manager = world.bots.byUsername(request.manager);
  if (!manager?.canManageBots) return 'MANAGER_PERMISSION_MISSING';
  if (ownsEnough(world, person)) return 'BOT_CREATE_LIMIT_EXCEEDED';
  const problem = usernameProblem(world, request.username);
  if (problem) return problem;
  const bot = makeBot(world, person, request.name, request.username, manager.id);
  const dialog = world.dialogs.find(manager.id, person.id);
  if (dialog?.started)
    postByPerson(world, { person, bot: manager, dialog }, { managed_bot_created: { bot: userOfBot(bot) } });
  tellManager(world, bot);
  return bot;
}

/** Queues `managed_bot` for the manager of a bot: on creation, on a new token, on a new owner. */
export function tellManager(world: World, bot: Bot): void {
  const manager = bot.managerId === undefined ? undefined : world.bots.get(bot.managerId);
  const owner = world.people.get(bot.ownerId);
  if (manager && owner) {
    world.updates.push(manager, 'managed_bot', { user: userOf(owner), bot: userOfBot(bot) }, owner.id);
  }
}
