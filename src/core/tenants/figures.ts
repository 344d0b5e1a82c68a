/** What is worth knowing of every client at a glance: what it stores, what it has booked, until when it is paid, its backup. */
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';

/** One client. `bookingsToday`: null when it has no calendar. `backupAt`: the newest proven backup that holds it. */
export interface ClientFigures {
  readonly clientId: string;
  readonly bytes: number;
  readonly bookingsToday: number | null;
  readonly paid: { readonly planId: string; readonly until: Date; readonly renews: boolean } | null;
  readonly backupAt: Date | null;
}

const clientRow = z.object({
  client_id: z.string(),
  time_zone: z.string(),
  bytes: z.coerce.number(),
  has_calendar: z.boolean(),
  plan_id: z.string().nullable(),
  paid_until: z.date().nullable(),
  auto_renew: z.boolean().nullable(),
  backup_at: z.date().nullable(),
});
const countRow = z.object({ client_id: z.string(), bookings: z.coerce.number() });

/** So many calendars are asked in one statement. */
const CALENDARS = 100;

const CLIENTS = `
WITH stored AS (
  SELECT n.nspname AS client_id, sum(pg_total_relation_size(c.oid)) AS bytes, bool_or(c.relname = 'bookings') AS has_calendar
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname ~ '^client_[0-9]+$' GROUP BY 1
), paid AS (
  SELECT DISTINCT ON (client_id) client_id, plan_id, upper(during) AS until, auto_renew
  FROM control.subscriptions WHERE voided_at IS NULL ORDER BY client_id, upper(during) DESC
), proven AS (
  SELECT scope, max(started_at) AS at FROM control.backups WHERE state = 'verified' GROUP BY scope
)
SELECT t.client_id, t.time_zone, coalesce(stored.bytes, 0) AS bytes, coalesce(stored.has_calendar, false) AS has_calendar,
  paid.plan_id, paid.until AS paid_until, paid.auto_renew,
  greatest(own.at, CASE WHEN every.at > t.created_at THEN every.at END) AS backup_at
FROM control.tenants t
LEFT JOIN stored USING (client_id) LEFT JOIN paid USING (client_id)
LEFT JOIN proven own ON own.scope = t.client_id LEFT JOIN proven every ON every.scope = 'all'
WHERE t.state <> 'deleted' ORDER BY length(t.client_id), t.client_id`;

/** Looks now: every client that is not deleted, by client id. */
export async function readFigures(database: Queryable): Promise<ClientFigures[]> {
  const clients = z.array(clientRow).parse((await database.query(CLIENTS)).rows);
  const calendars = clients.filter((client) => client.has_calendar);
  const counts = new Map<string, number>();
  for (let from = 0; from < calendars.length; from += CALENDARS) {
    const found = await countToday(database, calendars.slice(from, from + CALENDARS));
    for (const [clientId, bookings] of found) counts.set(clientId, bookings);
  }
  return clients.map((client) => ({
    clientId: client.client_id,
    bytes: client.bytes,
    bookingsToday: counts.get(client.client_id) ?? null,
    paid:
      client.plan_id === null || client.paid_until === null
        ? null
        : { planId: client.plan_id, until: client.paid_until, renews: client.auto_renew === true },
    backupAt: client.backup_at,
  }));
}

type Calendar = Pick<z.output<typeof clientRow>, 'client_id' | 'time_zone'>;

/** The visits that begin on the client's own today. A client whose tables went away meanwhile is left out. */
async function countToday(database: Queryable, calendars: readonly Calendar[]): Promise<Map<string, number>> {
  const day = (zone: string, days: number): string =>
    `((date_trunc('day', now() AT TIME ZONE ${zone}) + interval '${days} day') AT TIME ZONE ${zone})`;
  const parts = calendars.map(({ client_id: id }, index) => {
    const zone = `$${index + 1}::text`;
    return `SELECT '${id}' AS client_id, count(*) AS bookings FROM ${id}.bookings
      WHERE status IN ('pending', 'confirmed', 'done') AND lower(during) >= ${day(zone, 0)} AND lower(during) < ${day(zone, 1)}`;
  });
  try {
    const { rows } = await database.query(
      parts.join(' UNION ALL '),
      calendars.map(({ time_zone: zone }) => zone),
    );
    return new Map(
      z
        .array(countRow)
        .parse(rows)
        .map((row) => [row.client_id, row.bookings]),
    );
  } catch (error) {
    if (!isGone(error)) throw error;
    if (calendars.length === 1) return new Map();
    const each = await Promise.all(calendars.map((one) => countToday(database, [one])));
    return new Map(each.flatMap((counts) => [...counts]));
  }
}

/** PostgreSQL's codes for a table and for a schema that are not there. */
const GONE = new Set(['42P01', '3F000']);

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && GONE.has(String(error.code));
}
