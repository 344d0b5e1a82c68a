/**
 * Owns what the bot has to say by itself beside reminders: rows with a due time, claimed one at a time under a lock that
 * others skip. A claim whose process died lapses, and the notice is tried again.
 */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import type { Locale } from '../texts/locale.ts';
import { type AgendaEntry, VIEW_FROM, VIEW_LIST, viewRow } from './bookings.ts';
import type { Outcome } from './queue.ts';

/** A notice that this process holds now. */
export interface ClaimedNotice {
  readonly id: number;
  readonly kind: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly attempts: number;
  readonly userId: number;
  readonly telegramId: number;
  readonly locale: Locale;
  /** The booking that it is about, as it is now. */
  readonly booking: AgendaEntry | undefined;
}

/** A notice to be said. */
export interface NewNotice {
  readonly userId: number;
  readonly kind: string;
  readonly bookingId?: number | undefined;
  readonly details?: object;
  /** Makes saying it twice impossible. */
  readonly uniqueKey?: string;
  /** Milliseconds since the epoch. */
  readonly due: number;
}

const CLAIM_MS = 60_000;
const noticeRow = z.object({
  notice_id: z.coerce.number().int(),
  kind: z.string(),
  details: z.record(z.string(), z.unknown()),
  attempts: z.number().int(),
  user_id: z.coerce.number().int(),
  telegram_id: z.coerce.number().int(),
  locale: z.enum(['en', 'ru']),
  booking_id: z.string().nullable(),
});

/** Writes a notice down, if they can be told anything; the same key again changes nothing. Wake the delivery afterwards. */
export async function addNotice(tx: Queryable, notice: NewNotice): Promise<void> {
  await tx.query(
    `INSERT INTO notices (user_id, kind, booking_id, details, unique_key, due_at)
     SELECT id, $2, $3, $4, $5, $6 FROM users WHERE id = $1 AND telegram_id IS NOT NULL
     ON CONFLICT (unique_key) DO NOTHING`,
    [
      notice.userId,
      notice.kind,
      notice.bookingId ?? null,
      notice.details ?? {},
      notice.uniqueKey ?? null,
      new Date(notice.due),
    ],
  );
}

/**
 * Plans the owner's next summary in place of the one that was planned; undefined: none. False when the owner is not known
 * to the bot yet.
 */
export async function planDigest(
  database: Database,
  ownerId: number,
  next: { readonly date: string; readonly due: number } | undefined,
): Promise<boolean> {
  return await database.transaction(async (tx) => {
    // One that is due and not said yet stays.
    await tx.query(`DELETE FROM notices WHERE kind = 'digest' AND outcome IS NULL AND details ->> 'date' >= $1`, [
      next?.date ?? '',
    ]);
    if (next === undefined) return true;
    await tx.query(
      `INSERT INTO notices (user_id, kind, details, unique_key, due_at)
       SELECT id, 'digest', $2, $3, $4 FROM users WHERE telegram_id = $1
       ON CONFLICT (unique_key) DO NOTHING`,
      [ownerId, { date: next.date, due: next.due }, `digest:${next.date}`, new Date(next.due)],
    );
    const { rowCount } = await tx.query('SELECT FROM users WHERE telegram_id = $1', [ownerId]);
    return rowCount > 0;
  });
}

/** Claims the notice that has been due for longest, messages to all customers last; undefined when none is due. */
export async function claimNotice(source: Queryable, now: number): Promise<ClaimedNotice | undefined> {
  const { rows } = await source.query(
    `WITH claimed AS (
       UPDATE notices SET claimed_until = $2, attempts = attempts + 1
       WHERE id = (SELECT id FROM notices
         WHERE outcome IS NULL AND due_at <= $1 AND coalesce(claimed_until <= $1, true)
         ORDER BY kind = 'broadcast', due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING *
     )
     SELECT claimed.id AS notice_id, claimed.kind, claimed.details, claimed.attempts, claimed.user_id, claimed.booking_id,
       person.telegram_id, person.locale, about.*
     FROM claimed JOIN users person ON person.id = claimed.user_id
     LEFT JOIN LATERAL (SELECT ${VIEW_LIST} FROM bookings b ${VIEW_FROM} WHERE b.id = claimed.booking_id) about ON true`,
    [new Date(now), new Date(now + CLAIM_MS)],
  );
  if (rows[0] === undefined) return undefined;
  const row = noticeRow.parse(rows[0]);
  return {
    id: row.notice_id,
    kind: row.kind,
    details: row.details,
    attempts: row.attempts,
    userId: row.user_id,
    telegramId: row.telegram_id,
    locale: row.locale,
    booking: row.booking_id === null ? undefined : viewRow.parse(rows[0]),
  };
}

/** Writes down how it ended. */
export async function finishNotice(source: Queryable, id: number, outcome: Outcome, now: number): Promise<void> {
  await source.query(
    `UPDATE notices SET outcome = $2, claimed_until = NULL, sent_at = CASE WHEN $2 = 'sent' THEN $3::timestamptz END
     WHERE id = $1`,
    [id, outcome, new Date(now)],
  );
}

/** Lets it be tried again from an instant on. */
export async function postponeNotice(source: Queryable, id: number, until: number): Promise<void> {
  await source.query('UPDATE notices SET claimed_until = $2 WHERE id = $1 AND outcome IS NULL', [id, new Date(until)]);
}
