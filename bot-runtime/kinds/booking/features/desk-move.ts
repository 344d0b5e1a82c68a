/** Owns moving a customer's booking by those who work here: the same steps, their own rules, a word to the customer. */
import { answerPress, type Turn } from '../dialog/turn.ts';
import type { MonthNumber } from '../keyboards/calendar.ts';
import { type DeskBooking, findAnyBooking } from '../repository/desk.ts';
import { moveVisit } from '../repository/move.ts';
import { mayTouch } from '../repository/people.ts';
import { type Choice, serviceGone } from './choice.ts';
import { askConfirm, tellNearest } from './confirm.ts';
import { showChanged, showDeskBooking } from './desk-booking.ts';
import { atDesk } from './hand.ts';
import { chooseDay, chooseTime, instantOf } from './when.ts';

/** Begins: with the member whom the customer has, where there are several. */
export async function beginDeskMove(turn: Turn, bookingId: number): Promise<void> {
  const choice = await choiceFor(turn, bookingId, undefined);
  if (choice !== undefined) await chooseDay(atDesk(turn), choice, 0);
}

/** Shows a month. */
export async function deskMoveToMonth(turn: Turn, booking: number, staff: number, month: MonthNumber): Promise<void> {
  const choice = await choiceFor(turn, booking, staff);
  if (choice !== undefined) await chooseDay(atDesk(turn), choice, month);
}

/** Shows the times of a day. */
export async function deskMoveToDay(turn: Turn, booking: number, staff: number, date: number): Promise<void> {
  const choice = await choiceFor(turn, booking, staff);
  if (choice !== undefined) await chooseTime(atDesk(turn), choice, date);
}

/** Asks whether the new time is right. */
export async function askDeskMove(turn: Turn, booking: number, staff: number, minute: number): Promise<void> {
  const choice = await choiceFor(turn, booking, staff);
  if (choice !== undefined) await askConfirm(atDesk(turn), choice, minute);
}

/** Moves. The same press again finds the visit where it is. */
export async function confirmDeskMove(turn: Turn, bookingId: number, staff: number, minute: number): Promise<void> {
  const { services } = turn.desk;
  const start = instantOf(turn, minute);
  const booking = await find(turn, bookingId);
  if (booking === undefined) return;
  if (start === undefined) return await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
  const request = {
    bookingId,
    userId: booking.customerId,
    actor: { kind: 'admin', telegramId: turn.person.telegramId } as const,
    updateId: turn.updateId,
    staffId: staff === 0 ? undefined : staff,
    start,
  };
  const outcome = await moveVisit(services.database, services, request, turn.now);
  switch (outcome.kind) {
    case 'moved':
      turn.desk.wake();
      turn.desk.freed();
      return await showChanged(turn, bookingId, 'desk-moved');
    case 'taken':
    case 'too_soon':
      return await tellNearest(atDesk(turn), choiceOf(booking, staff), start, outcome);
    case 'gone':
      return await serviceGone(turn, { customer: booking.customerId });
    default:
      return await showDeskBooking(turn, bookingId);
  }
}

/** What the buttons of a move are about; undefined, and shown as it is, when it cannot be moved. */
async function choiceFor(turn: Turn, bookingId: number, staff: number | undefined): Promise<Choice | undefined> {
  const booking = await find(turn, bookingId);
  if (booking === undefined) return undefined;
  if (booking.status !== 'confirmed' || turn.now >= booking.start) {
    await showDeskBooking(turn, bookingId);
    return undefined;
  }
  return choiceOf(booking, staff ?? (booking.staff === undefined ? 0 : booking.staffId));
}

function choiceOf({ serviceIds, customerId, id }: DeskBooking, staff: number): Choice {
  return { services: serviceIds, staff, moving: id, customer: customerId };
}

async function find(turn: Turn, bookingId: number): Promise<DeskBooking | undefined> {
  const booking = await findAnyBooking(turn.desk.services.database, bookingId);
  if (booking !== undefined && mayTouch(turn.person, booking.staffId)) return booking;
  await answerPress(turn.ctx, turn.texts.plain(booking === undefined ? 'booking-unknown' : 'not-allowed'), true);
  return undefined;
}
