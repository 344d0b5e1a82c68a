/** What a backup is, as commands, screens and the control plane understand it. */
import * as z from 'zod';
import { CLIENT_ID_PATTERN } from './tenant.ts';

/**
 * `stored`: written whole, not yet proven. `verified`: restored on trial with every row counted. `suspect`: there, but
 * something about it is wrong. `failed`: there is no backup.
 */
export const BACKUP_STATES = ['running', 'stored', 'verified', 'suspect', 'failed'] as const;

/** See {@link BACKUP_STATES}. */
export type BackupState = (typeof BACKUP_STATES)[number];

/** How deep a backup was looked into. */
export const VERIFIED_DEPTHS = ['none', 'checksum', 'restore'] as const;

/** Where the copy off this machine is. */
export const OFFSITE_STATES = ['none', 'pending', 'stored', 'failed'] as const;

/** Everything, or one client. */
export const backupScopeSchema = z.union([z.literal('all'), z.string().regex(CLIENT_ID_PATTERN)]);

/** The name of a backup, and of its folder. */
export const backupIdSchema = z
  .string()
  .regex(/^b\d{8}-\d{6}-[0-9a-f]{6}$/, 'expected the id of a backup, such as b20260131-020000-1a2b3c');

/** What is kept. 0 switches a rule off. */
export const retentionPolicySchema = z.object({
  last: z.number().int().min(1).max(1_000).default(3),
  hourly: z.number().int().min(0).max(1_000).default(0),
  daily: z.number().int().min(0).max(1_000).default(7),
  weekly: z.number().int().min(0).max(1_000).default(4),
  monthly: z.number().int().min(0).max(1_000).default(12),
  yearly: z.number().int().min(0).max(1_000).default(0),
});

/** See {@link retentionPolicySchema}. */
export type RetentionPolicy = z.output<typeof retentionPolicySchema>;

/** How far it has got. */
export const progressSchema = z.object({
  phase: z.enum(['dump', 'upload', 'download', 'checksum', 'restore', 'done']),
  bytes: z.number(),
  tables: z.number().int(),
  tablesTotal: z.number().int(),
});

/** See {@link progressSchema}. */
export type BackupProgress = z.output<typeof progressSchema>;

/** One backup. `code` and `facts`: why it failed or is suspect, as in the error table. */
export const backupViewSchema = z.object({
  id: z.string(),
  scope: z.string(),
  state: z.enum(BACKUP_STATES),
  cause: z.enum(['manual', 'schedule', 'safety', 'found']),
  code: z.string().nullable(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  requestedBy: z.string(),
  startedAt: z.date(),
  finishedAt: z.date().nullable(),
  bytes: z.number(),
  schemas: z.number().int(),
  tables: z.number().int(),
  rows: z.number(),
  encrypted: z.boolean(),
  depth: z.enum(VERIFIED_DEPTHS),
  verifiedAt: z.date().nullable(),
  offsite: z.enum(OFFSITE_STATES),
  pinned: z.boolean(),
  /** Only while something is done with it. `stoppable`: it may be cancelled. */
  progress: progressSchema.extend({ stoppable: z.boolean() }).nullable(),
});

/** See {@link backupViewSchema}. */
export type BackupView = z.output<typeof backupViewSchema>;

/** What is inside. */
export const backupDetailsSchema = backupViewSchema.extend({
  folder: z.string(),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
  clients: z.array(z.object({ clientId: z.string(), company: z.string(), rows: z.number() })),
  postgres: z.string(),
});

/** See {@link backupDetailsSchema}. */
export type BackupDetails = z.output<typeof backupDetailsSchema>;

/** What a restore would change, one row a table. `null`: the table is not there on that side. */
export const restoreDifferenceSchema = z.object({
  schema: z.string(),
  table: z.string(),
  now: z.number().nullable(),
  backup: z.number().nullable(),
});

/** See {@link restoreDifferenceSchema}. */
export type RestoreDifference = z.output<typeof restoreDifferenceSchema>;
