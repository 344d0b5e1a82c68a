/**
 * What a waiting and an active idle bot cost in memory: private pages plus the share of those that several use, or what
 * Docker accounts to its container. The
 * rival is the same process without the tuning: run from its sources, with Node's default flags.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Engine } from '#main/engine/engine.ts';
import { isProcessEngine } from '#main/engine/process/process-engine.ts';
import { type BenchOptions, type BenchResult, percentile, round } from './report.ts';
import { activateAndGreet, type BenchEngine, type BenchWorld, makeClient, startBenchWorld } from './world.ts';

const BOTS = 10;
/** After this time of rest a process has given back what its start needed. */
const REST_MS = 8_000;
const MIB = 1024 * 1024;
const ROLE = join(import.meta.dirname, '../../bot-runtime/roles/pool-bot.ts');

/** Runs the benchmark. */
export async function benchMemory({ size, engine, report }: BenchOptions): Promise<BenchResult> {
  const bots = Math.max(2, Math.round(BOTS * size));
  report(`${bots} bots as they are`);
  const ours = await measure(bots, true, engine);
  report(`${bots} bots without the tuning`);
  const plain = await measure(bots, false, engine);
  const figures = {
    waiting_mib: percentile(ours.waiting, 0.5),
    active_mib: percentile(ours.active, 0.5),
    bots,
  };
  const rival = { waiting_mib: percentile(plain.waiting, 0.5), active_mib: percentile(plain.active, 0.5) };
  return {
    name: 'memory',
    figures,
    rival: { name: RIVALS[engine], figures: rival },
    ratios: {
      waiting: round(figures.waiting_mib / rival.waiting_mib),
      active: round(figures.active_mib / rival.active_mib),
    },
    samples: { waiting: ours.waiting, active: ours.active, rival_waiting: plain.waiting, rival_active: plain.active },
  };
}

const RIVALS = {
  process: 'the same process from its sources with default flags',
  docker: 'the same container with the default flags of Node and of its allocator',
} as const;

async function measure(
  bots: number,
  tuned: boolean,
  kind: BenchEngine,
): Promise<{ waiting: number[]; active: number[] }> {
  // An image of its own name: the rival's is made from ours in its place.
  const image = `botpool-test/bot-runtime-bench:${process.pid}`;
  const variables: Record<string, string> = kind === 'docker' ? { BOT_RUNTIME_IMAGE: image } : {};
  await using world = await startBenchWorld(tuned ? bots : 0, variables, kind);
  if (!tuned) {
    const { engine } = world.plane;
    if (isProcessEngine(engine)) engine.addProgram('bot-runtime', { command: process.execPath, args: [ROLE] });
    else await untune(engine, image);
    await world.plane.bots.ensure(bots);
  }
  await world.waiting(bots);
  await pause(REST_MS);
  const waiting = await memoryOf(world);
  for (let number = 1; number <= bots; number += 1) {
    await activateAndGreet(world, await makeClient(world.sandbox, number));
  }
  await pause(REST_MS);
  return { waiting, active: await memoryOf(world) };
}

/** Puts an image without any of the tuning under the name from which bots are made. */
async function untune(engine: Engine, image: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'botpool-bench-image-'));
  const defaults = 'ENV UV_THREADPOOL_SIZE=4 MALLOC_ARENA_MAX=0 MALLOC_TRIM_THRESHOLD_=131072';
  // A new entry point makes Docker forget the command.
  const run = 'ENTRYPOINT ["/usr/local/bin/node"]\nCMD ["pool-bot.cjs"]';
  await writeFile(join(folder, 'Dockerfile'), `FROM ${image}\n${defaults}\n${run}\n`);
  const tar = spawn('tar', ['-c', '-C', folder, '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const _step of engine.images.build(tar.stdout, { tag: image }));
  await rm(folder, { recursive: true, force: true });
}

async function memoryOf(world: BenchWorld): Promise<number[]> {
  const containers = await world.plane.bots.list();
  return await Promise.all(containers.map(({ name }) => memoryMib(world.plane.engine, name)));
}

async function memoryMib(engine: Engine, name: string): Promise<number> {
  for await (const sample of engine.stats(name)) return round(sample.memoryBytes / MIB);
  throw new Error(`${name} has ended`);
}
