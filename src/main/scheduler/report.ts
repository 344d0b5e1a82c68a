/** The daily report: what happened, written down for the Master Bot, which tells it. */
import * as z from 'zod';
import type { Database } from '#core/postgres/database.ts';
import { REPORT_CHANNEL, type ReportFacts } from '#shared/schemas/report.ts';

const KEEP_DAYS = 30;

const row = z.object({
  clients: z.number(),
  suspended: z.number(),
  queued: z.number(),
  payments: z.number(),
  amount: z.coerce.number(),
  currency: z.string(),
  alerts: z.number(),
});

/** Writes the report of this day down, once however often it is asked for. */
export async function writeReport(
  database: Database,
  backups: { readonly green: boolean; readonly newestHours: number | null },
  dueAt: Date,
): Promise<ReportFacts> {
  const { rows } = await database.query(
    `SELECT
       (SELECT count(*)::integer FROM control.tenants WHERE state = 'active') AS clients,
       (SELECT count(*)::integer FROM control.tenants WHERE state = 'suspended') AS suspended,
       (SELECT count(*)::integer FROM control.tenants WHERE queued_at IS NOT NULL) AS queued,
       (SELECT count(*)::integer FROM control.alerts WHERE resolved_at IS NULL) AS alerts,
       count(p.id)::integer AS payments, coalesce(sum(p.amount), 0) AS amount, coalesce(min(p.currency), 'RUB') AS currency
     FROM control.payments p WHERE p.status = 'succeeded' AND p.created_at BETWEEN $1::timestamptz - interval '1 day' AND $1`,
    [dueAt],
  );
  const hours = backups.newestHours === null ? null : Math.round(backups.newestHours);
  const facts = { ...row.parse(rows[0]), backupHours: hours, backupsGreen: backups.green };
  await database.transaction(async (tx) => {
    await tx.query(
      'INSERT INTO master_bot.reports (day, facts) VALUES ($1::timestamptz::date, $2) ON CONFLICT DO NOTHING',
      [dueAt, JSON.stringify(facts)],
    );
    await tx.query("SELECT pg_notify($1, '')", [REPORT_CHANNEL]);
    await tx.query(`DELETE FROM master_bot.reports WHERE at < clock_timestamp() - $1 * interval '1 day'`, [KEEP_DAYS]);
  });
  return facts;
}
