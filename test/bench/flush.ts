/** Redis is emptied under active bots whose customers book: nobody may notice, and the status must be true again soon. */
import { setTimeout as pause } from 'node:timers/promises';
import { findOpen } from '#core/pool/activations.ts';
import { listBots } from '#core/pool/presence.ts';
import { stopAll } from '../chaos/ledger.ts';
import { randomOf } from '../soak/random.ts';
import { until } from '../support/until.ts';
import { activeClients, BUSY_CUSTOMERS, startGuests } from './guests.ts';
import { type BenchOptions, type BenchResult, percentile, round } from './report.ts';
import { type BenchWorld, type Client, startBenchWorld } from './world.ts';

const BOTS = 50;
const WAITING = 3;
const FLUSHES = 5;
const BEFORE_FLUSH_MS = 5_000;
const STATUS_MS = 60_000;

/** Runs the benchmark of an emptied Redis. */
export async function benchFlush({ size, engine, report }: BenchOptions): Promise<BenchResult> {
  const bots = Math.max(3, Math.round(BOTS * size));
  await using world = await startBenchWorld(bots + WAITING, BUSY_CUSTOMERS, engine);
  await world.waiting(bots + WAITING);
  const clients = await activeClients(world, bots);
  const customers = await startGuests(world, clients, { each: 1, random: randomOf(1), breathMs: 1_000 });
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
  return waiting >= WAITING && [...wanted].every(([clientId, activation]) => active.get(clientId) === activation);
}
