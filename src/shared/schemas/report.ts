/** What operators are told once a day. */
import * as z from 'zod';

/** The channel of PostgreSQL's NOTIFY that says that there is a new one. */
export const REPORT_CHANNEL = 'reports';

/** Money in the hundredth part of the currency; `backupHours`: null when there is no good backup. */
export const reportFactsSchema = z.object({
  clients: z.number(),
  suspended: z.number(),
  queued: z.number(),
  /** Paid within the last 24 hours. */
  payments: z.number(),
  amount: z.number(),
  currency: z.string(),
  /** Open alerts. */
  alerts: z.number(),
  backupHours: z.number().nullable(),
  backupsGreen: z.boolean(),
});

/** See {@link reportFactsSchema}. */
export type ReportFacts = z.output<typeof reportFactsSchema>;
