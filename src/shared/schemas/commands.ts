/**
 * What the service bots may ask of the control plane: one row per command, with what goes in and what comes back.
 * The bots hold no rights of their own: they write a command down, and the control plane decides and acts.
 */
import * as z from 'zod';
import { BACKUP_STATES, backupIdSchema, backupScopeSchema, OFFSITE_STATES, progressSchema } from './backup.ts';

const clientId = z.string();
const nothing = z.object({});
const page = z.number().int().min(0).default(0);

const clientRow = z.object({
  clientId: z.string(),
  company: z.string(),
  state: z.enum(['active', 'suspended', 'deleted']),
  botUsername: z.string().nullable(),
  serving: z.boolean(),
  queued: z.boolean(),
});

const orderRow = z.object({
  id: z.string(),
  number: z.number().int(),
  state: z.string(),
  purpose: z.string(),
  company: z.string().nullable(),
  plan: z.string().nullable(),
  amount: z.number().int().nullable(),
  currency: z.string().nullable(),
  clientId: z.string().nullable(),
  reason: z.string().nullable(),
  at: z.number(),
});

const check = z.object({
  name: z.string(),
  state: z.enum(['good', 'warning', 'bad']),
  value: z.string(),
});

const backupRow = z.object({
  id: z.string(),
  scope: z.string(),
  state: z.enum(BACKUP_STATES),
  offsite: z.enum(OFFSITE_STATES),
  startedAt: z.number(),
  bytes: z.number(),
  rows: z.number(),
  /** Why it failed or is suspect, or is not on the target: as in the table of errors. */
  code: z.string().nullable(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  progress: progressSchema.nullable(),
});

interface CommandRow {
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  /** It changes something: the audit says who has asked for it. */
  readonly changes: boolean;
}

/** Every command by its name. Instants are milliseconds since the epoch, money is in the hundredth part of the currency. */
export const COMMANDS = {
  'pool.summary': {
    input: nothing,
    output: z.object({
      waiting: z.number(),
      activating: z.number(),
      active: z.number(),
      draining: z.number(),
      failed: z.number(),
      total: z.number(),
      containers: z.number(),
      queued: z.number(),
    }),
    changes: false,
  },
  'pool.scale': {
    input: z.object({ bots: z.number().int().min(0).max(500) }),
    output: z.object({ started: z.number(), removed: z.number(), total: z.number() }),
    changes: true,
  },
  'clients.list': {
    input: z.object({ page, search: z.string().max(100).default('') }),
    output: z.object({ rows: z.array(clientRow), total: z.number(), pages: z.number() }),
    changes: false,
  },
  'clients.show': {
    input: z.object({ clientId }),
    output: clientRow.extend({
      kind: z.string(),
      ownerId: z.number(),
      container: z.string().nullable(),
      since: z.number().nullable(),
      updates: z.number().nullable(),
      errors: z.number().nullable(),
      problem: z.string().nullable(),
      bookings: z.number().nullable(),
      plan: z.string().nullable(),
      paidUntil: z.number().nullable(),
    }),
    changes: false,
  },
  'clients.logs': {
    input: z.object({ clientId }),
    output: z.object({ lines: z.array(z.string()) }),
    changes: false,
  },
  'clients.activate': {
    input: z.object({ clientId }),
    output: z.object({ container: z.string(), username: z.string().nullable(), ms: z.number() }),
    changes: true,
  },
  'clients.deactivate': {
    input: z.object({ clientId }),
    output: z.object({ drained: z.boolean() }),
    changes: true,
  },
  'clients.restart': { input: z.object({ clientId }), output: z.object({ container: z.string() }), changes: true },
  'clients.move': { input: z.object({ clientId }), output: z.object({ from: z.string() }), changes: true },
  /** Gives days beyond what is paid; `id` makes it the same gift, however often it is asked for. */
  'clients.extend': {
    input: z.object({ clientId, days: z.number().int().min(1).max(366), id: z.uuid() }),
    output: z.object({ paidUntil: z.number() }),
    changes: true,
  },
  'clients.delete': {
    input: z.object({ clientId, keepData: z.boolean() }),
    output: nothing,
    changes: true,
  },
  'orders.list': {
    input: z.object({ page, open: z.boolean().default(false) }),
    output: z.object({ rows: z.array(orderRow), total: z.number(), pages: z.number() }),
    changes: false,
  },
  revenue: {
    input: z.object({ months: z.number().int().min(1).max(24).default(12) }),
    output: z.object({
      currency: z.string(),
      months: z.array(z.object({ month: z.string(), paid: z.number(), refunded: z.number(), count: z.number() })),
      clients: z.number(),
    }),
    changes: false,
  },
  'backups.list': {
    input: z.object({ page }),
    output: z.object({
      rows: z.array(backupRow),
      total: z.number(),
      pages: z.number(),
      green: z.boolean(),
      problems: z.array(z.string()),
      newestHours: z.number().nullable(),
      firstDue: z.number().nullable(),
    }),
    changes: false,
  },
  'backups.show': { input: z.object({ id: backupIdSchema }), output: backupRow, changes: false },
  /** Answers when it has begun; `backups.show` tells how far it is. */
  'backups.create': {
    input: z.object({ scope: backupScopeSchema }),
    output: z.object({ id: z.string() }),
    changes: true,
  },
  'backups.verify': {
    input: z.object({ id: backupIdSchema }),
    output: z.object({ id: z.string() }),
    changes: true,
  },
  health: { input: nothing, output: z.object({ checks: z.array(check) }), changes: false },
  'broadcast.start': {
    input: z.object({ id: z.uuid(), text: z.string().min(1).max(3_500) }),
    output: z.object({ addressees: z.number() }),
    changes: true,
  },
  'broadcast.stop': { input: z.object({ id: z.uuid() }), output: nothing, changes: true },
  'broadcast.progress': {
    input: z.object({ id: z.uuid() }),
    output: z.object({
      total: z.number(),
      sent: z.number(),
      refused: z.number(),
      failed: z.number(),
      over: z.boolean(),
    }),
    changes: false,
  },
} as const satisfies Record<string, CommandRow>;

/** The name of a command. */
export type CommandKind = keyof typeof COMMANDS;

/** What goes in, as a bot writes it. */
export type CommandInput<K extends CommandKind> = z.input<(typeof COMMANDS)[K]['input']>;

/** What goes in, as the control plane reads it. */
export type CommandRequest<K extends CommandKind> = z.output<(typeof COMMANDS)[K]['input']>;

/** What comes back. */
export type CommandResult<K extends CommandKind> = z.output<(typeof COMMANDS)[K]['output']>;

/** Channels of PostgreSQL's NOTIFY that speak of commands; the payload is a command's id. */
export const COMMAND_CHANNELS = { asked: 'commands', ended: 'commands_ended' } as const;
