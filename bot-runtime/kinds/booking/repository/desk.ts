/** Owns what those who work here change about a customer's booking: how a visit went, and its cancellation. */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { type AdminAction, asAdmin, type OwnerRequest } from './admin-actions.ts';
import { type AgendaEntry, moveBooking, VIEW_FROM, VIEW_LIST, viewRow } from './bookings.ts';
import { addNotice } from './notices.ts';

/** A booking with whose it is. */
export interface DeskBooking extends AgendaEntry {
  /** The row in `users`. */
  readonly customerId: number;
  /** They have Telegram, so that the bot can tell them. */
  readonly reachable: boolean;
}

/** A booking that is cancelled, with what its customer may read about it. */
export type CancelledBooking = Pick<DeskBooking, 'id' | 'customerId'> & { readonly reason?: string | undefined };

const ownerRow = z
  .object({ user_id: z.coerce.number().int(), reachable: z.boolean() })
  .transform(({ user_id: customerId, reachable }) => ({ customerId, reachable }));

/** Any booking, whoever made it. */
export async function findAnyBooking(source: Queryable, id: number): Promise<DeskBooking | undefined> {
  const { rows } = await source.query(
    `SELECT ${VIEW_LIST}, b.user_id, u.telegram_id IS NOT NULL AS reachable FROM bookings b ${VIEW_FROM} WHERE b.id = $1`,
    [id],
  );
  const [row] = rows;
  return row === undefined ? undefined : { ...viewRow.parse(row), ...ownerRow.parse(row) };
}

/** Writes down that the customer came, or did not. Both can be taken back by the other. */
export async function noteHowItWent(
  database: Database,
  request: OwnerRequest,
  { bookingId, came }: { readonly bookingId: number; readonly came: boolean },
  now: number,
): Promise<void> {
  const change: AdminAction = {
    action: came ? 'booking.came' : 'booking.no_show',
    details: { booking: bookingId },
  };
  const actor = { kind: 'admin', telegramId: request.telegramId } as const;
  await asAdmin(database, request, change, now, async (tx) => {
    await moveBooking(tx, bookingId, came ? 'done' : 'no_show', actor, now);
    await tx.query(
      `UPDATE users SET no_shows = (SELECT count(*) FROM bookings WHERE user_id = users.id AND status = 'no_show')
       WHERE id = (SELECT user_id FROM bookings WHERE id = $1)`,
      [bookingId],
    );
  });
}

/**
 * Cancels a visit that has not begun, whatever the rule for customers says, and lets its customer know. Answers whether it
 * was done now. Wake the delivery afterwards.
 */
export async function cancelFromDesk(
  database: Database,
  request: OwnerRequest,
  booking: CancelledBooking,
  now: number,
): Promise<boolean> {
  let cancelled = false;
  const action = { action: 'booking.cancel', details: { booking: booking.id } } as const;
  await asAdmin(database, request, action, now, async (tx) => {
    cancelled = await cancelBooking(tx, request, booking, now);
  });
  return cancelled;
}

/** The same within a transaction of the caller's, who has written it into the log. */
export async function cancelBooking(
  tx: Queryable,
  { telegramId }: OwnerRequest,
  { id, customerId, reason }: CancelledBooking,
  now: number,
): Promise<boolean> {
  const cancelled = await moveBooking(tx, id, 'cancelled', { kind: 'admin', telegramId }, now);
  const details = reason === undefined ? {} : { reason };
  const notice = { userId: customerId, kind: 'desk_cancelled', bookingId: id, details, due: now };
  if (cancelled) await addNotice(tx, { ...notice, uniqueKey: `desk_cancelled:${id}` });
  return cancelled;
}
