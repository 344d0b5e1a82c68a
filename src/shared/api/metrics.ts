/** What the API says of how everything does: samples for charts, and one container live. */
import { eventIterator } from '@orpc/contract';
import * as z from 'zod';
import { procedure } from './failure.ts';

/** One look at the whole. `at` in ms since the epoch; rates per second since the sample before; sizes in bytes. */
const metricsSampleSchema = z.object({
  at: z.number(),
  bots: z.object({
    total: z.number().int(),
    waiting: z.number().int(),
    activating: z.number().int(),
    active: z.number().int(),
    failed: z.number().int(),
    draining: z.number().int(),
  }),
  /** Share of bots that are not waiting, 0 to 1. */
  fill: z.number(),
  queued: z.number().int(),
  /** What all bots together did. */
  updatesPerSecond: z.number(),
  errorsPerSecond: z.number(),
  /** What the processes of all bots hold, and how many cores they use. */
  botMemoryBytes: z.number(),
  botCpuCores: z.number(),
  /** The slowest event loop of all bots, in ms. */
  worstLoopLagMs: z.number(),
  /** Activations that ended within the last hour. Durations in ms from the claim to the bot's answer. */
  activations: z.object({
    done: z.number().int(),
    failed: z.number().int(),
    p50Ms: z.number().nullable(),
    p95Ms: z.number().nullable(),
  }),
});

/** See `metricsSampleSchema`. */
export type MetricsSample = z.infer<typeof metricsSampleSchema>;

/** What PostgreSQL and Redis hold. Looked at more seldom than the rest. */
const storesSampleSchema = z.object({
  at: z.number(),
  postgres: z.object({
    connections: z.number().int(),
    most: z.number().int(),
    databaseBytes: z.number(),
    /** Clients with most connections first; the rest counts together as `other`. */
    byTenant: z.array(z.object({ client: z.string(), connections: z.number().int() })),
  }),
  redis: z.object({
    memoryBytes: z.number(),
    /** 0: no limit. */
    mostBytes: z.number(),
    keys: z.number().int(),
    /** By the beginning of their names; clients' keys together as `client_*`. Of so many keys as were looked at. */
    byPrefix: z.array(z.object({ prefix: z.string(), keys: z.number().int() })),
    lookedAt: z.number().int(),
  }),
});

/** See `storesSampleSchema`. */
export type StoresSample = z.infer<typeof storesSampleSchema>;

/** One container now: share of cores, and bytes. */
const containerSampleSchema = z.object({ at: z.number(), cpuCores: z.number(), memoryBytes: z.number() });

/** How everything does. */
export const metricsContract = {
  /** The samples that are kept (after `from`, in ms since the epoch), then each new one. Batches are oldest first. */
  watch: procedure.read
    .input(z.object({ from: z.number().optional() }))
    .output(eventIterator(z.object({ samples: z.array(metricsSampleSchema), stores: storesSampleSchema.nullable() }))),
  /** One container, every second or two. Fails with `container_unknown`. */
  container: procedure.read.input(z.object({ name: z.string() })).output(eventIterator(containerSampleSchema)),
};
