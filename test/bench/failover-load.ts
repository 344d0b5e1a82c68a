/**
 * Bots are killed at random moments while their customers book and cancel: every update must be handled, and each booking
 * made and told once. And Redis is emptied under active bots: nobody may notice, and the status must be true again soon.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { findOpen } from '#core/pool/activations.ts';
import { listBots } from '#core/pool/presence.ts';
import { type Customer, startCustomer } from '../chaos/customers.ts';
import { lostUpdates, type Told, wrongEffects } from '../chaos/ledger.ts';
import { randomOf } from '../soak/random.ts';
import { until } from '../support/until.ts';
import { type BenchOptions, type BenchResult, percentile, round } from './report.ts';
import { activateAndGreet, type BenchWorld, type Client, makeClient, startBenchWorld } from './world.ts';

const KILLS = 100;
const CLIENTS = 10;
const GUESTS = 2;
const WAITING = 20;
const UPDATES_PER_BOT = 1_000;
const BETWEEN_KILLS_MS = 2_000;
const BREATH_MS = 250;

const BUSY_CUSTOMERS = {
  MAX_BOOKINGS_PER_USER: '100000',
  CANCELLATION_HOURS: '0',
  RATE_LIMIT_MESSAGE: '0',
  RATE_LIMIT_CALLBACK: '0',
};

/** Runs the benchmark of kills under load. */
export async function benchFailoverLoad({ size, engine, report }: BenchOptions): Promise<BenchResult> {
  const [kills, updates] = [KILLS, UPDATES_PER_BOT].map((full) => Math.max(3, Math.round(full * size))) as [
    number,
    number,
  ];
  await using world = await startBenchWorld(CLIENTS + WAITING, BUSY_CUSTOMERS, engine);
  await world.waiting(CLIENTS + WAITING);
  const random = randomOf(1);
  const clients = await activeClients(world, CLIENTS);
  const customers = (await Promise.all(clients.map((client) => guestsOf(world, client, GUESTS))))
    .flat()
    .map(({ client, personId }) =>
      startCustomer(world.sandbox.chat(client.botId, personId), { personId, botId: client.botId }, random, BREATH_MS),
    );
  report(`${kills} kills among ${CLIENTS} bots of ${customers.length} customers`);
  const dead = new Set<string>();
  while (dead.size < kills) {
    await pause(random() * BETWEEN_KILLS_MS);
    const client = clients[Math.floor(random() * clients.length)];
    const open = client && (await findOpen(world.plane.database, client.clientId));
    // Whoever was killed a moment ago and has not been replaced cannot be killed again.
    if (open === undefined || dead.has(`${open.container} ${open.fence}`)) continue;
    await world.plane.engine.kill(open.container, 'SIGKILL');
    dead.add(`${open.container} ${open.fence}`);
  }
  report(`until each bot had ${updates} updates`);
  const created = async (): Promise<number> => {
    const counts = clients.map(
      async ({ botId }) => (await world.sandbox.recordSummary(botId)).bots[0]?.updates.created ?? 0,
    );
    return Math.min(...(await Promise.all(counts)));
  };
  while ((await created()) < updates) await pause(1_000);
  const told = await stopAll(customers);
  const query = async (sql: string): Promise<string> =>
    (await world.plane.database.query<{ counts: string | null }>(sql)).rows[0]?.counts ?? '';
  const [effects, lost] = [await wrongEffects(clients, told, query), await lostUpdates(world.sandbox, clients)];
  for (const problem of [...effects, ...lost, ...told.flatMap(({ seen }) => seen.unanswered)]) report(problem);
  const sum = (pick: (one: Told) => number): number => told.reduce((all, one) => all + pick(one), 0);
  return {
    name: 'failover-load',
    figures: {
      kills: dead.size,
      'updates.least_per_bot': await created(),
      answers: sum(({ seen }) => seen.steps),
      bookings: sum(({ seen }) => seen.booked),
      'unanswered.count': sum(({ seen }) => seen.unanswered.length),
      'bots_with_lost_updates.count': lost.length,
      'wrong_effects.count': effects.length,
      'slowest_answer.ms': round(Math.max(...told.map(({ seen }) => seen.slowestMs))),
    },
    rival: { name: 'none: nothing may be lost or done twice', figures: {} },
    ratios: {},
    samples: { slowest: told.map(({ seen }) => seen.slowestMs) },
  };
}

const FLUSHED = 50;
const FLUSHES = 5;
const BEFORE_FLUSH_MS = 5_000;
const STATUS_MS = 60_000;

/** Runs the benchmark of an emptied Redis. */
export async function benchFlush({ size, engine, report }: BenchOptions): Promise<BenchResult> {
  const bots = Math.max(3, Math.round(FLUSHED * size));
  await using world = await startBenchWorld(bots + 3, BUSY_CUSTOMERS, engine);
  await world.waiting(bots + 3);
  const random = randomOf(1);
  const clients = await activeClients(world, bots);
  const customers = (await Promise.all(clients.map((client) => guestsOf(world, client, 1))))
    .flat()
    .map(({ client, personId }) =>
      startCustomer(world.sandbox.chat(client.botId, personId), { personId, botId: client.botId }, random, 1_000),
    );
  const before = await owners(world, clients);
  const trueAgain: number[] = [];
  for (let flush = 0; flush < FLUSHES; flush += 1) {
    report(`emptying Redis under ${bots} active bots, ${flush + 1} of ${FLUSHES}`);
    await pause(BEFORE_FLUSH_MS);
    await world.plane.redis.flushall();
    const begun = performance.now();
    await until('the status is true again', () => statusIsTrue(world, before), STATUS_MS);
    trueAgain.push(performance.now() - begun);
  }
  await pause(BEFORE_FLUSH_MS);
  const told = await stopAll(customers);
  const after = await owners(world, clients);
  const moved = [...before].filter(([clientId, activation]) => after.get(clientId) !== activation).length;
  return {
    name: 'flush',
    figures: {
      'bots.count': bots,
      'flushes.count': FLUSHES,
      answers: told.reduce((all, { seen }) => all + seen.steps, 0),
      'unanswered.count': told.reduce((all, { seen }) => all + seen.unanswered.length, 0),
      'moved_clients.count': moved,
      'slowest_answer.ms': round(Math.max(...told.map(({ seen }) => seen.slowestMs))),
      'status_true.p50_ms': percentile(trueAgain, 0.5),
      'status_true.max_ms': round(Math.max(...trueAgain)),
    },
    rival: { name: 'none: who keeps the truth in Redis has nothing left', figures: {} },
    ratios: {},
    samples: { true_again: trueAgain, slowest: told.map(({ seen }) => seen.slowestMs) },
  };
}

async function activeClients(world: BenchWorld, count: number): Promise<Client[]> {
  const clients: Client[] = [];
  for (let number = 1; number <= count; number += 1) {
    const client = await makeClient(world.sandbox, number);
    await activateAndGreet(world, client);
    clients.push(client);
  }
  return clients;
}

async function guestsOf(
  world: BenchWorld,
  client: Client,
  count: number,
): Promise<{ readonly client: Client; readonly personId: number }[]> {
  const guests: { client: Client; personId: number }[] = [];
  for (let guest = 1; guest <= count; guest += 1) {
    const person = await world.sandbox.createPerson({ name: `Guest ${guest}`, languageCode: 'en' });
    guests.push({ client, personId: person.id });
  }
  return guests;
}

async function stopAll(customers: readonly Customer[]): Promise<Told[]> {
  return await Promise.all(
    customers.map(async (one) => ({ personId: one.personId, botId: one.botId, seen: await one.stop() })),
  );
}

/** The activation of each client, as PostgreSQL knows it. */
async function owners(world: BenchWorld, clients: readonly Client[]): Promise<ReadonlyMap<string, string>> {
  const open = clients.map(
    async ({ clientId }) => [clientId, (await findOpen(world.plane.database, clientId))?.id ?? ''] as const,
  );
  return new Map(await Promise.all(open));
}

/** Redis tells again what PostgreSQL knows: who serves whom, and that the others wait. */
async function statusIsTrue(world: BenchWorld, wanted: ReadonlyMap<string, string>): Promise<boolean> {
  const shown = await listBots(world.plane.redis);
  const active = new Map(
    shown.flatMap((bot) => (bot.status === 'active' ? [[bot.client_id, bot.activation_id] as const] : [])),
  );
  const waiting = shown.filter(({ status }) => status === 'waiting').length;
  return waiting >= 3 && [...wanted].every(([clientId, activation]) => active.get(clientId) === activation);
}
