/**
 * Owns how a booking comes to be: every rule is checked in the transaction that writes it, under locks on the customer
 * and on the members in question, with the database's exclusion constraint as the last word.
 */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { earliestStart, type Offer, offerAt, offersBetween } from '../domain/offers.ts';
import { planReminders } from '../domain/reminders.ts';
import { nearestSlots } from '../domain/slots.ts';
import { addDays } from '../domain/zone.ts';
import { type BookingView, findBooking } from './bookings.ts';
import { loadSchedule, type Schedule } from './schedule.ts';
import { type BookingSettings, loadSettings, type SettingDefaults } from './settings.ts';

/** What a customer confirmed. */
export interface BookRequest {
  readonly userId: number;
  readonly telegramId: number;
  readonly serviceId: number;
  /** Undefined: anyone. */
  readonly staffId: number | undefined;
  /** Milliseconds since the epoch. */
  readonly start: number;
  /** The update that asked: the same one books once, however often it is delivered. */
  readonly updateId: number;
}

/** How it ended. `booked` also answers a request that had been fulfilled before. */
export type BookOutcome =
  | { readonly kind: 'booked'; readonly booking: BookingView }
  | { readonly kind: 'taken'; readonly nearest: readonly Offer[] }
  | { readonly kind: 'too_soon'; readonly nearest: readonly Offer[] }
  | { readonly kind: 'too_many'; readonly limit: number }
  | { readonly kind: 'gone' };

type Verdict =
  | Exclude<BookOutcome, { readonly nearest: readonly Offer[] }>
  | { readonly kind: 'taken' }
  | { readonly kind: 'too_soon' };

const EXCLUSION_VIOLATION = '23P01';
const NEAREST = 6;
const idRow = z.object({ id: z.coerce.number().int() });

/** Books, or says why not. Costs one transaction; a refused one asks once more for the nearest free times. */
export async function book(
  database: Database,
  defaults: SettingDefaults,
  request: BookRequest,
  now: number,
): Promise<BookOutcome> {
  const verdict = await attempt(database, defaults, request, now);
  if (verdict.kind !== 'taken' && verdict.kind !== 'too_soon') {
    return verdict;
  }
  return { kind: verdict.kind, nearest: await nearestOffers(database, defaults, request, now) };
}

async function attempt(
  database: Database,
  defaults: SettingDefaults,
  request: BookRequest,
  now: number,
): Promise<Verdict> {
  try {
    return await database.transaction(async (tx) => await decide(tx, defaults, request, now));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === EXCLUSION_VIOLATION) {
      return { kind: 'taken' };
    }
    throw error;
  }
}

async function decide(tx: Queryable, defaults: SettingDefaults, request: BookRequest, now: number): Promise<Verdict> {
  await tx.query('SELECT FROM users WHERE id = $1 FOR UPDATE', [request.userId]);
  const before = await earlierBooking(tx, request);
  if (before !== undefined) {
    return { kind: 'booked', booking: before };
  }
  const settings = await loadSettings(tx, defaults);
  if ((await countAhead(tx, request.userId, now)) >= settings.maxBookingsPerUser) {
    return { kind: 'too_many', limit: settings.maxBookingsPerUser };
  }
  const schedule = await lockedSchedule(tx, settings, request);
  if (schedule === undefined || schedule.members.length === 0) {
    return { kind: 'gone' };
  }
  if (request.start < earliestStart(settings, now)) {
    return { kind: 'too_soon' };
  }
  const offer = offerAt(schedule.service, schedule.members, settings, now, request.start);
  const staffId = offer?.memberIds[0];
  if (offer === undefined || staffId === undefined) {
    return { kind: 'taken' };
  }
  const id = await insertBooking(tx, settings, request, { start: offer.start, end: offer.end, staffId }, now);
  const booking = await findBooking(tx, request.userId, id);
  return booking === undefined ? { kind: 'gone' } : { kind: 'booked', booking };
}

/** The booking that this update made before, or that an earlier press of the same button made. */
async function earlierBooking(tx: Queryable, request: BookRequest): Promise<BookingView | undefined> {
  const { rows } = await tx.query(
    `SELECT id FROM bookings WHERE user_id = $1 AND (source_update_id = $2 OR (service_id = $3
       AND lower(during) = $4 AND ($5::bigint IS NULL OR staff_id = $5) AND status IN ('pending', 'confirmed')))
     ORDER BY source_update_id = $2 DESC NULLS LAST LIMIT 1`,
    [request.userId, request.updateId, request.serviceId, new Date(request.start), request.staffId ?? null],
  );
  return rows[0] === undefined ? undefined : await findBooking(tx, request.userId, idRow.parse(rows[0]).id);
}

async function countAhead(tx: Queryable, userId: number, now: number): Promise<number> {
  const { rows } = await tx.query<{ count: string }>(
    `SELECT count(*) FROM bookings WHERE user_id = $1 AND status IN ('pending', 'confirmed') AND upper(during) > $2`,
    [userId, new Date(now)],
  );
  return Number(rows[0]?.count ?? 0);
}

/** Locks first and reads after, so that what is read holds until the commit. Everyone locks in the order of ids. */
async function lockedSchedule(
  tx: Queryable,
  settings: BookingSettings,
  { serviceId, staffId, start }: BookRequest,
): Promise<Schedule | undefined> {
  await tx.query('SELECT FROM services WHERE id = $1 FOR SHARE', [serviceId]);
  await tx.query(
    `SELECT FROM staff WHERE active AND (service_ids IS NULL OR $1 = ANY (service_ids))
     AND ($2::bigint IS NULL OR id = $2) ORDER BY id FOR NO KEY UPDATE`,
    [serviceId, staffId ?? null],
  );
  const { date } = settings.zone.wallClock(start);
  return await loadSchedule(tx, { serviceId, staffId, first: date, last: date });
}

async function insertBooking(
  tx: Queryable,
  settings: BookingSettings,
  request: BookRequest,
  visit: { readonly start: number; readonly end: number; readonly staffId: number },
  now: number,
): Promise<number> {
  const reminders = planReminders(settings.reminders, settings.zone, visit.start, now);
  const { rows } = await tx.query(
    `WITH booked AS (
       INSERT INTO bookings (user_id, service_id, staff_id, during, status, capacity, buffer_before_minutes,
         buffer_after_minutes, price_kopecks, currency, source_update_id, created_at, updated_at)
       SELECT $1, id, $2, tstzrange($3, $4), 'confirmed', capacity, buffer_before_minutes, buffer_after_minutes,
         price_kopecks, currency, $5, $6, $6 FROM services WHERE id = $7 RETURNING id
     ), noted AS (
       INSERT INTO booking_history (booking_id, to_status, actor, actor_telegram_id, at)
       SELECT id, 'confirmed', 'customer', $8, $6 FROM booked
     ), reminded AS (
       INSERT INTO reminders (booking_id, kind, due_at)
       SELECT booked.id, kind, due FROM booked, unnest($9::text[], $10::timestamptz[]) AS later (kind, due)
     )
     SELECT id FROM booked`,
    [
      request.userId,
      visit.staffId,
      new Date(visit.start),
      new Date(visit.end),
      request.updateId,
      new Date(now),
      request.serviceId,
      request.telegramId,
      reminders.map(({ kind }) => kind),
      reminders.map(({ due }) => new Date(due)),
    ],
  );
  return idRow.parse(rows[0]).id;
}

async function nearestOffers(
  database: Database,
  defaults: SettingDefaults,
  { serviceId, staffId, start }: BookRequest,
  now: number,
): Promise<Offer[]> {
  const settings = await loadSettings(database, defaults);
  const today = settings.zone.wallClock(now).date;
  const { date } = settings.zone.wallClock(Math.max(start, now));
  const first = date > today ? addDays(date, -1) : today;
  const range = [first, addDays(date, 3)] as const;
  const schedule = await loadSchedule(database, { serviceId, staffId, first, last: range[1] });
  if (schedule === undefined) {
    return [];
  }
  const offers = offersBetween(schedule.service, schedule.members, settings, now, range);
  const starts = new Set(
    nearestSlots(
      offers.map((o) => ({ ...o, seats: 1 })),
      start,
      NEAREST,
    ).map((slot) => slot.start),
  );
  return offers.filter((offer) => starts.has(offer.start));
}
