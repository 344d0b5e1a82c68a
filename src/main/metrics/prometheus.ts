/** The numbers for Prometheus: names by its conventions, labels from bounded sets only. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { MetricsSample, StoresSample } from '#shared/api/metrics.ts';
import type { BotUse } from './sample.ts';

/** Seconds from the claim to the bot's answer. */
const BUCKETS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60];

/** What is told to the registry. */
export interface PrometheusMetrics {
  sample(
    sample: MetricsSample,
    use: { readonly updates: number; readonly errors: number; readonly bots: readonly BotUse[] },
  ): void;
  stores(sample: StoresSample): void;
  activation(outcome: string, seconds: number | null): void;
  /** A container that is not a bot. */
  container(use: BotUse): void;
  /** The text that Prometheus reads. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** Makes a registry of its own. */
export function createPrometheus(): PrometheusMetrics {
  const registry = new Registry();
  const registers = [registry];
  const gauge = <L extends string = never>(name: string, help: string, labelNames: L[] = []): Gauge<L> =>
    new Gauge({ name: `botpool_${name}`, help, labelNames, registers });
  const bots = gauge('bots', 'Bots of the pool by state.', ['state']);
  const fill = gauge('fill_ratio', 'Share of bots that do not wait for a client.');
  const queued = gauge('queued_clients', 'Clients that wait for a bot.');
  const lag = gauge('bot_loop_lag_seconds', 'The slowest event loop of all bots.');
  const memory = gauge('container_memory_bytes', 'Memory of one container.', ['container']);
  const cpu = gauge('container_cpu_cores', 'Cores that one container uses.', ['container']);
  const connections = gauge('postgres_connections', 'Connections to PostgreSQL.');
  const most = gauge('postgres_max_connections', 'Connections that PostgreSQL allows.');
  const size = gauge('postgres_database_bytes', 'Size of the database.');
  const tenants = gauge('postgres_client_connections', 'Connections of the clients that have most.', ['client']);
  const redisMemory = gauge('redis_memory_bytes', 'Memory that Redis uses.');
  const redisKeys = gauge('redis_keys', 'Keys in Redis.');
  const prefixes = gauge('redis_prefix_keys', 'Keys by the beginning of their names, of those looked at.', ['prefix']);
  const updates = new Counter({ name: 'botpool_updates_total', help: 'Updates that bots handled.', registers });
  const errors = new Counter({ name: 'botpool_update_errors_total', help: 'Updates that failed.', registers });
  const activations = new Counter({
    name: 'botpool_activations_total',
    help: 'Activations by outcome: active, or a code of the error table.',
    labelNames: ['outcome'],
    registers,
  });
  const duration = new Histogram({
    name: 'botpool_activation_duration_seconds',
    help: 'From the claim to the answer of the bot.',
    buckets: BUCKETS,
    registers,
  });
  const others = new Set<string>();
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    sample(sample, use) {
      for (const [state, count] of Object.entries(sample.bots)) if (state !== 'total') bots.set({ state }, count);
      fill.set(sample.fill);
      queued.set(sample.queued);
      lag.set(sample.worstLoopLagMs / 1_000);
      updates.inc(use.updates);
      errors.inc(use.errors);
      // What is gone must not stand there for ever.
      for (const name of others) if (use.bots.every(({ container }) => container !== name)) forget(name);
      for (const one of use.bots) {
        others.add(one.container);
        memory.set({ container: one.container }, one.memoryBytes);
        cpu.set({ container: one.container }, one.cpuCores);
      }
    },
    stores({ postgres, redis }) {
      connections.set(postgres.connections);
      most.set(postgres.most);
      size.set(postgres.databaseBytes);
      tenants.reset();
      for (const { client, connections: count } of postgres.byTenant) tenants.set({ client }, count);
      redisMemory.set(redis.memoryBytes);
      redisKeys.set(redis.keys);
      prefixes.reset();
      for (const { prefix, keys } of redis.byPrefix) prefixes.set({ prefix }, keys);
    },
    activation(outcome, seconds) {
      activations.inc({ outcome });
      if (seconds !== null) duration.observe(seconds);
    },
    container(use) {
      memory.set({ container: use.container }, use.memoryBytes);
      cpu.set({ container: use.container }, use.cpuCores);
    },
  };

  function forget(name: string): void {
    others.delete(name);
    memory.remove({ container: name });
    cpu.remove({ container: name });
  }
}
