/** Owns what those who work here change about a customer's booking: how a visit went, and its cancellation. */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { asAdmin, type OwnerRequest } from './admin-actions.ts';
import { type AgendaEntry, moveBooking, VIEW_FROM, VIEW_LIST, viewRow } from './bookings.ts';
import { addNotice } from './notices.ts';

/** A booking with whose it is. */
export interface DeskBooking extends AgendaEntry {
  /** The row in `users`. */
  readonly customerId: number;
}

const ownerRow = z.object({ user_id: z.coerce.number().int() });

/** Any booking, whoever made it. */
export async function findAnyBooking(source: Queryable, id: number): Promise<DeskBooking | undefined> {
  const { rows } = await source.query(`SELECT ${VIEW_LIST}, b.user_id FROM bookings b ${VIEW_FROM} WHERE b.id = $1`, [
    id,
  ]);
  const [row] = rows;
  return row === undefined ? undefined : { ...viewRow.parse(row), customerId: ownerRow.parse(row).user_id };
}

/** Writes down that the customer came, or did not. Both can be taken back by the other. */
export async function noteHowItWent(
  database: Database,
  request: OwnerRequest,
  { bookingId, came }: { readonly bookingId: number; readonly came: boolean },
  now: number,
): Promise<void> {
  const change = { action: came ? 'booking.came' : 'booking.no_show', details: { booking: bookingId } };
  const actor = { kind: 'admin', telegramId: request.telegramId } as const;
  await asAdmin(database, request, change, now, async (tx) => {
    await moveBooking(tx, bookingId, came ? 'done' : 'no_show', actor, now);
  });
}

/**
 * Cancels a visit that has not begun, whatever the rule for customers says, and lets its customer know. Answers whether it
 * was done now. Wake the delivery afterwards.
 */
export async function cancelFromDesk(
  database: Database,
  request: OwnerRequest,
  booking: Pick<DeskBooking, 'id' | 'customerId'>,
  now: number,
): Promise<boolean> {
  const { id, customerId } = booking;
  let cancelled = false;
  await asAdmin(database, request, { action: 'booking.cancel', details: { booking: id } }, now, async (tx) => {
    cancelled = await moveBooking(tx, id, 'cancelled', { kind: 'admin', telegramId: request.telegramId }, now);
    if (!cancelled) return;
    const uniqueKey = `desk_cancelled:${id}`;
    await addNotice(tx, { userId: customerId, kind: 'desk_cancelled', bookingId: id, uniqueKey, due: now });
  });
  return cancelled;
}
