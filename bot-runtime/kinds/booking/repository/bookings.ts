/** Owns reading bookings and moving them between states; how a booking comes to be stands in `book.ts`. */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { BOOKING_STATUSES, type BookingStatus, mayChange, statusesBefore } from '../domain/booking-status.ts';
import type { LocalDate } from '../domain/zone.ts';
import { loadSettings, type SettingDefaults } from './settings.ts';

/** One booking as its customer sees it. Instants in milliseconds since the epoch. */
export interface BookingView {
  readonly id: number;
  readonly status: BookingStatus;
  readonly service: string;
  /** What is done, the first service first. */
  readonly serviceIds: readonly number[];
  readonly staffId: number;
  /** Set when there is more than one member to choose from. */
  readonly staff: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly priceKopecks: number;
  readonly currency: string;
  /** Asked by a reminder, they said that they will come. */
  readonly customerConfirmed: boolean;
  /** The business has asked the customer to choose another time. */
  readonly askedToMove: boolean;
}

/** One booking as the owner sees it. */
export interface AgendaEntry extends BookingView {
  readonly customer: string;
  readonly phone: string | undefined;
}

/** Who moved a booking. */
export interface Actor {
  readonly kind: 'customer' | 'admin' | 'system';
  readonly telegramId: number | undefined;
}

/** How an attempt to cancel ended. */
export type CancelOutcome =
  | { readonly kind: 'cancelled' | 'already_over'; readonly booking: BookingView }
  | { readonly kind: 'too_late'; readonly booking: BookingView; readonly hours: number }
  | { readonly kind: 'unknown' };

/** A row of {@link VIEW_LIST}. */
export const viewRow = z
  .object({
    id: z.coerce.number().int(),
    status: z.enum(BOOKING_STATUSES),
    service: z.string(),
    service_ids: z.array(z.coerce.number().int()),
    staff_id: z.coerce.number().int(),
    staff: z.string().nullable(),
    begins: z.date(),
    ends: z.date(),
    price_kopecks: z.coerce.number().int(),
    currency: z.string(),
    customer: z.string(),
    phone: z.string().nullable(),
    customer_confirmed: z.boolean(),
    asked_to_move: z.boolean(),
  })
  .transform(
    (row): AgendaEntry => ({
      id: row.id,
      status: row.status,
      service: row.service,
      serviceIds: row.service_ids,
      staffId: row.staff_id,
      staff: row.staff ?? undefined,
      start: row.begins.getTime(),
      end: row.ends.getTime(),
      priceKopecks: row.price_kopecks,
      currency: row.currency,
      customer: row.customer,
      phone: row.phone ?? undefined,
      customerConfirmed: row.customer_confirmed,
      askedToMove: row.asked_to_move,
    }),
  );

/** What a view of a booking consists of: `SELECT … FROM bookings b` with {@link VIEW_FROM} behind it. */
export const VIEW_LIST = `b.id, b.status, CASE WHEN b.more_service_ids = '{}' THEN s.name ELSE s.name || (
    SELECT string_agg(' + ' || more.name, '' ORDER BY array_position(b.more_service_ids, more.id))
    FROM services more WHERE more.id = ANY (b.more_service_ids)) END AS service,
  b.service_id || b.more_service_ids AS service_ids, b.staff_id, lower(b.during) AS begins, upper(b.during) AS ends,
  b.price_kopecks, b.currency, CASE WHEN (SELECT count(*) FROM staff WHERE active) > 1 THEN m.name END AS staff,
  u.name AS customer, u.phone, b.customer_confirmed_at IS NOT NULL AS customer_confirmed,
  b.asked_to_move_at IS NOT NULL AS asked_to_move`;
/** See {@link VIEW_LIST}. */
export const VIEW_FROM = `JOIN services s ON s.id = b.service_id JOIN staff m ON m.id = b.staff_id
  JOIN users u ON u.id = b.user_id`;
const VIEW = `SELECT ${VIEW_LIST} FROM bookings b ${VIEW_FROM}`;

/** The customer's bookings that lie ahead, the next one first. */
export async function bookingsAhead(source: Queryable, userId: number, now: number): Promise<BookingView[]> {
  const { rows } = await source.query(
    `${VIEW} WHERE b.user_id = $1 AND b.status IN ('pending', 'confirmed') AND upper(b.during) > $2
     ORDER BY lower(b.during) LIMIT 30`,
    [userId, new Date(now)],
  );
  return rows.map((row) => viewRow.parse(row));
}

/** One booking of this customer; a stranger's is not found. */
export async function findBooking(source: Queryable, userId: number, id: number): Promise<BookingView | undefined> {
  const { rows } = await source.query(`${VIEW} WHERE b.id = $1 AND b.user_id = $2`, [id, userId]);
  return rows[0] === undefined ? undefined : viewRow.parse(rows[0]);
}

/** The customer's visits that are over, the latest first. */
export async function bookingsBefore(
  source: Queryable,
  userId: number,
  now: number,
  most = 10,
): Promise<BookingView[]> {
  const { rows } = await source.query(
    `${VIEW} WHERE b.user_id = $1 AND (b.status = 'done' OR (b.status = 'confirmed' AND upper(b.during) <= $2))
     ORDER BY lower(b.during) DESC LIMIT $3`,
    [userId, new Date(now), most],
  );
  return rows.map((row) => viewRow.parse(row));
}

/** The bookings that begin in a time and still count, of one member or of all, in order, at most 60. */
export async function agenda(source: Queryable, from: number, to: number, staffId?: number): Promise<AgendaEntry[]> {
  const { rows } = await source.query(
    `${VIEW} WHERE lower(b.during) >= $1 AND lower(b.during) < $2 AND b.status IN ('pending', 'confirmed', 'done')
       AND ($3::bigint IS NULL OR b.staff_id = $3)
     ORDER BY lower(b.during), b.id LIMIT 60`,
    [new Date(from), new Date(to), staffId ?? null],
  );
  return rows.map((row) => viewRow.parse(row));
}

/** How many visits begin on each date of the business's clock, of one member or of all; dates without any are absent. */
export async function visitsByDate(
  source: Queryable,
  first: LocalDate,
  last: LocalDate,
  zone: string,
  staffId?: number,
): Promise<Map<LocalDate, number>> {
  const { rows } = await source.query<{ date: string; count: number }>(
    `SELECT (lower(during) AT TIME ZONE $3)::date::text AS date, count(*)::integer AS count FROM bookings
     WHERE lower(during) >= ($1::date::timestamp AT TIME ZONE $3)
       AND lower(during) < (($2::date + 1)::timestamp AT TIME ZONE $3)
       AND status IN ('pending', 'confirmed', 'done') AND ($4::bigint IS NULL OR staff_id = $4) GROUP BY 1`,
    [first, last, zone, staffId ?? null],
  );
  return new Map(rows.map(({ date, count }) => [date, count]));
}

/** Cancels a customer's own booking by the tenant's rule. Asking twice changes nothing twice. */
export async function cancelOwnBooking(
  database: Database,
  defaults: SettingDefaults,
  {
    userId,
    telegramId,
    bookingId,
  }: { readonly userId: number; readonly telegramId: number; readonly bookingId: number },
  now: number,
): Promise<CancelOutcome> {
  return await database.transaction(async (tx) => {
    await tx.query('SELECT FROM bookings WHERE id = $1 AND user_id = $2 FOR UPDATE', [bookingId, userId]);
    const booking = await findBooking(tx, userId, bookingId);
    if (booking === undefined) {
      return { kind: 'unknown' };
    }
    if (booking.status !== 'pending' && booking.status !== 'confirmed') {
      return { kind: 'already_over', booking };
    }
    const { cancellationHours } = await loadSettings(tx, defaults);
    if (!mayChange(booking, now, cancellationHours)) {
      return { kind: 'too_late', booking, hours: cancellationHours };
    }
    await moveBooking(tx, bookingId, 'cancelled', { kind: 'customer', telegramId }, now);
    return { kind: 'cancelled', booking: { ...booking, status: 'cancelled' } };
  });
}

/**
 * Brings a booking into a state if the table of transitions allows it, and writes its history. Reminders that are not
 * sent yet go with a booking that no longer lies ahead. Answers whether it moved.
 */
export async function moveBooking(
  tx: Queryable,
  bookingId: number,
  to: BookingStatus,
  actor: Actor,
  now: number,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `WITH before AS (
       SELECT id, status FROM bookings WHERE id = $1 AND status = ANY ($3) FOR UPDATE
     ), moved AS (
       UPDATE bookings SET status = $2, updated_at = $4 FROM before WHERE bookings.id = before.id
       RETURNING bookings.id, before.status AS from_status
     ), dropped AS (
       DELETE FROM reminders USING moved
       WHERE booking_id = moved.id AND outcome IS NULL AND $2 NOT IN ('pending', 'confirmed')
     ), unsaid AS (
       DELETE FROM notices USING moved
       WHERE booking_id = moved.id AND outcome IS NULL AND kind = 'review' AND $2 IN ('cancelled', 'no_show')
     )
     INSERT INTO booking_history (booking_id, from_status, to_status, actor, actor_telegram_id, at)
     SELECT id, from_status, $2, $5, $6, $4 FROM moved`,
    [bookingId, to, statusesBefore(to), new Date(now), actor.kind, actor.telegramId ?? null],
  );
  return rowCount > 0;
}

/** Writes down that the customer will come; answers the booking as it is now, undefined for a stranger's. */
export async function noteWillCome(
  database: Database,
  {
    userId,
    telegramId,
    bookingId,
  }: { readonly userId: number; readonly telegramId: number; readonly bookingId: number },
  now: number,
): Promise<BookingView | undefined> {
  await database.query(
    `WITH noted AS (
       UPDATE bookings SET customer_confirmed_at = $3 WHERE id = $1 AND user_id = $2 AND customer_confirmed_at IS NULL
         AND status = 'confirmed' AND upper(during) > $3 RETURNING id, status
     )
     INSERT INTO booking_history (booking_id, from_status, to_status, actor, actor_telegram_id, details, at)
     SELECT id, status, status, 'customer', $4, '{"will_come": true}', $3 FROM noted`,
    [bookingId, userId, new Date(now), telegramId],
  );
  return await findBooking(database, userId, bookingId);
}
