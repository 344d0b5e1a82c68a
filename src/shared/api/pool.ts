/** What the API says of the pool. Field names are those of `bot_status:<container>`, which operators know. */
import { eventIterator } from '@orpc/contract';
import * as z from 'zod';
import { ERROR_CODE_NAMES } from '../errors/codes.ts';
import { BOT_STATES } from '../state/bot-state.ts';
import { procedure } from './failure.ts';

/** One bot of the pool. `since`: milliseconds since the epoch at which it came into its state. */
const poolBotSchema = z.object({
  pool_id: z.number().int(),
  container_id: z.string(),
  status: z.enum(BOT_STATES),
  client_id: z.string().optional(),
  since: z.number(),
  /** What keeps an active bot from its customers, or why a bot failed: a code of the error table. */
  problem: z.enum(ERROR_CODE_NAMES).optional(),
  version: z.string(),
});

/** See `poolBotSchema`. */
export type PoolBot = z.infer<typeof poolBotSchema>;

/** The pool as it is now: counts of the bots listed, and how many clients wait for one. These names are stable. */
export const poolStatusSchema = z.object({
  total: z.number().int(),
  waiting: z.number().int(),
  activating: z.number().int(),
  active: z.number().int(),
  failed: z.number().int(),
  draining: z.number().int(),
  bots: z.array(poolBotSchema),
  queued: z.number().int(),
});

/** See {@link poolStatusSchema}. */
export type PoolStatus = z.infer<typeof poolStatusSchema>;

/** Counts alone. */
const poolCountsSchema = poolStatusSchema.omit({ bots: true });

/** See `poolCountsSchema`. */
export type PoolCounts = z.infer<typeof poolCountsSchema>;

/** What a follower is told: everything once, then what has changed since. `version` is where to go on from. */
const poolFeedSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    version: z.string(),
    counts: poolCountsSchema,
    bots: z.array(poolBotSchema),
  }),
  z.object({
    type: z.literal('changes'),
    version: z.string(),
    counts: poolCountsSchema,
    changed: z.array(poolBotSchema),
    /** Names of containers that are gone. */
    removed: z.array(z.string()),
  }),
]);

/** See `poolFeedSchema`. */
export type PoolFeedEvent = z.infer<typeof poolFeedSchema>;

/** What a change of the pool's size came to. Names of containers. */
export const scaledSchema = z.object({
  bots: z.number().int(),
  started: z.array(z.string()),
  removed: z.array(z.string()),
  /** How many bots the pool has now; more than asked for when the others serve clients. */
  total: z.number().int(),
});

/** How one bot is: counters since its process started, memory in bytes, event-loop lag in ms. `at`: ms since the epoch. */
const botVitalsSchema = z.object({
  at: z.number(),
  updates: z.number(),
  errors: z.number(),
  loopLagMs: z.number(),
  memoryBytes: z.number(),
});

/** See `botVitalsSchema`. */
export type BotVitals = z.infer<typeof botVitalsSchema>;

/** Looking at the pool, and its size. */
export const poolContract = {
  /** The pool as it is now. */
  status: procedure.read.output(poolStatusSchema),
  /** The pool now and after every change; changes that come close together are told as one. */
  watch: procedure.read.output(eventIterator(poolStatusSchema)),
  /** How one bot is, at each of its heartbeats. Nothing comes while it has not told any. */
  vitals: procedure.read.input(z.object({ container: z.string() })).output(eventIterator(botVitalsSchema)),
  /**
   * The pool as a snapshot, or as what has changed since `from`, then every change. However slow its reader is, nothing
   * piles up: what happened meanwhile comes as one.
   */
  follow: procedure.read
    .input(z.object({ from: z.string().max(100).optional() }))
    .output(eventIterator(poolFeedSchema)),
  /**
   * The pool is to have so many bots. Only bots that wait and that nobody has claimed are removed, youngest first.
   * Fails with `pool_too_large` beyond `MAX_TOTAL_BOTS`.
   */
  scale: procedure.operate.input(z.object({ bots: z.number().int().min(0).max(5_000) })).output(scaledSchema),
};
