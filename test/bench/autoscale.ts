/**
 * A burst of 8 sales on 10 bots, until at least 3 wait again. The rival looks at the pool every 30 s and starts the same
 * batch; its clock begins at a moment of its own, as a poller's does.
 */
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
  const crossed = Promise.withResolvers<number>();
  let delivered = 0;
  const stops = [
    world.plane.pool.listen(({ type }) => {
      if (type !== 'delivered') return;
      delivered += 1;
      if (delivered === SALES) crossed.resolve(performance.now());
    }),
  ];
  const stop = new AbortController();
  const created = firstCreated(world, stop.signal);
  const sales = Promise.all(clients.map((client) => activateAndGreet(world, client)));
  const at = await crossed.promise;
  if (autoscaler === 'off') setTimeout(() => void world.plane.bots.ensure(BOTS + BATCH), pollAfterMs);
  const begunAt = await created;
  await world.waiting(MIN_FREE);
  const satisfiedMs = performance.now() - at;
  await sales;
  stop.abort();
  for (const one of stops) one();
  return { beginMs: Math.max(0, begunAt - at), satisfiedMs };
}

/** When the engine makes the first new container. */
async function firstCreated(world: BenchWorld, signal: AbortSignal): Promise<number> {
  for await (const event of world.plane.engine.events(signal)) if (event.type === 'create') return performance.now();
  throw new Error('no container was made');
}
