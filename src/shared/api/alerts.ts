/** What the API says of alerts: what the operator should look at now. */
import { eventIterator } from '@orpc/contract';
import * as z from 'zod';
import { procedure } from './failure.ts';

/** One alert. `code` and `facts` make its text, as for an error. */
const alertViewSchema = z.object({
  id: z.number().int(),
  /** Names the cause; one alert of a key is open at a time. */
  key: z.string(),
  severity: z.enum(['warning', 'critical']),
  code: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  raisedAt: z.date(),
  seenAt: z.date(),
  times: z.number().int(),
  acknowledgedAt: z.date().nullable(),
  acknowledgedBy: z.string().nullable(),
  /** Null while its cause is there. */
  resolvedAt: z.date().nullable(),
});

/** See {@link alertViewSchema}. */
export type AlertView = z.infer<typeof alertViewSchema>;

/** Alerts. */
export const alertsContract = {
  /** The open ones, the worst first; with the newest resolved ones when asked. */
  list: procedure.read
    .input(z.object({ resolved: z.number().int().min(0).max(200).default(0) }))
    .output(z.array(alertViewSchema)),
  /** The open ones now and after every change. */
  watch: procedure.read.output(eventIterator(z.array(alertViewSchema))),
  /** Somebody has seen it and looks after it. `false`: somebody had already. */
  acknowledge: procedure.operate
    .input(z.object({ id: z.number().int().positive() }))
    .output(z.object({ acknowledged: z.boolean() })),
};
