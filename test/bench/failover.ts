/**
 * SIGKILL of an active bot to its customer's next answer, many times, and the same with a frozen one. The rival is what one
 * would have without a pool: the engine's own restart of the same container, until its process is there to be used again.
 */
import { findOpen } from '#core/pool/activations.ts';
import { type BenchOptions, type BenchResult, percentile, round } from './report.ts';
import { activateAndGreet, type BenchWorld, type Client, makeClient, startBenchWorld } from './world.ts';

const KILLS = 100;
const FREEZES = 5;
/** So many that none is killed again before its last start is forgotten: the pause after repeated crashes is not what is measured. */
const BOTS = 30;

/** Runs the benchmark. */
export async function benchFailover({ size, engine, report }: BenchOptions): Promise<BenchResult> {
  const kills = Math.max(4, Math.round(KILLS * size));
  const freezes = Math.max(1, Math.round(FREEZES * size));
  await using world = await startBenchWorld(BOTS, {}, engine);
  await world.waiting(BOTS);
  const client = await makeClient(world.sandbox, 1);
  await activateAndGreet(world, client);
  report(`${kills} kills`);
  const killed: number[] = [];
  const rival: number[] = [];
  let lost = 0;
  const count = (ms: number | undefined, into: number[]): void => {
    if (ms === undefined) lost += 1;
    else into.push(ms);
  };
  for (let index = 0; index < kills; index += 1) {
    count(await answerAfter(world, client, 'SIGKILL'), killed);
    await world.waiting(BOTS - 1);
    rival.push(await restartOfWaiting(world));
  }
  const conflicts = async (): Promise<number> => {
    const [record] = (await world.sandbox.recordSummary(client.botId)).bots;
    return record?.polls.conflicts ?? Number.NaN;
  };
  const afterKills = await conflicts();
  report('freezes');
  const frozen: number[] = [];
  for (let index = 0; index < freezes; index += 1) {
    count(await answerAfter(world, client, 'SIGSTOP'), frozen);
    await world.waiting(BOTS - 1);
  }
  // A frozen bot's last question hangs at Telegram until another one asks: that is one, not two who ask.
  const inFreezes = Math.max(0, (await conflicts()) - afterKills - freezes);
  const figures = {
    'kill.p50_ms': percentile(killed, 0.5),
    'kill.p95_ms': percentile(killed, 0.95),
    'freeze.max_ms': round(Math.max(...frozen)),
    lost_updates: lost,
    double_pollers: afterKills + inFreezes,
    kills,
    freezes,
  };
  const rivalFigures = { 'restart.p50_ms': percentile(rival, 0.5), 'restart.p95_ms': percentile(rival, 0.95) };
  return {
    name: 'failover',
    figures,
    rival: { name: "the engine's own restart, until the process waits again", figures: rivalFigures },
    ratios: { p50: round(rivalFigures['restart.p50_ms'] / figures['kill.p50_ms']) },
    samples: { killed, frozen, rival },
  };
}

/** Kills or freezes the client's bot; the customer writes at the same moment. Milliseconds until the answer; `undefined`: none came. */
async function answerAfter(
  world: BenchWorld,
  { clientId, chat }: Client,
  signal: 'SIGKILL' | 'SIGSTOP',
): Promise<number | undefined> {
  const open = await findOpen(world.plane.database, clientId);
  if (open === undefined) throw new Error(`${clientId} has no bot`);
  const begun = performance.now();
  await world.plane.engine.kill(open.container, signal);
  await chat.start();
  const answer = await chat.waitFor({ timeoutMs: 90_000 });
  const ms = answer === null ? undefined : performance.now() - begun;
  // A frozen one comes back to find that it is another's turn, and goes home.
  if (signal === 'SIGSTOP') await world.plane.engine.kill(open.container, 'SIGCONT');
  return ms;
}

/** The rival: a bot's process is killed and started again by its engine; milliseconds until it waits. */
async function restartOfWaiting(world: BenchWorld): Promise<number> {
  const free = await world.plane.pool.findFreeBot();
  if (free === undefined) throw new Error('nobody waits');
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = world.plane.pool.listen((event) => {
    if (event.type === 'registered' && event.container === free.container) resolve();
  });
  const begun = performance.now();
  await world.plane.engine.kill(free.container, 'SIGKILL');
  await promise;
  stop();
  return performance.now() - begun;
}
