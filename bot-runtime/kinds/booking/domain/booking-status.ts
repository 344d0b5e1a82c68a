/** Owns the states of a booking, which state may follow which, and when a customer may still cancel. Pure. */

/** `pending` and `confirmed` lie ahead; `done`, `cancelled` and `no_show` are how a booking ends. */
export type BookingStatus = 'pending' | 'confirmed' | 'done' | 'cancelled' | 'no_show';

/** Which states may follow a state. */
const BOOKING_TRANSITIONS = {
  pending: ['confirmed', 'cancelled'],
  confirmed: ['done', 'cancelled', 'no_show'],
  done: ['no_show'],
  cancelled: [],
  no_show: ['done'],
} as const satisfies Record<BookingStatus, readonly BookingStatus[]>;

/** Every state. */
export const BOOKING_STATUSES = Object.keys(BOOKING_TRANSITIONS) as [BookingStatus, ...BookingStatus[]];

/** The states from which `to` may be entered. */
export function statusesBefore(to: BookingStatus): BookingStatus[] {
  return BOOKING_STATUSES.filter((from) => (BOOKING_TRANSITIONS[from] as readonly BookingStatus[]).includes(to));
}

/**
 * True while the customer may still cancel or move: until so many hours before the visit, or until it begins when the
 * business itself has asked for another time.
 */
export function mayChange(
  { start, askedToMove }: { readonly start: number; readonly askedToMove: boolean },
  now: number,
  cancellationHours: number,
): boolean {
  return now < start && (askedToMove || start - now >= cancellationHours * 3_600_000);
}
