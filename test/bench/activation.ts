/**
 * From `activateBot()` to the first answer to a customer's `/start`, one by one and a hundred at once. The rival is what
 * the pool replaces: a process, or a container of the same image, started for each client, from its creation until it
 * answers. Both share one machine and take turns.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type BenchOptions, type BenchResult, percentile, round } from './report.ts';
import { activateAndGreet, type BenchWorld, type Client, makeClients, startBenchWorld } from './world.ts';

/** Clients in each part at size 1. */
const CLIENTS = 100;
/** The rival takes a turn after so many of ours. */
const RIVAL_EVERY = 4;
/** Before each measurement the machine comes to rest, so that one sample's tail is not the next one's cost. */
const REST_MS = 100;
/** After the rival's turn it takes longer: an engine goes on working for a while when its container answers already. */
const REST_AFTER_RIVAL_MS = 1_000;
const WARM_UP = 5;
const GIVEN_BACK_AT_ONCE = 8;

/** Runs the benchmark. */
export async function benchActivation({ size, engine, report }: BenchOptions): Promise<BenchResult> {
  const count = Math.max(4, Math.round(CLIENTS * size));
  report(`starting ${count + WARM_UP} bots, and an installation without a pool for the rival`);
  const variables = { SPARE_SCHEMAS: String(Math.min(200, count + WARM_UP)) };
  await using warm = await startBenchWorld(count + WARM_UP, variables, engine);
  await using cold = await startBenchWorld(0, variables, engine);
  await warm.waiting(count + WARM_UP);
  await warm.plane.pool.tend();
  const clients = await makeClients(warm, count + WARM_UP, 1);
  const rivals = await makeClients(cold, Math.ceil(count / RIVAL_EVERY) + 1, 5_001);
  for (const client of clients.splice(0, WARM_UP)) await activateAndGreet(warm, client);
  await startAndGreet(cold, rivals.shift(), 1);

  report('one by one');
  const sequential: number[] = [];
  const activated: number[] = [];
  const rival: number[] = [];
  for (const [index, client] of clients.entries()) {
    await pause(index % RIVAL_EVERY === 1 ? REST_AFTER_RIVAL_MS : REST_MS);
    const times = await activateAndGreet(warm, client);
    sequential.push(times.answeredMs);
    activated.push(times.activatedMs);
    if (index % RIVAL_EVERY === 0) rival.push(await startAndGreet(cold, rivals.shift(), rival.length + 2));
  }

  report(`giving ${count} bots back, then ${count} activations at once`);
  const giveBack = async (): Promise<void> => {
    for (let client = clients.pop(); client !== undefined; client = clients.pop())
      await warm.plane.pool.deactivateBot(client.clientId, { actor: 'bench', reason: 'bench' });
  };
  // Each becomes a new process: a hundred at once would say nothing of what comes next.
  await Promise.all(Array.from({ length: GIVEN_BACK_AT_ONCE }, giveBack));
  await warm.waiting(count);
  await warm.plane.pool.tend();
  const crowd = await makeClients(warm, count, 1_001);
  await pause(1_000);
  const begun = performance.now();
  const burst = await Promise.all(crowd.map(async (client) => (await activateAndGreet(warm, client)).answeredMs));
  const allMs = performance.now() - begun;
  await assertOneBotEach(warm);

  const figures = {
    'sequential.p50_ms': percentile(sequential, 0.5),
    'sequential.p99_ms': percentile(sequential, 0.99),
    'activated.p50_ms': percentile(activated, 0.5),
    'activated.p99_ms': percentile(activated, 0.99),
    'burst100.all_ms': round(allMs),
    'burst100.p99_ms': percentile(burst, 0.99),
    clients: count,
  };
  const rivalFigures = { 'cold.p50_ms': percentile(rival, 0.5), 'cold.p99_ms': percentile(rival, 0.99) };
  return {
    name: 'activation',
    figures,
    rival: {
      name: `a ${engine === 'docker' ? 'container' : 'process'} started for each client`,
      figures: rivalFigures,
    },
    ratios: {
      p50: round(rivalFigures['cold.p50_ms'] / figures['sequential.p50_ms']),
      p99: round(rivalFigures['cold.p99_ms'] / figures['sequential.p99_ms']),
    },
    samples: { sequential, activated, burst, rival },
  };
}

/** The rival: the client is wanted, no bot waits, so one is started for it; then the customer writes. */
async function startAndGreet(world: BenchWorld, client: Client | undefined, bots: number): Promise<number> {
  if (client === undefined) throw new Error('too few clients for the rival');
  const { promise: active, resolve } = Promise.withResolvers<void>();
  const stop = world.plane.pool.listen((event) => {
    if (event.type === 'active' && event.client_id === client.clientId) resolve();
  });
  const begun = performance.now();
  const { clientId, token, ownerId } = client;
  await world.plane.pool
    .activateBot({ clientId, token, ownerId, company: clientId, locale: 'en' }, 'bench')
    .catch(() => undefined);
  await world.plane.bots.ensure(bots);
  await active;
  stop();
  await client.chat.start();
  await client.chat.waitFor({ timeoutMs: 30_000 });
  return performance.now() - begun;
}

/** The benchmark is void when two clients share a bot or a client has two. */
async function assertOneBotEach(world: BenchWorld): Promise<void> {
  const { rows } = await world.plane.database.query<{ clients: string; containers: string; open: string }>(
    `SELECT count(DISTINCT client_id) AS clients, count(DISTINCT container) AS containers, count(*) AS open
     FROM control.activations WHERE ended_at IS NULL`,
  );
  const [row] = rows;
  if (row === undefined || row.clients !== row.open || row.containers !== row.open) {
    throw new Error(`double ownership: ${JSON.stringify(row)}`);
  }
}
