/**
 * Owns how a booking comes to be: every rule is checked in the transaction that writes it, under locks on the customer
 * and on the members in question, with the database's exclusion constraint as the last word.
 */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { deskRules, earliestStart, type Offer, offerAt } from '../domain/offers.ts';
import { writeAction } from './admin-actions.ts';
import { type Actor, type BookingView, findBooking } from './bookings.ts';
import { addNotice } from './notices.ts';
import { insertVisit, isOverlap, lockedSchedule, nearestOffers, planAhead, type Wish } from './place.ts';
import { type BookingSettings, loadSettings, type SettingDefaults } from './settings.ts';

/** What was confirmed, by the customer or, for them, by somebody who works here. */
export interface BookRequest extends Wish {
  readonly userId: number;
  readonly by: { readonly kind: Exclude<Actor['kind'], 'system'>; readonly telegramId: number };
  /** The update that asked: the same one books once, however often it is delivered. */
  readonly updateId: number;
}

/** How it ended. `booked` also answers a request that had been fulfilled before; `firstDue`: when it first says something. */
export type BookOutcome =
  | { readonly kind: 'booked'; readonly booking: BookingView; readonly firstDue?: number | undefined }
  | { readonly kind: 'taken'; readonly nearest: readonly Offer[] }
  | { readonly kind: 'too_soon'; readonly nearest: readonly Offer[] }
  | { readonly kind: 'too_many'; readonly limit: number }
  | { readonly kind: 'gone' };

type Verdict =
  | Exclude<BookOutcome, { readonly nearest: readonly Offer[] }>
  | { readonly kind: 'taken' }
  | { readonly kind: 'too_soon' };

const earlierRow = z.object({ id: z.string().nullable(), ahead: z.number().int() });

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
  const settings = rulesFor(request, await loadSettings(database, defaults));
  return { kind: verdict.kind, nearest: await nearestOffers(database, settings, request, now) };
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
    if (isOverlap(error)) {
      return { kind: 'taken' };
    }
    throw error;
  }
}

async function decide(tx: Queryable, defaults: SettingDefaults, request: BookRequest, now: number): Promise<Verdict> {
  await tx.query('SELECT FROM users WHERE id = $1 FOR UPDATE', [request.userId]);
  const { before, ahead } = await earlierBookings(tx, request, now);
  if (before !== undefined) {
    return { kind: 'booked', booking: before };
  }
  const settings = rulesFor(request, await loadSettings(tx, defaults));
  if (request.by.kind === 'customer' && ahead >= settings.maxBookingsPerUser) {
    return { kind: 'too_many', limit: settings.maxBookingsPerUser };
  }
  const schedule = await lockedSchedule(tx, settings, request);
  if (schedule === undefined) {
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
  const { userId, updateId, by } = request;
  const { start, end } = offer;
  const id = await insertVisit(tx, { userId, schedule, start, end, staffId, status: 'confirmed', updateId, by }, now);
  const planned = await planAhead(tx, settings, { id, start, end }, now);
  const firstDue = by.kind === 'admin' ? now : planned;
  if (by.kind === 'admin') await noteByHand(tx, { id, userId, telegramId: by.telegramId, updateId }, now);
  const booking = await findBooking(tx, userId, id);
  return booking === undefined ? { kind: 'gone' } : { kind: 'booked', booking, firstDue };
}

function rulesFor({ by }: BookRequest, settings: BookingSettings): BookingSettings {
  return by.kind === 'admin' ? deskRules(settings) : settings;
}

/** What goes with a visit that was booked by hand: a line in the log, and a word to the customer. */
async function noteByHand(
  tx: Queryable,
  { id, userId, ...request }: { id: number; userId: number; telegramId: number; updateId: number },
  now: number,
): Promise<void> {
  await writeAction(tx, request, { action: 'booking.add', details: { booking: id } }, now);
  await addNotice(tx, { userId, kind: 'desk_booked', bookingId: id, uniqueKey: `desk_booked:${id}`, due: now });
}

/** The booking that this update made before, or that an earlier press of the same button made; and how many lie ahead. */
async function earlierBookings(
  tx: Queryable,
  request: BookRequest,
  now: number,
): Promise<{ readonly before: BookingView | undefined; readonly ahead: number }> {
  const { rows } = await tx.query(
    `SELECT (SELECT id FROM bookings WHERE user_id = $1 AND (source_update_id = $2 OR (service_id = $3
         AND more_service_ids = $6 AND lower(during) = $4 AND ($5::bigint IS NULL OR staff_id = $5)
         AND status IN ('pending', 'confirmed')))
       ORDER BY source_update_id = $2 DESC NULLS LAST LIMIT 1) AS id,
     (SELECT count(*) FROM bookings WHERE user_id = $1 AND status IN ('pending', 'confirmed')
       AND upper(during) > $7)::integer AS ahead`,
    [
      request.userId,
      request.updateId,
      request.serviceIds[0],
      new Date(request.start),
      request.staffId ?? null,
      request.serviceIds.slice(1),
      new Date(now),
    ],
  );
  const { id, ahead } = earlierRow.parse(rows[0]);
  return { before: id === null ? undefined : await findBooking(tx, request.userId, Number(id)), ahead };
}
