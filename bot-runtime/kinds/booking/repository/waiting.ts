/**
 * Owns the waiting list: joining and leaving the line for a full day, and what becomes of an offer. An offered time is a
 * booking of state `pending`: the database keeps it for whoever is next in line until they answer or the offer lapses.
 */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import type { LocalDate } from '../domain/zone.ts';
import { type BookingView, findBooking, moveBooking } from './bookings.ts';
import { planAhead } from './place.ts';
import { loadSettings, type SettingDefaults } from './settings.ts';

/** One place in the line. Instants in milliseconds since the epoch. */
export interface WaitingEntry {
  readonly id: number;
  readonly userId: number;
  readonly serviceIds: readonly number[];
  readonly service: string;
  readonly staffId: number | undefined;
  readonly date: LocalDate;
  readonly state: 'waiting' | 'offered' | 'booked' | 'left' | 'over';
  readonly bookingId: number | undefined;
  readonly offeredUntil: number | undefined;
  /** What they were offered before. */
  readonly offeredStarts: ReadonlySet<number>;
}

/** What an answer to an offer came to. `firstDue`: when the visit first says something. */
export type OfferOutcome =
  | { readonly kind: 'taken'; readonly booking: BookingView; readonly firstDue?: number | undefined }
  | { readonly kind: 'refused' | 'over' | 'unknown' };

/** So many lines one customer may stand in. */
export const MOST_LINES = 5;

const entryRow = z
  .object({
    id: z.coerce.number().int(),
    user_id: z.coerce.number().int(),
    service_ids: z.array(z.coerce.number().int()),
    service: z.string(),
    staff_id: z.coerce.number().int().nullable(),
    date: z.string(),
    state: z.enum(['waiting', 'offered', 'booked', 'left', 'over']),
    booking_id: z.coerce.number().int().nullable(),
    offered_until: z.date().nullable(),
    offered_starts: z.array(z.date()),
  })
  .transform(
    (row): WaitingEntry => ({
      id: row.id,
      userId: row.user_id,
      serviceIds: row.service_ids,
      service: row.service,
      staffId: row.staff_id ?? undefined,
      date: row.date,
      state: row.state,
      bookingId: row.booking_id ?? undefined,
      offeredUntil: row.offered_until?.getTime(),
      offeredStarts: new Set(row.offered_starts.map((start) => start.getTime())),
    }),
  );

const ENTRY = `SELECT w.id, w.user_id, w.service_ids, w.staff_id, w.on_date::text AS date, w.state, w.booking_id,
  w.offered_until, w.offered_starts, (SELECT coalesce(string_agg(name, ' + ' ORDER BY array_position(w.service_ids, id)), '')
    FROM services WHERE id = ANY (w.service_ids)) AS service
  FROM waiting_list w`;

/** Joins the line of a day. Asking again keeps the place. */
export async function joinLine(
  database: Database,
  entry: {
    readonly userId: number;
    readonly serviceIds: readonly number[];
    readonly staffId: number | undefined;
    readonly date: LocalDate;
  },
  now: number,
): Promise<'joined' | 'too_many'> {
  return await database.transaction(async (tx) => {
    await tx.query('SELECT FROM users WHERE id = $1 FOR UPDATE', [entry.userId]);
    const open = await linesOf(tx, entry.userId);
    const same = open.some(
      ({ date, serviceIds }) => date === entry.date && String(serviceIds) === String(entry.serviceIds),
    );
    if (same) return 'joined';
    if (open.length >= MOST_LINES) return 'too_many';
    await tx.query(
      'INSERT INTO waiting_list (user_id, service_ids, staff_id, on_date, created_at) VALUES ($1, $2, $3, $4, $5)',
      [entry.userId, entry.serviceIds, entry.staffId ?? null, entry.date, new Date(now)],
    );
    return 'joined';
  });
}

/** The lines in which a customer stands, by date. */
export async function linesOf(source: Queryable, userId: number): Promise<WaitingEntry[]> {
  const { rows } = await source.query(
    `${ENTRY} WHERE w.user_id = $1 AND w.state IN ('waiting', 'offered') ORDER BY w.on_date, w.id`,
    [userId],
  );
  return rows.map((row) => entryRow.parse(row));
}

/** One place of this customer's; a stranger's is not found. */
export async function findLine(source: Queryable, userId: number, id: number): Promise<WaitingEntry | undefined> {
  const { rows } = await source.query(`${ENTRY} WHERE w.id = $1 AND w.user_id = $2`, [id, userId]);
  return rows[0] === undefined ? undefined : entryRow.parse(rows[0]);
}

/** Everyone in line from a date on, first come first served, at most 500. */
export async function allInLine(source: Queryable, from: LocalDate): Promise<WaitingEntry[]> {
  const { rows } = await source.query(
    `${ENTRY} WHERE w.state = 'waiting' AND w.on_date >= $1
       AND NOT EXISTS (SELECT FROM users u WHERE u.id = w.user_id AND u.blocked)
     ORDER BY w.created_at, w.id LIMIT 500`,
    [from],
  );
  return rows.map((row) => entryRow.parse(row));
}

/** Leaves the line; an offer that is open is given back. True when they stood in it. */
export async function leaveLine(database: Database, userId: number, id: number, now: number): Promise<boolean> {
  return await database.transaction(async (tx) => {
    const entry = await lockedEntry(tx, userId, id);
    if (entry === undefined || (entry.state !== 'waiting' && entry.state !== 'offered')) return false;
    await release(tx, entry, now);
    await setState(tx, id, 'left');
    return true;
  });
}

/** Takes the offered time: from now on it is a booking as any other. The same press again finds it. */
export async function takeOffer(
  database: Database,
  defaults: SettingDefaults,
  request: { readonly userId: number; readonly telegramId: number; readonly entryId: number; readonly start: number },
  now: number,
): Promise<OfferOutcome> {
  const { userId, telegramId, entryId, start } = request;
  return await database.transaction(async (tx): Promise<OfferOutcome> => {
    const entry = await lockedEntry(tx, userId, entryId);
    if (entry === undefined) return { kind: 'unknown' };
    const booking = entry.bookingId === undefined ? undefined : await findBooking(tx, userId, entry.bookingId);
    if (booking?.start !== start) return { kind: 'over' };
    if (entry.state === 'booked') return { kind: 'taken', booking };
    const open = entry.state === 'offered' && now < (entry.offeredUntil ?? 0) && booking.status === 'pending';
    if (!open) return { kind: 'over' };
    await moveBooking(tx, booking.id, 'confirmed', { kind: 'customer', telegramId }, now);
    await setState(tx, entryId, 'booked');
    const firstDue = await planAhead(tx, await loadSettings(tx, defaults), booking, now);
    return { kind: 'taken', booking: { ...booking, status: 'confirmed' }, firstDue };
  });
}

/** Lets the offered time go to the next in line; whoever refuses stays in line for other times. */
export async function refuseOffer(
  database: Database,
  { userId, entryId, start }: { readonly userId: number; readonly entryId: number; readonly start: number },
  now: number,
): Promise<OfferOutcome> {
  return await database.transaction(async (tx): Promise<OfferOutcome> => {
    const entry = await lockedEntry(tx, userId, entryId);
    if (entry === undefined) return { kind: 'unknown' };
    const booking = entry.bookingId === undefined ? undefined : await findBooking(tx, userId, entry.bookingId);
    if (entry.state !== 'offered' || booking?.start !== start) return { kind: 'over' };
    await release(tx, entry, now);
    await setState(tx, entryId, 'waiting');
    return { kind: 'refused' };
  });
}

/** The offer that a pending booking is, if it is one. */
export async function offerOf(source: Queryable, bookingId: number): Promise<WaitingEntry | undefined> {
  const { rows } = await source.query(`${ENTRY} WHERE w.booking_id = $1 AND w.state = 'offered'`, [bookingId]);
  return rows[0] === undefined ? undefined : entryRow.parse(rows[0]);
}

/** Locks a place with its customer first, as everybody does who books. */
export async function lockedEntry(tx: Queryable, userId: number, id: number): Promise<WaitingEntry | undefined> {
  await tx.query('SELECT FROM users WHERE id = $1 FOR UPDATE', [userId]);
  await tx.query('SELECT FROM waiting_list WHERE id = $1 FOR UPDATE', [id]);
  return await findLine(tx, userId, id);
}

/** Ends the booking that an offer was. It never was a visit, so nothing of it stays unless somebody worked on it. */
export async function release(tx: Queryable, entry: WaitingEntry, now: number): Promise<void> {
  if (entry.state !== 'offered' || entry.bookingId === undefined) return;
  await tx.query(`DELETE FROM notices WHERE booking_id = $1 AND outcome IS NULL`, [entry.bookingId]);
  const { rowCount } = await tx.query(
    `DELETE FROM bookings WHERE id = $1 AND status = 'pending'
       AND NOT EXISTS (SELECT FROM booking_history WHERE booking_id = $1)
       AND NOT EXISTS (SELECT FROM reminders WHERE booking_id = $1)`,
    [entry.bookingId],
  );
  if (rowCount === 0) {
    await moveBooking(tx, entry.bookingId, 'cancelled', { kind: 'system', telegramId: undefined }, now);
  }
}

/** Writes down where a place in the line stands now. */
export async function setState(
  tx: Queryable,
  id: number,
  state: Exclude<WaitingEntry['state'], 'offered'>,
): Promise<void> {
  await tx.query(`UPDATE waiting_list SET state = $2, offered_until = NULL WHERE id = $1`, [id, state]);
}
