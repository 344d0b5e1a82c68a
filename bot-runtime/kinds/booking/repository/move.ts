/** Owns moving a booking to another time, or to another member: one transaction, checked as a booking is. */
import type { Database, Queryable } from '#core/postgres/database.ts';
import { mayChange } from '../domain/booking-status.ts';
import { deskRules, earliestStart, type Offer, offerAt } from '../domain/offers.ts';
import { writeAction } from './admin-actions.ts';
import { type Actor, type BookingView, findBooking } from './bookings.ts';
import { addNotice } from './notices.ts';
import { isOverlap, lockedSchedule, nearestOffers, note, planAhead } from './place.ts';
import { type BookingSettings, loadSettings, type SettingDefaults } from './settings.ts';
import { offerOf } from './waiting.ts';

/** Where a booking is to be moved. */
export interface MoveRequest {
  readonly bookingId: number;
  /** Whose booking it is. */
  readonly userId: number;
  readonly actor: Actor;
  /** The update by which somebody who works here asked for this move alone: it stands in their log. */
  readonly updateId?: number;
  /** Undefined: anyone. */
  readonly staffId: number | undefined;
  /** The member who has it cannot do it: the same time with them is no answer. */
  readonly elsewhere?: boolean;
  /** Milliseconds since the epoch. */
  readonly start: number;
}

/** How it ended. `moved` also answers when the visit is there already; `before` is where it was. */
export type MoveOutcome =
  | {
      readonly kind: 'moved';
      readonly booking: BookingView;
      readonly before: BookingView;
      readonly firstDue?: number | undefined;
    }
  | { readonly kind: 'taken' | 'too_soon'; readonly booking: BookingView; readonly nearest: readonly Offer[] }
  | { readonly kind: 'too_late'; readonly booking: BookingView; readonly hours: number }
  | { readonly kind: 'over'; readonly booking: BookingView }
  | { readonly kind: 'gone' | 'unknown' };

type Verdict =
  | Exclude<MoveOutcome, { readonly nearest: readonly Offer[] }>
  | { readonly kind: 'taken' | 'too_soon'; readonly booking: BookingView; readonly settings: BookingSettings };

/**
 * Moves a booking, or says why not. A customer may do so for as long as they may cancel; the staff until the visit ends.
 * What the customer has promised about the old time no longer counts, and the reminders are planned anew.
 */
export async function moveVisit(
  database: Database,
  defaults: SettingDefaults,
  request: MoveRequest,
  now: number,
): Promise<MoveOutcome> {
  const verdict = await attempt(database, defaults, request, now);
  if (!('settings' in verdict)) return verdict;
  const { kind, booking, settings } = verdict;
  return { kind, booking, nearest: await nearestOffers(database, settings, wishOf(request, booking), now) };
}

async function attempt(
  database: Database,
  defaults: SettingDefaults,
  request: MoveRequest,
  now: number,
): Promise<Verdict> {
  try {
    return await database.transaction(async (tx) => await decide(tx, defaults, request, now));
  } catch (error) {
    if (!isOverlap(error)) throw error;
    const booking = await findBooking(database, request.userId, request.bookingId);
    if (booking === undefined) return { kind: 'unknown' };
    return { kind: 'taken', booking, settings: rulesFor(request.actor, await loadSettings(database, defaults)) };
  }
}

async function decide(tx: Queryable, defaults: SettingDefaults, request: MoveRequest, now: number): Promise<Verdict> {
  const { bookingId, userId, actor, start } = request;
  await tx.query('SELECT FROM users WHERE id = $1 FOR UPDATE', [userId]);
  await tx.query('SELECT FROM bookings WHERE id = $1 AND user_id = $2 FOR UPDATE', [bookingId, userId]);
  const booking = await findBooking(tx, userId, bookingId);
  if (booking === undefined) return { kind: 'unknown' };
  if (booking.status !== 'pending' && booking.status !== 'confirmed') return { kind: 'over', booking };
  // What is kept for somebody in line is theirs to take or refuse; it is no booking yet.
  if ((await offerOf(tx, bookingId)) !== undefined) return { kind: 'over', booking };
  if (
    request.elsewhere !== true &&
    booking.start === start &&
    (request.staffId ?? booking.staffId) === booking.staffId
  ) {
    return { kind: 'moved', booking, before: booking };
  }
  const settings = rulesFor(actor, await loadSettings(tx, defaults));
  const { cancellationHours: hours } = settings;
  if (actor.kind === 'customer' && !mayChange(booking, now, hours)) return { kind: 'too_late', booking, hours };
  const schedule = await lockedSchedule(tx, settings, wishOf(request, booking));
  if (schedule === undefined) return { kind: 'gone' };
  if (start < earliestStart(settings, now)) return { kind: 'too_soon', booking, settings };
  const offer = offerAt(schedule.service, schedule.members, settings, now, start);
  const staffId = offer?.memberIds.find((id) => id === booking.staffId) ?? offer?.memberIds[0];
  if (offer === undefined || staffId === undefined) return { kind: 'taken', booking, settings };
  await writeMove(tx, { booking, start, end: offer.end, staffId, actor }, now);
  const planned = await planAhead(tx, settings, { id: bookingId, start, end: offer.end }, now);
  const firstDue = actor.kind === 'admin' ? now : planned;
  if (actor.kind === 'admin') await noteByDesk(tx, request, booking, now);
  const moved = await findBooking(tx, userId, bookingId);
  return moved === undefined ? { kind: 'unknown' } : { kind: 'moved', booking: moved, before: booking, firstDue };
}

function rulesFor(actor: Actor, settings: BookingSettings): BookingSettings {
  return actor.kind === 'admin' ? deskRules(settings) : settings;
}

/** What goes with a visit that the business moved: a line in the log, and a word to the customer. */
async function noteByDesk(
  tx: Queryable,
  { bookingId, userId, actor, start, updateId }: MoveRequest,
  before: BookingView,
  now: number,
): Promise<void> {
  const details = { booking: bookingId, from: before.start, to: start };
  const request = { telegramId: actor.telegramId ?? 0, updateId: updateId ?? 0 };
  if (updateId !== undefined) await writeAction(tx, request, { action: 'booking.move', details }, now);
  const uniqueKey = `desk_moved:${bookingId}:${updateId ?? now}`;
  await addNotice(tx, { userId, kind: 'desk_moved', bookingId, details: { from: before.start }, uniqueKey, due: now });
}

async function writeMove(
  tx: Queryable,
  move: {
    readonly booking: BookingView;
    readonly start: number;
    readonly end: number;
    readonly staffId: number;
    readonly actor: Actor;
  },
  now: number,
): Promise<void> {
  const { booking, start, end, staffId, actor } = move;
  await tx.query(
    `UPDATE bookings SET during = tstzrange($2, $3), staff_id = $4, customer_confirmed_at = NULL, asked_to_move_at = NULL,
       updated_at = $5
     WHERE id = $1`,
    [booking.id, new Date(start), new Date(end), staffId, new Date(now)],
  );
  const details = {
    moved: { from: new Date(booking.start).toISOString(), to: new Date(start).toISOString() },
    ...(staffId === booking.staffId ? {} : { staff: { from: booking.staffId, to: staffId } }),
  };
  await note(tx, { bookingId: booking.id, from: booking.status, to: booking.status, actor, details }, now);
}

function wishOf({ start, staffId, bookingId }: MoveRequest, { serviceIds }: BookingView) {
  return { serviceIds, staffId, start, moving: bookingId };
}
