/** Reads the audit: newest first for people, from an id on for those who follow it. */
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';

const rowSchema = z.object({
  id: z.coerce.number(),
  at: z.date(),
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  source: z.string().nullable(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
});

/** One change: who, what, from where, what was before and after. `source` null: the system itself. */
export type AuditRow = Readonly<z.infer<typeof rowSchema>>;

/** Which rows. Texts must fit exactly, `action` by its beginning. */
export interface AuditFilter {
  readonly target?: string | undefined;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  /** Only rows older than this one. */
  readonly before?: number | undefined;
  readonly limit: number;
}

const COLUMNS = 'id, at, actor, action, target, source, before, after';

/** Newest first. */
export async function readAudit(db: Queryable, filter: AuditFilter): Promise<readonly AuditRow[]> {
  const { rows } = await db.query(
    `SELECT ${COLUMNS} FROM control.audit
     WHERE ($1::text IS NULL OR target = $1) AND ($2::text IS NULL OR actor = $2)
       AND ($3::text IS NULL OR starts_with(action, $3)) AND ($4::bigint IS NULL OR id < $4)
     ORDER BY id DESC LIMIT $5`,
    [filter.target ?? null, filter.actor ?? null, filter.action ?? null, filter.before ?? null, filter.limit],
  );
  return rows.map((row) => rowSchema.parse(row));
}

/** Rows are numbered before they are committed: one may appear so much later than a younger one. */
export const LATE_MS = 30_000;
const LATE_ROWS = 500;

/** What follows an id: the newest rows after it and how many more there are, and those that may have appeared late. */
export interface AuditTail {
  /** Oldest first; late ones, with ids up to the given one, are among them. */
  readonly rows: readonly AuditRow[];
  /** Rows after the id that are left out because there are too many. */
  readonly skipped: number;
}

/** Reads on from an id. At most `limit` rows after it. */
export async function readAuditTail(db: Queryable, from: number, limit: number): Promise<AuditTail> {
  const { rows } = await db.query(
    `(SELECT ${COLUMNS}, count(*) OVER () AS matching FROM control.audit WHERE id > $1 ORDER BY id DESC LIMIT $2)
     UNION ALL
     (SELECT ${COLUMNS}, 0 FROM control.audit
      WHERE id <= $1 AND id > $1 - $3 AND at > clock_timestamp() - $4 * interval '1 millisecond')`,
    [from, limit, LATE_ROWS, LATE_MS],
  );
  const matching = Math.max(0, ...rows.map((row) => Number(row['matching'])));
  const parsed = rows.map((row) => rowSchema.parse(row)).sort((a, b) => a.id - b.id);
  return { rows: parsed, skipped: matching - parsed.filter((row) => row.id > from).length };
}

/** The id of the newest row; 0 when there is none. */
export async function newestAudit(db: Queryable): Promise<number> {
  const { rows } = await db.query('SELECT coalesce(max(id), 0)::bigint AS id FROM control.audit');
  return Number(rows[0]?.['id']);
}
