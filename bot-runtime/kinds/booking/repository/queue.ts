/**
 * Owns the messages that the bot sends by itself: rows with a due time in `reminders` and `notices`. One is claimed at a
 * time, under a lock that others skip; a claim whose process died lapses, and the message is tried again.
 */
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';
import type { Locale } from '../texts/locale.ts';
import { type AgendaEntry, VIEW_FROM, VIEW_LIST, viewRow } from './bookings.ts';

/** How a message ended. */
export type Outcome = 'sent' | 'superseded' | 'too_late' | 'unwelcome' | 'failed';

/** A reminder that this process holds now. */
export interface ClaimedReminder {
  readonly table: 'reminders';
  readonly id: number;
  readonly attempts: number;
  /** Undefined for a customer who has no Telegram. */
  readonly telegramId: number | undefined;
  readonly locale: Locale;
  readonly laterIsDue: boolean;
  readonly booking: AgendaEntry;
}

/** Any other message that this process holds now. */
export interface ClaimedNotice {
  readonly table: 'notices';
  readonly id: number;
  readonly attempts: number;
  readonly telegramId: number;
  /** Undefined for somebody who has never written to the bot. */
  readonly locale: Locale | undefined;
  readonly kind: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly booking: AgendaEntry | undefined;
}

/** A message to be told. */
export interface NewNotice {
  readonly telegramId: number;
  readonly kind: string;
  readonly bookingId?: number | undefined;
  readonly details?: object;
  /** Equal for what must not be told twice. */
  readonly once?: string;
  readonly due: number;
}

/** A process that says nothing for so long is taken for dead, and its message is tried again. */
const CLAIM_MS = 60_000;

const reminderRow = z.object({
  reminder_id: z.coerce.number().int(),
  attempts: z.number().int(),
  telegram_id: z.coerce.number().int().nullable(),
  locale: z.enum(['en', 'ru']),
  later: z.boolean(),
});
const noticeRow = z.object({
  id: z.coerce.number().int(),
  attempts: z.number().int(),
  telegram_id: z.coerce.number().int(),
  locale: z.enum(['en', 'ru']).nullable(),
  kind: z.string(),
  details: z.record(z.string(), z.unknown()),
  booking_id: z.coerce.number().int().nullable(),
});
const dueRow = z.object({ due: z.date().nullable() });

const claim = (table: 'reminders' | 'notices') => `
  WITH claimed AS (
    UPDATE ${table} SET claimed_until = $2, attempts = attempts + 1
    WHERE id = (SELECT id FROM ${table} WHERE outcome IS NULL AND due_at <= $1 AND coalesce(claimed_until <= $1, true)
      ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING *
  )`;

/** Claims the reminder that has been due for longest; undefined when none is due. */
export async function claimReminder(source: Queryable, now: number): Promise<ClaimedReminder | undefined> {
  const { rows } = await source.query(
    `${claim('reminders')}
     SELECT ${VIEW_LIST}, claimed.id AS reminder_id, claimed.attempts, u.telegram_id, u.locale, EXISTS (
         SELECT FROM reminders later WHERE later.booking_id = b.id AND later.due_at > claimed.due_at AND later.due_at <= $1
       ) AS later
     FROM claimed JOIN bookings b ON b.id = claimed.booking_id ${VIEW_FROM}`,
    [new Date(now), new Date(now + CLAIM_MS)],
  );
  if (rows[0] === undefined) return undefined;
  const { reminder_id: id, attempts, telegram_id: telegramId, locale, later } = reminderRow.parse(rows[0]);
  const booking = viewRow.parse(rows[0]);
  return {
    table: 'reminders',
    id,
    attempts,
    telegramId: telegramId ?? undefined,
    locale,
    laterIsDue: later,
    booking,
  };
}

/** Claims the notice that has been due for longest; undefined when none is due. */
export async function claimNotice(source: Queryable, now: number): Promise<ClaimedNotice | undefined> {
  const { rows } = await source.query(
    `${claim('notices')}
     SELECT claimed.id, claimed.attempts, claimed.telegram_id, claimed.kind, claimed.details, claimed.booking_id,
       (SELECT locale FROM users WHERE users.telegram_id = claimed.telegram_id) AS locale FROM claimed`,
    [new Date(now), new Date(now + CLAIM_MS)],
  );
  if (rows[0] === undefined) return undefined;
  const { telegram_id: telegramId, booking_id: bookingId, locale, ...rest } = noticeRow.parse(rows[0]);
  const found =
    bookingId === null
      ? undefined
      : await source.query(`SELECT ${VIEW_LIST} FROM bookings b ${VIEW_FROM} WHERE b.id = $1`, [bookingId]);
  const booking = found?.rows[0] === undefined ? undefined : viewRow.parse(found.rows[0]);
  return { table: 'notices', ...rest, telegramId, locale: locale ?? undefined, booking };
}

/** Writes down how it ended. */
export async function finish(
  source: Queryable,
  { table, id }: Pick<ClaimedReminder | ClaimedNotice, 'table' | 'id'>,
  outcome: Outcome,
  now: number,
): Promise<void> {
  await source.query(
    `UPDATE ${table} SET outcome = $2, claimed_until = NULL, sent_at = CASE WHEN $2 = 'sent' THEN $3::timestamptz END
     WHERE id = $1`,
    [id, outcome, new Date(now)],
  );
}

/** Lets it be tried again from an instant on. */
export async function postpone(
  source: Queryable,
  { table, id }: Pick<ClaimedReminder | ClaimedNotice, 'table' | 'id'>,
  until: number,
): Promise<void> {
  await source.query(`UPDATE ${table} SET claimed_until = $2 WHERE id = $1 AND outcome IS NULL`, [id, new Date(until)]);
}

/** When the next message may be sent; undefined when none waits. */
export async function nextDue(source: Queryable): Promise<number | undefined> {
  const { rows } = await source.query(
    `SELECT min(due) AS due FROM (
       SELECT min(greatest(due_at, claimed_until)) AS due FROM reminders WHERE outcome IS NULL
       UNION ALL SELECT min(greatest(due_at, claimed_until)) FROM notices WHERE outcome IS NULL) AS both_tables`,
  );
  return dueRow.parse(rows[0]).due?.getTime();
}

/** Puts a message into the queue, under the caller's transaction. One that was told before is not told again. */
export async function addNotice(tx: Queryable, notice: NewNotice): Promise<void> {
  await tx.query(
    `INSERT INTO notices (telegram_id, kind, booking_id, details, once, due_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (once) DO NOTHING`,
    [
      notice.telegramId,
      notice.kind,
      notice.bookingId ?? null,
      JSON.stringify(notice.details ?? {}),
      notice.once ?? null,
      new Date(notice.due),
    ],
  );
}
