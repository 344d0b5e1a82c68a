/**
 * From nothing but images to ten waiting bots, then to fifty and to a hundred, and what the engine itself costs while
 * they wait. The rival is Compose, which makes as many containers of the same image that do nothing at all.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runOrFail } from '#main/engine/process/programs/run-command.ts';
import { type BenchOptions, type BenchResult, round } from './report.ts';
import { type BenchWorld, startBenchWorld } from './world.ts';

const STEPS = [10, 50, 100] as const;
/** After this rest nothing of the start is left. */
const REST_MS = 10_000;
/** How long the engine is watched. */
const WATCH_MS = 30_000;
/** Clock ticks of Linux in a second, for user space the same on every machine. */
const TICKS = 100;
const ENGINE_PROCESSES = /^(dockerd|containerd|containerd-shim)/;

/** Runs the benchmark. */
export async function benchStart({ size, report }: BenchOptions): Promise<BenchResult> {
  const [first, second, third] = STEPS.map((count) => Math.max(1, Math.round(count * size))) as [
    number,
    number,
    number,
  ];
  report('building the images, so that none is built while it is measured');
  await (await startBenchWorld(0, {}, 'docker'))[Symbol.asyncDispose]();
  report(`Compose makes ${first}, ${second}, ${third} idle containers`);
  const rival = await composeAlone([first, second, third]);
  report(`from images to ${first} waiting bots`);
  const begun = performance.now();
  await using world = await startBenchWorld(first, {}, 'docker');
  await world.waiting(first);
  const upMs = performance.now() - begun;
  report(`from ${first} to ${second} to ${third}`);
  const to50 = await grow(world, second);
  const to100 = await grow(world, third);
  await pause(REST_MS);
  report('watching the engine at rest');
  const idle = await engineShare();
  const figures = {
    'up_10.ms': round(upMs),
    'scale_10_to_50.ms': round(to50),
    'scale_50_to_100.ms': round(to100),
    'scale_10_to_100.ms': round(to50 + to100),
    'engine_idle.core_pct': idle,
    bots: third,
  };
  return {
    name: 'start',
    figures,
    rival: { name: 'Compose with containers that do nothing', figures: rival },
    ratios: { scale_10_to_100: round((to50 + to100) / (rival['scale_10_to_100.ms'] ?? Number.NaN)) },
    samples: { steps: [upMs, to50, to100] },
  };
}

/** Until all of them wait for clients. */
async function grow(world: BenchWorld, count: number): Promise<number> {
  const begun = performance.now();
  await world.plane.bots.ensure(count);
  await world.waiting(count);
  return performance.now() - begun;
}

async function composeAlone(counts: readonly [number, number, number]): Promise<Record<string, number>> {
  const file = join(tmpdir(), `botpool-bench-${process.pid}.yml`);
  const service = { image: 'bot-runtime', entrypoint: ['/usr/local/bin/node', '-e', 'setInterval(() => {}, 1e6)'] };
  // JSON is YAML, too.
  await writeFile(file, JSON.stringify({ services: { bot: { ...service, init: true, stop_grace_period: '1s' } } }));
  const compose = async (...args: readonly string[]): Promise<number> => {
    const begun = performance.now();
    const line = ['compose', '--project-name', `botpool-bench-${process.pid}`, '--file', file, ...args];
    const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };
    await runOrFail('docker', line, { env, timeoutMs: 300_000 });
    return performance.now() - begun;
  };
  try {
    const times: number[] = [];
    for (const count of counts) times.push(await compose('up', '--detach', '--scale', `bot=${count}`));
    const [up = 0, to50 = 0, to100 = 0] = times;
    return { 'up_10.ms': round(up), 'scale_10_to_100.ms': round(to50 + to100) };
  } finally {
    await compose('down', '--timeout', '1');
    await rm(file, { force: true });
  }
}

/** Per cent of one core that the engine's own processes use. */
async function engineShare(): Promise<number> {
  const before = await engineTicks();
  await pause(WATCH_MS);
  const after = await engineTicks();
  return round((((after - before) / TICKS) * 1_000 * 100) / WATCH_MS);
}

async function engineTicks(): Promise<number> {
  let ticks = 0;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const [, name = ''] = /\((.*)\)/.exec(line) ?? [];
    if (!ENGINE_PROCESSES.test(name)) continue;
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks;
}
