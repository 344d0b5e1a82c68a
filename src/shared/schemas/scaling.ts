/** What the autoscaler sees, is told, and decides: the same shapes in its code, its table, the API and the screens. */
import * as z from 'zod';

const whole = z.number().int().min(0);
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** A time of the week at which so many bots are to be free, by the clock of a zone. `until` may lie past midnight. */
export const scheduleSchema = z.object({
  days: z.array(z.enum(DAYS)).min(1),
  /** `HH:MM`. */
  from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected HH:MM'),
  until: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected HH:MM'),
  zone: z.string(),
  free: whole,
});

/** See {@link scheduleSchema}. */
export type ScalingSchedule = z.infer<typeof scheduleSchema>;

/** How the pool fills itself. Every rule that is switched on names a number of free bots; the largest counts. */
export const scalingPolicySchema = z.object({
  enabled: z.boolean(),
  /** The fixed rule: so many bots are free at any time. */
  minFree: whole,
  /** How many are started together. */
  batch: z.number().int().min(1).max(100),
  maxTotal: whole,
  /** So many percent of the bots that serve are free beside them; 0 switches the rule off. */
  percentage: z.number().min(0).max(100),
  schedules: z.array(scheduleSchema).max(50),
  /** As many free bots as the rate of the last activations asks for while new ones start. */
  forecast: z.boolean(),
  /** How long bots must have been too many before some go, in ms. */
  coolDownMs: whole,
});

/** See {@link scalingPolicySchema}. */
export type ScalingPolicy = z.infer<typeof scalingPolicySchema>;

/** The pool and its host at one instant. */
export const scalingSnapshotSchema = z.object({
  /** Bots that wait and that nobody has claimed. */
  waiting: whole,
  /** Wanted, and not known to wait or to serve: they start, or start again. */
  starting: whole,
  /** Of these, those that have been starting for too long. */
  stuck: whole,
  /** Bots that serve a client, or are being given to one. */
  serving: whole,
  /** Every bot of the roster, also those on their way out. */
  total: whole,
  /** Clients that wait for a bot. */
  queued: whole,
  /** Bots that an opened payment link protects from scale-down. */
  reserved: whole,
  /** The size that the operator wants when nobody needs more. */
  resting: whole,
  /** How many more bots the host's memory bears; `null`: not known. */
  memoryRoom: whole.nullable(),
});

/** See {@link scalingSnapshotSchema}. */
export type ScalingSnapshot = z.infer<typeof scalingSnapshotSchema>;

/** What has been before. Instants in ms since the epoch. */
export const scalingHistorySchema = z.object({
  /** Claims of the last minutes: how many, in how many ms. */
  claims: whole,
  claimsWindowMs: whole,
  /** From the wish for a bot to its waiting, in ms: what the last ones took. */
  startMs: whole,
  /** Since when there have been too many bots; `null`: there are not. */
  surplusSince: z.number().nullable(),
  /** Starts that failed one after the other, the last of them, and whether the engine said that it is full. */
  failures: whole,
  failedAt: z.number().nullable(),
  engineFull: z.boolean(),
});

/** See {@link scalingHistorySchema}. */
export type ScalingHistory = z.infer<typeof scalingHistorySchema>;

/** The rules that can ask for free bots. */
export const SCALING_RULES = ['fixed', 'percentage', 'schedule', 'forecast'] as const;

/** What can keep the autoscaler from what it wants. */
export const SCALING_LIMITS = ['maximum', 'memory', 'engine', 'back_off', 'stuck'] as const;

/** Why it was decided so; `scaling-<reason>` in the texts. */
export const SCALING_REASONS = [
  'below_line',
  'enough',
  'limited',
  'surplus',
  'cooling',
  'resting',
  'reserved',
  'off',
] as const;

/** A decision with everything that it was made from: nobody has to guess. */
export const scalingDecisionSchema = z.object({
  action: z.enum(['grow', 'shrink', 'hold']),
  count: whole,
  reason: z.enum(SCALING_REASONS),
  /** How many free bots the rules ask for, and which one asks for the most. */
  free: whole,
  rule: z.enum(SCALING_RULES),
  /** What each rule asked for. */
  asked: z.partialRecord(z.enum(SCALING_RULES), whole),
  /** `free` and the clients that wait. */
  needed: whole,
  /** How many bots are missing. */
  missing: whole,
  /** What has held; empty when nothing did. */
  limits: z.array(z.enum(SCALING_LIMITS)),
  /** `limited`: the pool cannot have what it needs. */
  state: z.enum(['satisfied', 'filling', 'limited', 'off']),
  /** The sum in words: `2 waiting + 0 starting < 3 free + 0 queued`. */
  formula: z.string(),
});

/** See {@link scalingDecisionSchema}. */
export type ScalingDecision = z.infer<typeof scalingDecisionSchema>;
