/** Samples of what a container uses, one Docker call each. */
import type Docker from 'dockerode';
import type { EngineClock } from '../clock.ts';
import type { ContainerStats } from '../engine.ts';
import { STATS_SAMPLE, type StatsReading, statsReading } from './answers.ts';
import { engineError, statusOf } from './errors.ts';
import { pause } from './streams.ts';

/** Pause between two samples. Milliseconds. */
const SAMPLE_EVERY_MS = 1_000;

/** Share of one core between two readings. */
export function cpuShare(before: Omit<StatsReading, 'memoryBytes'>, after: StatsReading): number {
  const nanos = (after.at - before.at) * 1e6;
  return nanos <= 0 ? 0 : Math.max(0, (after.cpuNanos - before.cpuNanos) / nanos);
}

async function sample(container: Docker.Container, name: string): Promise<StatsReading | undefined> {
  try {
    // One shot: Docker would else wait a second for a second sample of its own.
    return statsReading(STATS_SAMPLE.parse(await container.stats({ stream: false, 'one-shot': true })));
  } catch (error) {
    if (statusOf(error) === 404 || statusOf(error) === 409) return undefined;
    throw engineError(error, { action: `measure ${name}`, container: name });
  }
}

/** One sample at once, then one a second until the signal aborts or the program has ended. */
export async function* sampleStats(
  container: Docker.Container,
  { name, startedAt = 0 }: { readonly name: string; readonly startedAt?: number },
  clock: EngineClock,
  signal?: AbortSignal,
): AsyncGenerator<ContainerStats> {
  let before: Omit<StatsReading, 'memoryBytes'> = { at: startedAt, cpuNanos: 0 };
  while (signal?.aborted !== true) {
    const reading = await sample(container, name);
    if (reading === undefined) return;
    yield { at: reading.at, cpu: cpuShare(before, reading), memoryBytes: reading.memoryBytes };
    before = reading;
    await pause(clock, SAMPLE_EVERY_MS, signal);
  }
}
