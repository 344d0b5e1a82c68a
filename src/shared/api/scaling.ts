/** What the API says of the autoscaler: its policy, what it decided and why, and what another policy would have done. */
import * as z from 'zod';
import { divergenceSchema } from '../schemas/divergence.ts';
import {
  scalingDecisionSchema,
  scalingHistorySchema,
  scalingPolicySchema,
  scalingSnapshotSchema,
} from '../schemas/scaling.ts';
import { procedure } from './failure.ts';

const policyView = z.object({
  policy: scalingPolicySchema,
  /** The same in the words that `setPolicy` takes. */
  words: z.string(),
  /** False: the variables say it. */
  own: z.boolean(),
});

const storedDecision = z.object({
  id: z.string(),
  at: z.date(),
  lastAt: z.date(),
  times: z.number().int(),
  snapshot: scalingSnapshotSchema,
  policy: scalingPolicySchema,
  history: scalingHistorySchema,
  decision: scalingDecisionSchema,
  result: z
    .object({ started: z.array(z.string()), removed: z.array(z.string()), failed: z.array(z.string()) })
    .nullable(),
});

/** One decision with what it was made from. */
export type ScalingDecisionView = z.infer<typeof storedDecision>;

/** What the autoscaler is doing and why. */
export const scalingViewSchema = policyView.extend({
  /** The control plane that decides. */
  leader: z.string().nullable(),
  /** Newest first. */
  decisions: z.array(storedDecision),
});

/** See {@link scalingViewSchema}. */
export type ScalingView = z.infer<typeof scalingViewSchema>;

const figures = z.object({
  botsStarted: z.number(),
  botsRemoved: z.number(),
  peakBots: z.number(),
  clientsWaited: z.number(),
  longestWaitMs: z.number(),
  belowLineMs: z.number(),
  emptyMs: z.number(),
  botHours: z.number(),
});
const act = z.object({ action: z.string(), count: z.number().int() });

/** Two policies over the same past. */
export const comparisonSchema = z.object({
  from: z.date(),
  until: z.date(),
  claims: z.number().int(),
  present: z.string(),
  other: z.string(),
  replayed: z.object({ present: figures, other: figures }),
  decisions: z.number().int(),
  differences: z.array(z.object({ at: z.date(), formula: z.string(), was: act, would: act })),
});

/** See {@link comparisonSchema}. */
export type ScalingComparison = z.infer<typeof comparisonSchema>;

/** The autoscaler, and what the reconciler finds. */
export const scalingContract = {
  /** Every place where what is there differs from what is wanted, now; changes nothing. */
  check: procedure.read.output(z.object({ divergences: z.array(divergenceSchema) })),
  /** Its policy and its newest decisions. */
  explain: procedure.read
    .input(z.object({ limit: z.number().int().min(1).max(500).default(20), onlyActs: z.boolean().default(false) }))
    .output(scalingViewSchema),
  /** Changes the policy by words such as `min=5, forecast`; `default`: the variables count again. */
  setPolicy: procedure.operate.input(z.object({ words: z.string().max(2_000) })).output(policyView),
  /** Replays what is stored against another policy; changes nothing. */
  simulate: procedure.read
    .input(z.object({ words: z.string().max(2_000), hours: z.number().min(0.1).max(744).default(168) }))
    .output(comparisonSchema),
};
