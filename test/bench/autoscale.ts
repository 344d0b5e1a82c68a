/**
 * A burst of 8 sales on 10 bots, until at least 3 wait again. The rival looks at the pool every 30 s and starts the same
 * batch; its clock begins at a moment of its own, as a poller's does.
 */
import { until } from '../support/until.ts';
import { type BenchOptions, type BenchResult, percentile, round } from './report.ts';
import { activateAndGreet, type BenchWorld, makeClient, startBenchWorld } from './world.ts';

const ROUNDS = 5;
const BOTS = 10;
const SALES = 8;
const MIN_FREE = 3;
const BATCH = 5;
const POLL_MS = 30_000;

/** Runs the benchmark. */
export async function benchAutoscale({ size, report }: BenchOptions): Promise<BenchResult> {
  const rounds = Math.max(1, Math.round(ROUNDS * size));
  const begin: number[] = [];
  const satisfied: number[] = [];
  const rival: number[] = [];
  for (let index = 0; index < rounds; index += 1) {
    report(`round ${index + 1} of ${rounds}`);
    const ours = await burst('on');
    begin.push(ours.beginMs);
    satisfied.push(ours.satisfiedMs);
    // Moments of the poller spread evenly over its interval.
    rival.push((await burst('off', ((index + 0.5) / rounds) * POLL_MS)).satisfiedMs);
  }
  const figures = {
    refill_begin_ms: percentile(begin, 0.5),
    'refill_begin.max_ms': round(Math.max(...begin)),
    satisfied_ms: percentile(satisfied, 0.5),
    'satisfied.max_ms': round(Math.max(...satisfied)),
    rounds,
  };
  const rivalFigures = { satisfied_ms: percentile(rival, 0.5) };
  return {
    name: 'autoscale',
    figures,
    rival: { name: 'a look every 30 s, the same batch', figures: rivalFigures },
    ratios: { satisfied: round(rivalFigures.satisfied_ms / figures['satisfied_ms']) },
    samples: { begin, satisfied, rival },
  };
}

async function burst(autoscaler: 'on' | 'off', pollAfterMs = 0): Promise<{ beginMs: number; satisfiedMs: number }> {
  const variables = { AUTOSCALER: autoscaler, MIN_FREE_BOTS: String(MIN_FREE), SCALE_BATCH: String(BATCH) };
  await using world = await startBenchWorld(BOTS, variables);
  await world.waiting(BOTS);
  const clients = await Promise.all(
    Array.from({ length: SALES }, (_unused, index) => makeClient(world.sandbox, index + 1)),
  );
  const stop = new AbortController();
  const created = firstCreated(world, stop.signal);
  const sales = Promise.all(clients.map((client) => activateAndGreet(world, client)));
  if (autoscaler === 'off') setTimeout(() => void world.plane.bots.ensure(BOTS + BATCH), pollAfterMs);
  const begunAt = await created;
  // Who is claimed still seems to wait until the delivery.
  await until('enough wait beside those who serve', async () => {
    const { waiting, activating, active } = await world.plane.pool.getPoolStatus();
    return waiting >= MIN_FREE && activating + active >= SALES;
  });
  const satisfiedAt = Date.now();
  await sales;
  stop.abort();
  const crossedAt = await claimThatCrossed(world);
  return { beginMs: Math.max(0, begunAt - crossedAt), satisfiedMs: satisfiedAt - crossedAt };
}

/** When the claim was made that left fewer than wanted. PostgreSQL runs on this machine: its clock is ours. */
async function claimThatCrossed(world: BenchWorld): Promise<number> {
  const { rows } = await world.plane.database.query<{ at: number }>(
    `SELECT extract(epoch FROM claimed_at)::float8 * 1000 AS at FROM control.activations
     ORDER BY claimed_at OFFSET $1 LIMIT 1`,
    [BOTS - MIN_FREE],
  );
  const at = rows[0]?.at;
  if (at === undefined) throw new Error(`fewer than ${SALES} claims`);
  return at;
}

/** When the engine makes the first new container. */
async function firstCreated(world: BenchWorld, signal: AbortSignal): Promise<number> {
  for await (const event of world.plane.engine.events(signal)) if (event.type === 'create') return Date.now();
  throw new Error('no container was made');
}
