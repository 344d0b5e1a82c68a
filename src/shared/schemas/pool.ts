/** What is said about pool bots over Redis: statuses, sealed configurations and events, parsed once where they arrive. */
import * as z from 'zod';
import { ERROR_CODE_NAMES } from '../errors/codes.ts';
import { BOT_STATES } from '../state/bot-state.ts';
import { ACTIVATION_STAGES } from '../state/tenant-state.ts';

/** How a process is: counters since its start, memory in bytes, event-loop lag and used processor time in milliseconds. */
export const botHealthSchema = z.object({
  updates: z.number(),
  errors: z.number(),
  loop_lag_ms: z.number(),
  memory_bytes: z.number(),
  cpu_ms: z.number().optional(),
  /** What keeps an active bot from its customers right now: somebody else polls its token, Telegram is away… */
  problem: z.enum(ERROR_CODE_NAMES).optional(),
});

/** See {@link botHealthSchema}. */
export type BotHealth = z.infer<typeof botHealthSchema>;

/** What a process says of itself when it registers. */
export const botFactsSchema = z.object({
  pool_id: z.number().int(),
  container_id: z.string(),
  boot_id: z.string(),
  public_key: z.string(),
  version: z.string(),
  client_id: z.string().optional(),
  activation_id: z.string().optional(),
  fence: z.number().int().optional(),
});

/** See {@link botFactsSchema}. */
export type BotFacts = z.infer<typeof botFactsSchema>;

/** Milliseconds that each stage of an activation ended after its beginning. */
export const stageTimingsSchema = z.partialRecord(z.enum(ACTIVATION_STAGES), z.number());

/** See {@link stageTimingsSchema}. */
export type StageTimings = z.infer<typeof stageTimingsSchema>;

/** Details of an acknowledgement: who the bot is and how long the stages took, or what a failure's text mentions. */
export const acknowledgementSchema = z.object({
  username: z.string().optional(),
  bot_id: z.number().optional(),
  stages: stageTimingsSchema.optional(),
  data: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});

/** See {@link acknowledgementSchema}. */
export type Acknowledgement = z.infer<typeof acknowledgementSchema>;

/** `active`, or the code of the failure. */
export const outcomeSchema = z.union([z.literal('active'), z.enum(ERROR_CODE_NAMES)]);

/** See {@link outcomeSchema}. */
export type Outcome = z.infer<typeof outcomeSchema>;

/** The value of `bot_status:<container>`. */
export const botStatusSchema = botFactsSchema.extend({
  status: z.enum(BOT_STATES),
  since: z.number(),
  health: botHealthSchema.optional(),
  outcome: outcomeSchema.optional(),
  details: acknowledgementSchema.optional(),
});

/** See {@link botStatusSchema}. */
export type BotStatus = z.infer<typeof botStatusSchema>;

/** One entry of `pool:events`. */
export const poolEventSchema = z.object({
  type: z.enum(['registered', 'delivered', 'active', 'failed', 'draining', 'gone']),
  container: z.string(),
  boot_id: z.string().optional(),
  client_id: z.string().optional(),
  activation_id: z.string().optional(),
  state: z.string().optional(),
  reason: z.string().optional(),
  outcome: z.string().optional(),
  details: z.string().optional(),
});

/** See {@link poolEventSchema}. */
export type PoolEvent = z.infer<typeof poolEventSchema>;

/** Everything that turns a waiting process into one client's bot. Travels sealed to that process alone. */
export const botConfigSchema = z.object({
  activation_id: z.string(),
  client_id: z.string(),
  fence: z.number().int(),
  kind: z.string(),
  company: z.string(),
  locale: z.enum(['ru', 'en']),
  time_zone: z.string(),
  owner_id: z.number().int(),
  token: z.string(),
  token_fingerprint: z.string(),
  /** `true` only at a tenant's very first activation, unless the operator says otherwise. */
  drop_pending_updates: z.boolean(),
  postgres: z.object({ user: z.string(), password: z.string() }),
  redis: z.object({ user: z.string(), password: z.string() }),
});

/** See {@link botConfigSchema}. */
export type BotConfig = z.infer<typeof botConfigSchema>;
