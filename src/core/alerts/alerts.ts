/** What the operator should look at now: one open alert per cause, told once, ended when the cause is gone. */
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';
import type { BotpoolError } from '#shared/errors/botpool-error.ts';
import { ERROR_CODE_NAMES } from '#shared/errors/codes.ts';

/** How bad it is. */
export type AlertSeverity = 'warning' | 'critical';

const alertRow = z
  .object({
    id: z.coerce.number(),
    key: z.string(),
    severity: z.enum(['warning', 'critical']),
    code: z.enum(ERROR_CODE_NAMES),
    facts: z.record(z.string(), z.union([z.string(), z.number()])),
    raised_at: z.date(),
    seen_at: z.date(),
    times: z.number(),
    acknowledged_at: z.date().nullable(),
    acknowledged_by: z.string().nullable(),
    resolved_at: z.date().nullable(),
  })
  .transform((row) => ({
    id: row.id,
    key: row.key,
    severity: row.severity,
    code: row.code,
    facts: row.facts,
    raisedAt: row.raised_at,
    seenAt: row.seen_at,
    times: row.times,
    acknowledgedAt: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by,
    resolvedAt: row.resolved_at,
  }));

/** One alert. `code` and `facts` make its text, as for an error. */
export type Alert = z.output<typeof alertRow>;

/** Raises an alert, or says once more that its cause is still there. `key` names the cause, such as `backup late`. */
export async function raiseAlert(
  db: Queryable,
  alert: { readonly key: string; readonly severity: AlertSeverity; readonly error: BotpoolError },
): Promise<void> {
  const { code, data } = alert.error;
  await db.query(
    `INSERT INTO control.alerts AS a (key, severity, code, facts) VALUES ($1, $2, $3, $4)
     ON CONFLICT (key) WHERE resolved_at IS NULL DO UPDATE
     SET seen_at = clock_timestamp(), times = a.times + 1, code = $3, facts = $4, severity = $2`,
    [alert.key, alert.severity, code, JSON.stringify(data)],
  );
}

/** The cause is gone. Safe to repeat. */
export async function resolveAlert(db: Queryable, key: string): Promise<void> {
  await db.query('UPDATE control.alerts SET resolved_at = clock_timestamp() WHERE key = $1 AND resolved_at IS NULL', [
    key,
  ]);
}

/** Somebody has seen it and looks after it; it stays open until its cause is gone. */
export async function acknowledgeAlert(db: Queryable, id: number, actor: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE control.alerts SET acknowledged_at = clock_timestamp(), acknowledged_by = $2
     WHERE id = $1 AND acknowledged_at IS NULL`,
    [id, actor],
  );
  return rowCount > 0;
}

/** Open alerts, the worst and newest first; with the newest resolved ones when asked. */
export async function listAlerts(db: Queryable, options: { readonly resolved?: number } = {}): Promise<Alert[]> {
  const { rows } = await db.query(
    `SELECT * FROM control.alerts WHERE resolved_at IS NULL OR id IN (
       SELECT id FROM control.alerts WHERE resolved_at IS NOT NULL ORDER BY resolved_at DESC LIMIT $1)
     ORDER BY resolved_at IS NOT NULL, severity, raised_at DESC`,
    [options.resolved ?? 0],
  );
  return rows.map((row) => alertRow.parse(row));
}
