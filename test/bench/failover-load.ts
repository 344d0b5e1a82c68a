/**
 * Bots are killed at random moments while their customers book and cancel: every update must be handled, and each booking
 * made and told once.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { findOpen } from '#core/pool/activations.ts';
import { lostUpdates, stopAll, type Told, wrongEffects } from '../chaos/ledger.ts';
import { randomOf } from '../soak/random.ts';
import { activeClients, BUSY_CUSTOMERS, startGuests } from './guests.ts';
import { type BenchOptions, type BenchResult, round } from './report.ts';
import { startBenchWorld } from './world.ts';

const KILLS = 100;
const CLIENTS = 10;
const GUESTS = 2;
const WAITING = 20;
const UPDATES_PER_BOT = 1_000;
const BETWEEN_KILLS_MS = 2_000;
const BREATH_MS = 250;

/** Runs the benchmark of kills under load. */
export async function benchFailoverLoad({ size, engine, report }: BenchOptions): Promise<BenchResult> {
  const kills = Math.max(3, Math.round(KILLS * size));
  const updates = Math.max(3, Math.round(UPDATES_PER_BOT * size));
  await using world = await startBenchWorld(CLIENTS + WAITING, BUSY_CUSTOMERS, engine);
  await world.waiting(CLIENTS + WAITING);
  const random = randomOf(1);
  const clients = await activeClients(world, CLIENTS);
  const customers = await startGuests(world, clients, { each: GUESTS, random, breathMs: BREATH_MS });
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
