/** What the API says of backups, and what may be done with them. */
import { eventIterator } from '@orpc/contract';
import * as z from 'zod';
import {
  backupDetailsSchema,
  backupIdSchema,
  backupScopeSchema,
  backupViewSchema,
  restoreDifferenceSchema,
  retentionPolicySchema,
} from '../schemas/backup.ts';
import { CLIENT_ID_PATTERN } from '../schemas/tenant.ts';
import { procedure } from './failure.ts';

const one = z.object({ id: backupIdSchema });
const started = z.object({ id: z.string() });
const clientId = z.string().regex(CLIENT_ID_PATTERN);

/** Whether there is a backup that one can rely on. */
const healthSchema = z.object({
  /** Green means: restored on trial, complete, off-site where a target is set, and fresh. */
  green: z.boolean(),
  /** Why not: codes of the error table. */
  problems: z.array(z.string()),
  newestVerified: z.string().nullable(),
  newestHours: z.number().nullable(),
  /** The age that is promised. */
  promisedHours: z.number(),
  target: z.string().nullable(),
  freeBytes: z.number(),
  /** While a new installation has no backup yet: when the first one is due. Nothing is late before that. */
  firstDue: z.date().optional(),
});

/** Backups. What takes long answers at once and goes on; `show` and `watch` tell how far it is. */
export const backupsContract = {
  /** The newest first. */
  list: procedure.read
    .input(z.object({ limit: z.number().int().min(1).max(1_000).default(100) }))
    .output(z.array(backupViewSchema)),
  /** The newest hundred, now and after every change. */
  watch: procedure.read.output(eventIterator(z.array(backupViewSchema))),
  /** Fails with `backup_unknown`. */
  show: procedure.read.input(one).output(backupDetailsSchema),
  health: procedure.read.output(healthSchema),
  create: procedure.operate.input(z.object({ scope: backupScopeSchema.default('all') })).output(started),
  verify: procedure.operate.input(one).output(started),
  /** Copies a verified backup to the target, beside what the schedules do by themselves. Fails with `target_none`. */
  ship: procedure.operate.input(one).output(started),
  /** Brings a backup from the target into the folder of backups; answers when it is there. Fails with `target_none`. */
  fetch: procedure.operate.input(one).output(started),
  /** What lies whole on the target, the newest first. Fails with `target_none`. */
  offsite: procedure.read.output(z.array(z.string())),
  /** Stops a backup that is being made or proven. Fails with `backup_idle` when nothing of that kind goes on. */
  cancel: procedure.operate.input(one).output(started),
  /** A pinned backup is never pruned. */
  pin: procedure.operate.input(one.extend({ pinned: z.boolean() })).output(started),
  /** What a restore of this client would change; nothing is done. `all`: tables with as many rows on both sides, too. */
  preview: procedure.read
    .input(one.extend({ clientId, all: z.boolean().default(false) }))
    .output(z.array(restoreDifferenceSchema)),
  /**
   * Puts a client back as it was, or makes a copy of it as another client. A backup of how it is now comes first; its
   * bot is drained and resumes by itself. Answers when it is done.
   */
  restore: procedure.admin
    .input(one.extend({ clientId, as: clientId.optional() }))
    .output(z.object({ clientId: z.string(), safety: z.string().nullable(), rows: z.number() })),
  /** One table as CSV with a line of names. At most 20 MB. */
  table: procedure.inspect
    .input(one.extend({ clientId, table: z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/) }))
    .output(z.object({ csv: z.string(), rows: z.number() })),
  /** What the rules of retention would remove now. */
  retention: procedure.read.output(
    z.object({
      policy: retentionPolicySchema,
      keep: z.record(z.string(), z.array(z.string())),
      remove: z.array(z.string()),
    }),
  ),
  setRetention: procedure.admin.input(retentionPolicySchema).output(retentionPolicySchema),
  /** Removes it. Returns what was removed. */
  prune: procedure.admin.output(z.object({ removed: z.array(z.string()) })),
};
