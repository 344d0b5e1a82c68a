/** Owns moving one's own booking: the way from the booking to its new time. */
import { answerPress, show, type Turn } from '../dialog/turn.ts';
import { mayChange } from '../domain/booking-status.ts';
import { type Button, homeButton, keyboard } from '../keyboards/buttons.ts';
import type { MonthNumber } from '../keyboards/calendar.ts';
import { type BookingView, findBooking } from '../repository/bookings.ts';
import { type MoveOutcome, moveVisit } from '../repository/move.ts';
import { type Choice, serviceGone } from './choice.ts';
import { askConfirm, tellNearest } from './confirm.ts';
import { statusLine, visitButtons, visitLines } from './details.ts';
import { chooseDay, chooseTime, instantOf } from './when.ts';

/** Begins: with the member whom the customer has, where there are several. */
export async function beginMove(turn: Turn, bookingId: number): Promise<void> {
  const choice = await choiceFor(turn, bookingId, undefined);
  if (choice !== undefined) await chooseDay(turn, choice, 0);
}

/** Shows a month. */
export async function moveToMonth(turn: Turn, bookingId: number, staff: number, month: MonthNumber): Promise<void> {
  const choice = await choiceFor(turn, bookingId, staff);
  if (choice !== undefined) await chooseDay(turn, choice, month);
}

/** Shows the times of a day. */
export async function moveToDay(turn: Turn, bookingId: number, staff: number, date: number): Promise<void> {
  const choice = await choiceFor(turn, bookingId, staff);
  if (choice !== undefined) await chooseTime(turn, choice, date);
}

/** Asks whether the new time is right. */
export async function askMove(turn: Turn, bookingId: number, staff: number, minute: number): Promise<void> {
  const choice = await choiceFor(turn, bookingId, staff);
  if (choice !== undefined) await askConfirm(turn, choice, minute);
}

/** Moves. The same press again finds the visit where it is. */
export async function confirmMove(turn: Turn, bookingId: number, staff: number, minute: number): Promise<void> {
  const { services } = turn.desk;
  const start = instantOf(turn, minute);
  if (start === undefined) {
    await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
    return;
  }
  const { id: userId, telegramId } = turn.person;
  const actor = { kind: 'customer', telegramId } as const;
  const staffId = staff === 0 ? undefined : staff;
  const outcome = await moveVisit(services.database, services, { bookingId, userId, actor, staffId, start }, turn.now);
  await tell(turn, staff, start, outcome);
}

async function tell(turn: Turn, staff: number, start: number, outcome: MoveOutcome): Promise<void> {
  switch (outcome.kind) {
    case 'moved':
      turn.desk.wake(outcome.firstDue);
      turn.desk.freed();
      return await tellMoved(turn, outcome.booking);
    case 'taken':
    case 'too_soon': {
      const { serviceIds, id } = outcome.booking;
      return await tellNearest(turn, { services: serviceIds, staff, moving: id }, start, outcome);
    }
    case 'too_late':
      return await tellTooLate(turn, outcome.hours);
    case 'over':
      return await tellOver(turn, outcome.booking);
    case 'gone':
      return await serviceGone(turn);
    case 'unknown':
      return await answerPress(turn.ctx, turn.texts.plain('booking-unknown'), true);
  }
}

async function tellMoved(turn: Turn, booking: BookingView): Promise<void> {
  const { texts } = turn;
  const html = `${texts.html('moved-title')}\n\n${visitLines(turn, booking)}\n\n${texts.html('booked-note')}`;
  await show(turn, html, keyboard([visitButtons(turn, booking.id), [backToMine(turn)], [homeButton(texts)]]));
}

async function tellTooLate(turn: Turn, hours: number): Promise<void> {
  await show(turn, turn.texts.html('move-too-late', { hours }), keyboard([[backToMine(turn)]]));
}

async function tellOver(turn: Turn, booking: BookingView): Promise<void> {
  const html = `${visitLines(turn, booking)}\n\n${statusLine(turn, booking.status)}`;
  await show(turn, html, keyboard([[backToMine(turn)]]));
}

/** What the buttons of a move are about; undefined, and told, when it cannot be moved. */
async function choiceFor(turn: Turn, bookingId: number, staff: number | undefined): Promise<Choice | undefined> {
  const booking = await findBooking(turn.desk.services.database, turn.person.id, bookingId);
  if (booking === undefined) {
    await answerPress(turn.ctx, turn.texts.plain('booking-unknown'), true);
    return undefined;
  }
  if (booking.status !== 'confirmed') {
    await tellOver(turn, booking);
    return undefined;
  }
  const { cancellationHours } = turn.settings;
  if (!mayChange(booking, turn.now, cancellationHours)) {
    await tellTooLate(turn, cancellationHours);
    return undefined;
  }
  const own = booking.staff === undefined ? 0 : booking.staffId;
  return { services: booking.serviceIds, staff: staff ?? own, moving: booking.id };
}

function backToMine({ texts }: Turn): Button {
  return [texts.plain('button-mine'), { kind: 'mine' }];
}
