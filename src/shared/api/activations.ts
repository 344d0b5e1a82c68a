/** What the API does with activations: a client gets its bot, and gives it back. */
import { eventIterator } from '@orpc/contract';
import * as z from 'zod';
import { poolEventSchema, stageTimingsSchema } from '../schemas/pool.ts';
import { activationRequestSchema } from '../schemas/tenant.ts';
import { procedure } from './failure.ts';

/** A client that has its bot. `stages` and `durationMs` in milliseconds, counted from the claim and from the call. */
const activationResultSchema = z.object({
  clientId: z.string(),
  activationId: z.string(),
  container: z.string(),
  botUsername: z.string().optional(),
  /** True when the client had a running bot already, and nothing was changed. */
  alreadyActive: z.boolean(),
  stages: stageTimingsSchema,
  durationMs: z.number(),
});

/** See `activationResultSchema`. */
export type ActivationAnswer = z.infer<typeof activationResultSchema>;

/** A client that has given its bot back. `drained` is false when the bot's rights were ended without its answer. */
const deactivationResultSchema = z.object({
  clientId: z.string(),
  container: z.string().nullable(),
  drained: z.boolean(),
});

/** One step of an activation as it happens. */
const activationStepSchema = z.object({ type: poolEventSchema.shape.type, container: z.string() });

/** See `activationStepSchema`. */
export type ActivationStep = z.infer<typeof activationStepSchema>;

/** A token that Telegram knows: whose bot it is, and which client has it already. */
const tokenFactsSchema = z.object({ username: z.string(), name: z.string(), takenBy: z.string().nullable() });

/** Giving clients their bots. */
export const activationsContract = {
  /** Answers when the bot serves. Fails with a code of the failure table; `pool_empty` leaves the client queued. */
  activate: procedure.operate.input(activationRequestSchema).output(activationResultSchema),
  /** Gives a suspended client its bot again, with the token that is kept. Fails with `client_no_token` when none is. */
  resume: procedure.operate.input(z.object({ clientId: z.string() })).output(activationResultSchema),
  /** Gives a client another token: Telegram is asked about it first, then the bot of the old one is sent home. */
  changeToken: procedure.operate
    .input(z.object({ clientId: z.string(), token: z.string().max(200) }))
    .output(activationResultSchema),
  /** Suspends a client: its data stays, its bot goes back to the pool. */
  deactivate: procedure.operate
    .input(z.object({ clientId: z.string(), reason: z.string().max(500).default('operator') }))
    .output(deactivationResultSchema),
  /** Asks Telegram whose token it is; nothing is changed. Fails with `token_malformed`, `token_invalid` and others. */
  checkToken: procedure.read
    // Never in an address: a token that is asked about is as secret as one that is used.
    .route({ method: 'POST' })
    .input(z.object({ token: z.string().max(200) }))
    .output(tokenFactsSchema),
  /** The steps of a client's activations from now on. */
  follow: procedure.read.input(z.object({ clientId: z.string() })).output(eventIterator(activationStepSchema)),
};
