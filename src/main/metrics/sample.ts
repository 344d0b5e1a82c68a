/** What one look at the pool adds up to: pure, over the statuses that bots write themselves. */
import type { MetricsSample } from '#shared/api/metrics.ts';
import type { BotStatus } from '#shared/schemas/pool.ts';

/** Counters of one process as they were at the last look. */
interface Counters {
  readonly boot: string;
  readonly updates: number;
  readonly errors: number;
  readonly cpuMs: number;
}

/** What is remembered between two looks. */
export interface SampleMemory {
  readonly at: number;
  readonly counters: ReadonlyMap<string, Counters>;
}

/** One bot's use of the machine since the last look. */
export interface BotUse {
  readonly container: string;
  readonly memoryBytes: number;
  readonly cpuCores: number;
}

/** What all bots together did since the last look. */
export interface PoolUse {
  readonly updates: number;
  readonly errors: number;
  readonly bots: readonly BotUse[];
  readonly worstLoopLagMs: number;
  readonly memory: SampleMemory;
}

/** Adds up. A process that is new since then, or was restarted, counts from its start. */
export function poolUse(statuses: readonly BotStatus[], before: SampleMemory | undefined, at: number): PoolUse {
  const counters = new Map<string, Counters>();
  const bots: BotUse[] = [];
  let [updates, errors, worstLoopLagMs] = [0, 0, 0];
  const seconds = before === undefined ? 0 : (at - before.at) / 1_000;
  for (const { container_id: container, boot_id: boot, health } of statuses) {
    if (health === undefined) continue;
    const now = { boot, updates: health.updates, errors: health.errors, cpuMs: health.cpu_ms ?? 0 };
    const old = before?.counters.get(container);
    const since = (name: 'updates' | 'errors' | 'cpuMs'): number =>
      Math.max(0, now[name] - (old?.boot === boot ? old[name] : 0));
    counters.set(container, now);
    // Before the first look nobody knows since when these were counted.
    if (before !== undefined) {
      updates += since('updates');
      errors += since('errors');
    }
    worstLoopLagMs = Math.max(worstLoopLagMs, health.loop_lag_ms);
    const cpuCores = seconds > 0 && old?.boot === boot ? since('cpuMs') / 1_000 / seconds : 0;
    bots.push({ container, memoryBytes: health.memory_bytes, cpuCores });
  }
  return { updates, errors, bots, worstLoopLagMs, memory: { at, counters } };
}

/** The sample for charts. */
export function sampleOf(
  counts: MetricsSample['bots'],
  queued: number,
  use: PoolUse,
  beforeAt: number | undefined,
  activations: MetricsSample['activations'],
): MetricsSample {
  const { at } = use.memory;
  const seconds = beforeAt === undefined ? 0 : (at - beforeAt) / 1_000;
  const rate = (count: number): number => (seconds > 0 ? count / seconds : 0);
  return {
    at,
    bots: counts,
    fill: counts.total === 0 ? 0 : (counts.total - counts.waiting) / counts.total,
    queued,
    updatesPerSecond: rate(use.updates),
    errorsPerSecond: rate(use.errors),
    botMemoryBytes: use.bots.reduce((sum, bot) => sum + bot.memoryBytes, 0),
    botCpuCores: use.bots.reduce((sum, bot) => sum + bot.cpuCores, 0),
    worstLoopLagMs: use.worstLoopLagMs,
    activations,
  };
}
