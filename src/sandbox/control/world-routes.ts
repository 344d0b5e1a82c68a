/** Control routes about the world as a whole: people, bots, time, troubles, limits, the record. */
import {
  botPatchSchema,
  confirmManagedSchema,
  deactivateSchema,
  faultPatchSchema,
  limitPatchSchema,
  newBotSchema,
  newPersonSchema,
  nextCallFaultSchema,
  recordFilterSchema,
} from '#shared/schemas/sandbox.ts';
import { ActError } from '../telegram/acts/act-error.ts';
import { botOf, personOf } from '../telegram/acts/find.ts';
import { setDeactivated } from '../telegram/acts/membership.ts';
import { NO_FAULTS } from '../telegram/faults.ts';
import { confirmManaged, readManagedLink, tellManager } from '../telegram/managed.ts';
import { makeBot, ownsEnough, usernameProblem } from '../telegram/new-bot.ts';
import type { World } from '../telegram/world.ts';
import { type ControlRequest, type ControlRoutes, check, idIn } from './router.ts';
import { botView, botWithToken, personView } from './views.ts';

function createPerson(world: World, body: unknown): unknown {
  const input = check(newPersonSchema, body);
  if (input.username !== undefined && world.usernameTaken(input.username)) {
    throw new ActError(409, 'USERNAME_OCCUPIED', `username: @${input.username} is taken.`);
  }
  const person = world.people.add(input);
  world.changed();
  return personView(person);
}

function createBot(world: World, body: unknown): unknown {
  const input = check(newBotSchema, body);
  const owner = personOf(world, input.ownerId);
  const problem = usernameProblem(world, input.username);
  if (problem) throw new ActError(409, problem, `username: @${input.username} cannot be had: ${problem}.`);
  if (ownsEnough(world, owner))
    throw new ActError(409, 'BOT_CREATE_LIMIT_EXCEEDED', `ownerId: person ${owner.id} has enough bots.`);
  const bot = makeBot(world, owner, input.name, input.username);
  bot.canManageBots = input.canManageBots ?? false;
  return botWithToken(world, bot);
}

function confirmManagedBot(world: World, body: unknown): unknown {
  const input = check(confirmManagedSchema, body);
  const request = readManagedLink(input.link);
  if (!request)
    throw new ActError(400, 'link_invalid', 'link: must be https://t.me/newbot/<manager>/<username>?name=<Name>.');
  const { name = request.name, username = request.username } = input;
  const made = confirmManaged(world, personOf(world, input.personId), { ...request, name, username });
  if (typeof made === 'string') throw new ActError(409, made, `The bot was not made: ${made}.`);
  return botView(world, made);
}

/** Routes about people and bots. */
export function populationRoutes(world: World): ControlRoutes {
  const botIn = (request: ControlRequest) => botOf(world, request.path['bot'] ?? '');
  const personIn = (request: ControlRequest) => personOf(world, idIn(request, 'person'));
  return {
    'POST /control/people': ({ body }) => createPerson(world, body),
    'GET /control/people': () => world.people.list().map(personView),
    'GET /control/people/:person': (request) => personView(personIn(request)),
    'POST /control/people/:person/deactivated': (request) => {
      const person = personIn(request);
      setDeactivated(world, person, check(deactivateSchema, request.body).deactivated);
      return personView(person);
    },
    'POST /control/bots': ({ body }) => createBot(world, body),
    'GET /control/bots': ({ query }) => {
      const bots = world.bots.list().filter((bot) => !world.builtIn.has(bot.id));
      return bots.map((bot) => (query['tokens'] === 'true' ? botWithToken(world, bot) : botView(world, bot)));
    },
    'GET /control/bots/:bot': (request) => botView(world, botIn(request)),
    'PATCH /control/bots/:bot': (request) => {
      const bot = botIn(request);
      bot.canManageBots = check(botPatchSchema, request.body).canManageBots;
      world.changed();
      return botView(world, bot);
    },
    'DELETE /control/bots/:bot': (request) => world.removeBot(botIn(request)),
    'POST /control/bots/:bot/revoke': (request) => {
      const bot = botIn(request);
      world.renewToken(bot);
      tellManager(world, bot);
      return botWithToken(world, bot);
    },
    'POST /control/managed-bots': ({ body }) => confirmManagedBot(world, body),
  };
}

/** Routes about time, troubles and limits. `cutAll` cuts Telegram's open connections. */
export function weatherRoutes(world: World, cutAll: () => void): ControlRoutes {
  const faults = () => ({ settings: world.faults.settings, next: world.faults.pending() });
  return {
    'GET /control/clock': () => {
      const now = world.clock.now();
      return { now, iso: new Date(now).toISOString(), startedAt: world.startedAt };
    },
    'GET /control/faults': faults,
    'PATCH /control/faults': ({ body }) => {
      const patch = check(faultPatchSchema, body);
      world.faults.settings = { ...world.faults.settings, ...definedOf(patch) };
      if (world.faults.settings.unreachable) cutAll();
      return faults();
    },
    'DELETE /control/faults': () => {
      world.faults.clear();
      return { settings: NO_FAULTS, next: [] };
    },
    'POST /control/faults/next': ({ body }) => {
      const fault = check(nextCallFaultSchema, body);
      world.faults.prepare(fault, fault.bot === undefined ? undefined : botOf(world, fault.bot).id);
      return faults();
    },
    'GET /control/limits': () => world.limits.settings,
    'PATCH /control/limits': ({ body }) => {
      world.limits.configure({ ...world.limits.settings, ...definedOf(check(limitPatchSchema, body)) });
      return world.limits.settings;
    },
  };
}

/** Only the fields that are set, so that a patch never unsets anything. */
function definedOf<T extends object>(patch: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(patch).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** Routes about what Telegram saw. */
export function recordRoutes(world: World): ControlRoutes {
  const filter = (query: Readonly<Record<string, string>>) => {
    const { bot, method, ...rest } = check(recordFilterSchema, query);
    return { ...rest, method: method?.toLowerCase(), botId: bot === undefined ? undefined : recordedBot(world, bot) };
  };
  return {
    'GET /control/record/calls': ({ query }) => {
      const { botId, method, chatId, since = 0, limit } = filter(query);
      return world.record.calls.newest(
        (call) =>
          (botId === undefined || call.botId === botId) &&
          (method === undefined || call.method === method) &&
          (chatId === undefined || call.chatId === chatId) &&
          call.startedAt >= since,
        limit,
      );
    },
    'GET /control/record/updates': ({ query }) => {
      const { botId, chatId, since = 0, limit } = filter(query);
      return world.record.updates.newest(
        (update) =>
          (botId === undefined || update.botId === botId) &&
          (chatId === undefined || update.chatId === chatId) &&
          update.createdAt >= since,
        limit,
      );
    },
    'GET /control/record/polls': ({ query }) => {
      const { botId, since = 0, limit } = filter(query);
      return world.record.polls.newest(
        (poll) => (botId === undefined || poll.botId === botId) && poll.startedAt >= since,
        limit,
      );
    },
    'GET /control/record/summary': ({ query }) => world.record.summary(filter(query).botId),
    'DELETE /control/record': () => world.record.clear(),
  };
}

/** A removed bot stays in the record, so an id is taken as it is. */
function recordedBot(world: World, ref: string): number {
  return /^\d+$/.test(ref) ? Number(ref) : botOf(world, ref).id;
}
