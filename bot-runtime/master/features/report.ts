/** Owns the daily report: told to every operator once, by whoever serves then. */
import { isUnwelcome, tell } from '#bot-runtime/runtime/dialog/screen.ts';
import { type ReportFacts, reportFactsSchema } from '#shared/schemas/report.ts';
import { LOCALES } from '#shared/schemas/tenant.ts';
import { button, type MasterTexts, type Office } from '../turn.ts';

/** A report that nobody could be told for so long is not told any more. */
const FRESH_HOURS = 20;

/** Tells the newest report to those who have not heard it. Safe to repeat. */
export async function tellReport(office: Office): Promise<void> {
  const { database } = office.services;
  const { rows } = await database.query<{ day: string; facts: unknown }>(
    `SELECT day::text, facts FROM reports WHERE at > now() - $1 * interval '1 hour' ORDER BY day DESC LIMIT 1`,
    [FRESH_HOURS],
  );
  const [report] = rows;
  if (report === undefined) return;
  const facts = reportFactsSchema.parse(report.facts);
  for (const operatorId of office.operatorIds) {
    const { rowCount } = await database.query(
      `INSERT INTO report_readers (day, telegram_id)
       SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM subscribers WHERE telegram_id = $2 AND muted_until > now())
       ON CONFLICT DO NOTHING`,
      [report.day, operatorId],
    );
    if (rowCount > 0) await tellOne(office, operatorId, report.day, facts);
  }
}

async function tellOne(office: Office, operatorId: number, day: string, facts: ReportFacts): Promise<void> {
  const { database } = office.services;
  const { rows } = await database.query<{ locale: string }>('SELECT locale FROM subscribers WHERE telegram_id = $1', [
    operatorId,
  ]);
  const texts = office.texts(LOCALES.find((one) => one === rows[0]?.locale) ?? 'en');
  try {
    await tell(office.api, operatorId, reportHtml(texts, day, facts), [
      [button(texts, 'button-health', 'h'), button(texts, 'button-backups', 'bl', 0)],
    ]);
  } catch (error) {
    // Who has never written to the bot, or has blocked it, does not want to hear it.
    if (isUnwelcome(error)) return;
    await database.query('DELETE FROM report_readers WHERE day = $1 AND telegram_id = $2', [day, operatorId]);
    throw error;
  }
}

function reportHtml(texts: MasterTexts, day: string, facts: ReportFacts): string {
  const { clients, suspended, queued, payments, amount, currency, alerts, backupHours, backupsGreen } = facts;
  const tag = texts.locale === 'ru' ? 'ru-RU' : 'en-GB';
  const money = new Intl.NumberFormat(tag, { style: 'currency', currency, maximumFractionDigits: 0 }).format(
    amount / 100,
  );
  return [
    texts.html('report-title', { day }),
    texts.html('report-clients', { clients, suspended, queued }),
    texts.html('report-payments', { payments, money }),
    texts.html(alerts === 0 ? 'report-calm' : 'report-alerts', { alerts }),
    texts.html(backupsGreen ? 'report-backup' : 'report-backup-bad', { hours: backupHours ?? '—' }),
  ].join('\n');
}
