/** Owns the last question and the press on "confirm": books or moves, and tells the customer how that ended. */
import { answerPress, show, type Turn } from '../dialog/turn.ts';
import { type Offer, offerAt } from '../domain/offers.ts';
import { dateNumber } from '../keyboards/action.ts';
import { type Button, homeButton, homeKeyboard, keyboard } from '../keyboards/buttons.ts';
import { type BookOutcome, book } from '../repository/book.ts';
import type { BookingView } from '../repository/bookings.ts';
import { type Choice, confirmAction, leaveButton, scheduleFor, serviceGone } from './choice.ts';
import { momentLabel, statusLine, visitButtons, visitLines } from './details.ts';
import { newsButton } from './home.ts';
import { chooseTime, instantOf, otherDay, timeButton } from './when.ts';

/** Asks whether everything is right. */
export async function askConfirm(turn: Turn, choice: Choice, minute: number): Promise<void> {
  const start = instantOf(turn, minute);
  if (start === undefined) {
    await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
    return;
  }
  const { date } = turn.settings.zone.wallClock(start);
  const schedule = await scheduleFor(turn, choice, [date, date]);
  if (schedule === undefined) {
    await serviceGone(turn, choice);
    return;
  }
  const offer = offerAt(schedule.service, schedule.members, turn.settings, turn.now, start);
  if (offer === undefined) {
    await chooseTime(turn, choice, dateNumber(date));
    await answerPress(turn.ctx, turn.texts.plain('just-taken'), true);
    return;
  }
  const staff = schedule.members.find(({ id }) => id === choice.staff)?.name;
  const { name, priceKopecks, currency } = schedule.service;
  const lines = visitLines(turn, { service: name, staff, start, end: offer.end, priceKopecks, currency });
  const title = turn.texts.html(choice.moving === undefined ? 'confirm-title' : 'move-confirm-title');
  const buttons = keyboard([
    [[turn.texts.plain('button-confirm'), confirmAction(choice, minute)]],
    [otherDay(turn, choice, date)],
    [leaveButton(turn, choice)],
  ]);
  await show(turn, `${title}\n\n${lines}`, buttons);
}

/** Books the chosen time. The same update, or a second press, finds the booking that the first one made. */
export async function confirm(turn: Turn, choice: Choice, minute: number): Promise<void> {
  const { services } = turn.desk;
  const start = instantOf(turn, minute);
  if (start === undefined) {
    await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
    return;
  }
  const request = {
    userId: turn.person.id,
    by: { kind: 'customer', telegramId: turn.person.telegramId } as const,
    serviceIds: choice.services,
    staffId: choice.staff === 0 ? undefined : choice.staff,
    start,
    updateId: turn.updateId,
  };
  const outcome = await book(services.database, services, request, turn.now);
  await tell(turn, choice, start, outcome);
}

/** Says why a time cannot be had, and offers the nearest that can. */
export async function tellNearest(
  turn: Turn,
  choice: Choice,
  start: number,
  { kind, nearest }: { readonly kind: 'taken' | 'too_soon'; readonly nearest: readonly Offer[] },
): Promise<void> {
  const { texts } = turn;
  const reason = texts.html(kind === 'taken' ? 'just-taken' : 'too-soon');
  const rows = nearest.map((offer) => [timeButton(choice, offer.start, momentLabel(turn, offer.start))]);
  const then = texts.html(rows.length === 0 ? 'none-free-near' : 'nearest-free');
  const { date } = turn.settings.zone.wallClock(Math.max(start, turn.now));
  await show(
    turn,
    `${reason}\n\n${then}`,
    keyboard([...rows, [otherDay(turn, choice, date)], [leaveButton(turn, choice)]]),
  );
}

async function tell(turn: Turn, choice: Choice, start: number, outcome: BookOutcome): Promise<void> {
  switch (outcome.kind) {
    case 'booked':
      turn.desk.wake(outcome.firstDue);
      return await tellBooked(turn, outcome.booking);
    case 'taken':
    case 'too_soon':
      return await tellNearest(turn, choice, start, outcome);
    case 'too_many':
      return await tellTooMany(turn, outcome.limit);
    case 'gone':
      return await serviceGone(turn, choice);
  }
}

async function tellBooked(turn: Turn, booking: BookingView): Promise<void> {
  const { texts } = turn;
  const ahead = booking.status === 'pending' || booking.status === 'confirmed';
  const title = ahead ? texts.html('booked-title') : statusLine(turn, booking.status);
  const note = ahead ? `\n\n${texts.html('booked-note')}` : '';
  const mine: Button = [texts.plain('button-mine'), { kind: 'mine' }];
  const more = ahead ? visitButtons(turn, booking.id) : [];
  const news = ahead && !turn.person.consented ? [newsButton(turn)] : [];
  const rows = [more, [mine], news, [homeButton(texts)]];
  await show(turn, `${title}\n\n${visitLines(turn, booking)}${note}`, keyboard(rows));
}

async function tellTooMany(turn: Turn, limit: number): Promise<void> {
  await show(turn, turn.texts.html('too-many', { limit }), homeKeyboard(turn.texts, turn.person.admin));
}
