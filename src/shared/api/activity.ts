/** What the API says of what happened: the audit, newest first, and a live feed of it that resumes where it was left. */
import { eventIterator } from '@orpc/contract';
import * as z from 'zod';
import { procedure } from './failure.ts';

/** One change. `actor` `system` is Botpool itself; `source` names face and address: `panel 127.0.0.1`. */
const activitySchema = z.object({
  id: z.number().int(),
  at: z.date(),
  actor: z.string(),
  /** Dotted: `tenant.activate`, `user.add`; `api.…` is a call with its outcome. */
  action: z.string(),
  target: z.string(),
  source: z.string().nullable(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
});

/** What a reader of the feed is told at once. */
const activityBatchSchema = z.object({
  /** Give it as `from` to go on from here. */
  version: z.number().int(),
  /** Oldest first. The same row may come twice after a resume: rows are known by their ids. */
  rows: z.array(activitySchema),
  /** So many older rows are left out, because the reader was too far behind; `audit` has them. */
  skipped: z.number().int(),
});

/** See `activityBatchSchema`. */
export type ActivityBatch = z.infer<typeof activityBatchSchema>;

/** What happened. */
export const activityContract = {
  /** Newest first; `before` an id for the next page. `action` fits by its beginning. */
  audit: procedure.read
    .input(
      z.object({
        target: z.string().optional(),
        actor: z.string().optional(),
        action: z.string().optional(),
        before: z.number().int().optional(),
        limit: z.number().int().min(1).max(500).default(50),
      }),
    )
    .output(z.array(activitySchema)),
  /** The last rows (or those after `from`), then new ones as they come; what comes close together is told together. */
  watch: procedure.read
    .input(z.object({ from: z.number().int().min(0).optional() }))
    .output(eventIterator(activityBatchSchema)),
};
