/** The front of metrics: takes samples at an even pace, keeps an hour of them, and tells who listens. */
import type { Redis } from 'ioredis';
import { countBots, listBots } from '#core/pool/presence.ts';
import type { Queryable } from '#core/postgres/database.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import type { MetricsSample, StoresSample } from '#shared/api/metrics.ts';
import type { ContainerStats, Engine } from '../engine/engine.ts';
import { createPrometheus } from './prometheus.ts';
import { poolUse, type SampleMemory, sampleOf } from './sample.ts';
import { endedSince, readActivations, readStores } from './stores.ts';

/** What metrics need from outside. */
export interface MetricsOptions {
  readonly database: Queryable;
  readonly redis: Redis;
  readonly engine: Pick<Engine, 'list' | 'stats'>;
  readonly logger: Logger;
  readonly now: () => number;
  /** Resolves after a time, or at once when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Default 10 s, as often as bots say how they are. */
  readonly paceMs?: number;
}

/** The samples of one control plane. */
export interface Metrics {
  /** Oldest first. */
  history(): readonly MetricsSample[];
  stores(): StoresSample | null;
  /** Called after each sample; the function that comes back ends it. */
  listen(listener: () => void): () => void;
  /** What Prometheus reads, and its content type. */
  prometheus(): Promise<{ readonly text: string; readonly contentType: string }>;
  /** Takes a sample now, of everything. */
  look(): Promise<void>;
  close(): Promise<void>;
}

const PACE_MS = 10_000;
/** An hour. */
const MOST_SAMPLES = 360;
/** PostgreSQL and Redis are looked into at every so many samples, the engine's own containers even more seldom. */
const STORES_EVERY = 2;
const CONTAINERS_EVERY = 12;
/** Each costs a call of the engine. */
const MOST_CONTAINERS = 6;
const POOL_ROLE = 'pool-bot';

/** Begins to take samples. */
export function startMetrics(options: MetricsOptions): Metrics {
  const { database, redis, logger, now } = options;
  const stop = new AbortController();
  const listeners = new Set<() => void>();
  const prometheus = createPrometheus();
  const samples: MetricsSample[] = [];
  let stores: StoresSample | null = null;
  let memory: SampleMemory | undefined;
  let activations: MetricsSample['activations'] = { done: 0, failed: 0, p50Ms: null, p95Ms: null };
  let seenUntil = new Date(now()).toISOString();

  const takePool = async (): Promise<void> => {
    const [counts, statuses, queue] = await Promise.all([
      countBots(redis),
      listBots(redis),
      database.query('SELECT count(*)::int AS queued FROM control.tenants WHERE queued_at IS NOT NULL'),
    ]);
    const use = poolUse(statuses, memory, now());
    const sample = sampleOf(counts, Number(queue.rows[0]?.['queued'] ?? 0), use, memory?.at, activations);
    memory = use.memory;
    samples.push(sample);
    if (samples.length > MOST_SAMPLES) samples.shift();
    prometheus.sample(sample, use);
  };
  const takeStores = async (): Promise<void> => {
    const [both, recent, ended] = await Promise.all([
      readStores(database, redis, now()),
      readActivations(database),
      endedSince(database, seenUntil),
    ]);
    stores = both;
    activations = recent;
    seenUntil = ended.until;
    prometheus.stores(both);
    for (const { outcome, seconds } of ended.ended) prometheus.activation(outcome, seconds);
  };
  const takeContainers = async (): Promise<void> => {
    const containers = await options.engine.list();
    // Bots tell their use themselves: asking the engine for each of a thousand would cost more than they use.
    const others = containers.filter(
      ({ labels, state }) => labels['botpool.role'] !== POOL_ROLE && state === 'running',
    );
    for (const { name } of others.slice(0, MOST_CONTAINERS)) {
      const use = await firstStats(options.engine, name);
      if (use !== undefined) prometheus.container({ container: name, memoryBytes: use.memoryBytes, cpuCores: use.cpu });
    }
  };
  const look = async (round: number): Promise<void> => {
    if (round % STORES_EVERY === 0) await takeStores();
    await takePool();
    if (round % CONTAINERS_EVERY === 0) await takeContainers();
    for (const listener of listeners) listener();
  };
  const running = (async () => {
    for (let round = 0; !stop.signal.aborted; round += 1) {
      await look(round).catch((error: unknown) => {
        if (!stop.signal.aborted) logger.warn({ err: error }, 'no sample was taken; trying again');
      });
      await options.sleep(options.paceMs ?? PACE_MS, stop.signal);
    }
  })();
  return {
    history: () => samples,
    stores: () => stores,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    prometheus: async () => ({ text: await prometheus.text(), contentType: prometheus.contentType }),
    look: () => look(0),
    async close() {
      stop.abort();
      listeners.clear();
      await running;
    },
  };
}

/** One sample, then the engine is left alone. */
async function firstStats(engine: Pick<Engine, 'stats'>, name: string): Promise<ContainerStats | undefined> {
  const enough = new AbortController();
  let last: ContainerStats | undefined;
  try {
    for await (const stats of engine.stats(name, enough.signal)) {
      last = stats;
      break;
    }
  } catch {
    // It has ended meanwhile.
  } finally {
    enough.abort();
  }
  return last;
}
