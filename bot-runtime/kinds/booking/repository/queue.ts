/**
 * Owns the reminders that wait to be sent: rows with a due time. One is claimed at a time, under a lock that others skip;
 * a claim whose process died lapses, and the reminder is tried again.
 */
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';
import type { Locale } from '../texts/locale.ts';
import { type AgendaEntry, VIEW_FROM, VIEW_LIST, viewRow } from './bookings.ts';

/** How a reminder ended. */
export type Outcome = 'sent' | 'superseded' | 'too_late' | 'unwelcome' | 'failed';

/** A reminder that this process holds now. */
export interface ClaimedReminder {
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly due: number;
  readonly attempts: number;
  readonly telegramId: number;
  readonly locale: Locale;
  /** Another reminder of the same visit is due as well. */
  readonly laterIsDue: boolean;
  readonly booking: AgendaEntry;
}

/** A process that says nothing for so long is taken for dead, and its reminder is tried again. */
const CLAIM_MS = 60_000;

const reminderRow = z.object({
  reminder_id: z.coerce.number().int(),
  due_at: z.date(),
  attempts: z.number().int(),
  telegram_id: z.coerce.number().int(),
  locale: z.enum(['en', 'ru']),
  later: z.boolean(),
});
const dueRow = z.object({ due: z.date().nullable(), in_line: z.boolean() });

/** Claims the reminder that has been due for longest; undefined when none is due. */
export async function claimReminder(source: Queryable, now: number): Promise<ClaimedReminder | undefined> {
  const { rows } = await source.query(
    `WITH claimed AS (
       UPDATE reminders SET claimed_until = $2, attempts = attempts + 1
       WHERE id = (SELECT id FROM reminders
         WHERE outcome IS NULL AND due_at <= $1 AND coalesce(claimed_until <= $1, true)
         ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING *
     )
     SELECT ${VIEW_LIST}, claimed.id AS reminder_id, claimed.due_at, claimed.attempts, u.telegram_id, u.locale, EXISTS (
         SELECT FROM reminders later WHERE later.booking_id = b.id AND later.due_at > claimed.due_at AND later.due_at <= $1
       ) AS later
     FROM claimed JOIN bookings b ON b.id = claimed.booking_id ${VIEW_FROM}`,
    [new Date(now), new Date(now + CLAIM_MS)],
  );
  if (rows[0] === undefined) return undefined;
  const row = reminderRow.parse(rows[0]);
  return {
    id: row.reminder_id,
    due: row.due_at.getTime(),
    attempts: row.attempts,
    telegramId: row.telegram_id,
    locale: row.locale,
    laterIsDue: row.later,
    booking: viewRow.parse(rows[0]),
  };
}

/** Writes down how it ended, unless the visit was moved meanwhile and it is to be sent at another time. */
export async function finish(
  source: Queryable,
  { id, due }: Pick<ClaimedReminder, 'id' | 'due'>,
  outcome: Outcome,
  now: number,
): Promise<void> {
  await source.query(
    `UPDATE reminders SET outcome = $2, claimed_until = NULL, sent_at = CASE WHEN $2 = 'sent' THEN $3::timestamptz END
     WHERE id = $1 AND due_at = $4`,
    [id, outcome, new Date(now), new Date(due)],
  );
}

/** Lets it be tried again from an instant on. */
export async function postpone(
  source: Queryable,
  { id, due }: Pick<ClaimedReminder, 'id' | 'due'>,
  until: number,
): Promise<void> {
  await source.query('UPDATE reminders SET claimed_until = $2 WHERE id = $1 AND outcome IS NULL AND due_at = $3', [
    id,
    new Date(until),
    new Date(due),
  ]);
}

/** What the delivery has to do next. */
export interface NextWork {
  /** When a reminder or a notice may be sent, or an offer lapses; undefined when nothing waits. */
  readonly due: number | undefined;
  /** Somebody stands in a waiting list, or was offered something. */
  readonly inLine: boolean;
}

/** Looks at what has to be done next. */
export async function nextWork(source: Queryable): Promise<NextWork> {
  const { rows } = await source.query(
    `SELECT least(
       (SELECT min(due_at) FROM reminders WHERE outcome IS NULL AND claimed_until IS NULL),
       (SELECT min(greatest(due_at, claimed_until)) FROM reminders WHERE outcome IS NULL AND claimed_until IS NOT NULL),
       (SELECT min(due_at) FROM notices WHERE outcome IS NULL AND claimed_until IS NULL),
       (SELECT min(greatest(due_at, claimed_until)) FROM notices WHERE outcome IS NULL AND claimed_until IS NOT NULL),
       (SELECT min(offered_until) FROM waiting_list WHERE state = 'offered')) AS due,
     EXISTS (SELECT FROM waiting_list WHERE state IN ('waiting', 'offered')) AS in_line`,
  );
  const { due, in_line: inLine } = dueRow.parse(rows[0]);
  return { due: due?.getTime(), inLine };
}
