/** What the API says of tenants (for people: clients). Nothing secret is in it. */
import { eventIterator } from '@orpc/contract';
import * as z from 'zod';
import { stageTimingsSchema } from '../schemas/pool.ts';
import { orderViewSchema } from '../schemas/sales.ts';
import { LOCALES } from '../schemas/tenant.ts';
import { TENANT_STATES } from '../state/tenant-state.ts';
import { procedure } from './failure.ts';

/** One client: what is wanted of it, which bot it has, or which place it waits at. */
const tenantViewSchema = z.object({
  clientId: z.string(),
  company: z.string(),
  kind: z.string(),
  locale: z.enum(LOCALES),
  timeZone: z.string(),
  ownerId: z.number().int(),
  /** What the operator wants of it. */
  state: z.enum(TENANT_STATES),
  botUsername: z.string().nullable(),
  /** The container that serves it or is being made its own; null when it has none. */
  container: z.string().nullable(),
  /** True when that container serves, false while it is being activated. */
  serving: z.boolean(),
  /** Since when it has that container. */
  since: z.date().nullable(),
  /** Milliseconds after the claim at which each stage of that activation was over. */
  stages: stageTimingsSchema,
  /** Place among the clients that wait for a bot, from 1; null when it does not wait. */
  queuePosition: z.number().int().nullable(),
  createdAt: z.date(),
  firstActiveAt: z.date().nullable(),
});

/** See `tenantViewSchema`. */
export type TenantView = z.infer<typeof tenantViewSchema>;

/** What is worth knowing of every client at a glance. */
const tenantFiguresSchema = z.object({
  clientId: z.string(),
  /** What its tables take, with indexes. */
  bytes: z.number(),
  /** Visits that begin on its own today; null when it has no calendar. */
  bookingsToday: z.number().int().nullable(),
  /** Updates that its bot could not handle since that bot's start; null when it has none. */
  errors: z.number().int().nullable(),
  /** The period that it is paid for; null when nobody has ever paid. */
  paid: z.object({ planId: z.string(), until: z.date(), renews: z.boolean() }).nullable(),
  /** When the newest proven backup that holds it was taken. */
  backupAt: z.date().nullable(),
});

/** See `tenantFiguresSchema`. */
export type TenantFigures = z.infer<typeof tenantFiguresSchema>;

/** A paid period. */
const paidPeriodSchema = z.object({
  planId: z.string(),
  from: z.date(),
  until: z.date(),
  /** So long it works on without having been paid. */
  graceUntil: z.date(),
  renews: z.boolean(),
  /** Its money went back. */
  voided: z.boolean(),
  /** The order that it was paid by. */
  order: z.number().int(),
});

/** What a client stores. Rows are counted, not estimated; sizes in bytes with indexes. */
const tenantDataSchema = z.object({
  tables: z.array(z.object({ name: z.string(), rows: z.number().int(), bytes: z.number().int() })),
  /** Keys of the client in Redis, by the part of their name after the client id. */
  keys: z.array(z.object({ group: z.string(), count: z.number().int() })),
  /** True when there are more keys than were counted. */
  moreKeys: z.boolean(),
});

/** The register of clients. */
export const tenantsContract = {
  /** Every client that is not deleted, by client id. */
  list: procedure.read.output(z.array(tenantViewSchema)),
  /** The same now and after every change; changes that come close together are told as one. */
  watch: procedure.read.output(eventIterator(z.array(tenantViewSchema))),
  /** Plan, bookings, errors, storage and backup of every client, by client id. Looked at now: ask no more than twice a minute. */
  figures: procedure.read.output(z.array(tenantFiguresSchema)),
  /** What was paid for a client: its periods, the newest first, and its orders. */
  sales: procedure.read
    .input(z.object({ clientId: z.string() }))
    .output(z.object({ periods: z.array(paidPeriodSchema), orders: z.array(orderViewSchema) })),
  /** Everything that a client stores, as JSON. Fails with `client_unknown`. */
  export: procedure.inspect.input(z.object({ clientId: z.string() })).output(z.object({ json: z.string() })),
  /** What a client stores, counted now. Fails with `client_unknown`. */
  data: procedure.read.input(z.object({ clientId: z.string() })).output(tenantDataSchema),
  /** One client, a deleted one too. */
  show: procedure.read.input(z.object({ clientId: z.string() })).output(tenantViewSchema),
  /** Deletes a client for good. `confirm` must be its client id once more. */
  delete: procedure.admin
    .input(
      z
        .object({ clientId: z.string(), keepData: z.boolean(), confirm: z.string() })
        .refine((input) => input.confirm === input.clientId, {
          path: ['confirm'],
          message: 'expected the client id once more',
        }),
    )
    .output(z.object({ clientId: z.string(), dataKept: z.boolean() })),
};
