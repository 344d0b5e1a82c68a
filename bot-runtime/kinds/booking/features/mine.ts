/** Owns the customer's own bookings: the list, one of them, and its cancellation. */
import { answerPress, show, type Turn } from '../dialog/turn.ts';
import { mayCancel } from '../domain/booking-status.ts';
import { type Button, homeButton, homeKeyboard, keyboard } from '../keyboards/buttons.ts';
import {
  type BookingView,
  bookingsAhead,
  cancelOwnBooking,
  findBooking,
  noteWillCome,
} from '../repository/bookings.ts';
import { momentLabel, statusLine, visitLines } from './details.ts';

/** Lists the bookings that lie ahead. */
export async function listMine(turn: Turn): Promise<void> {
  const { desk, person, texts } = turn;
  const bookings = await bookingsAhead(desk.services.database, person.id, turn.now);
  if (bookings.length === 0) {
    await show(turn, texts.html('mine-empty'), homeKeyboard(texts, person.admin));
    return;
  }
  const rows = bookings.map(({ id, start, service }) => [
    [`${momentLabel(turn, start)} · ${service}`, { kind: 'booking', booking: id }] as const,
  ]);
  await show(turn, texts.html('mine-title'), keyboard([...rows, [homeButton(texts)]]));
}

/** Shows one booking; the button to cancel is there while the rule allows it. */
export async function showMine(turn: Turn, bookingId: number): Promise<void> {
  const { texts, settings, now } = turn;
  const booking = await findMine(turn, bookingId);
  if (booking === undefined) {
    return;
  }
  const ahead = booking.status === 'pending' || booking.status === 'confirmed';
  const cancel: Button = [texts.plain('button-cancel-booking'), { kind: 'askCancel', booking: booking.id }];
  const rows = ahead && mayCancel(booking.start, now, settings.cancellationHours) ? [[cancel]] : [];
  const html = `${visitLines(turn, booking)}\n\n${statusLine(turn, booking.status)}`;
  await show(turn, html, keyboard([...rows, [backToMine(turn)]]));
}

/** Asks before anything is lost. */
export async function askCancel(turn: Turn, bookingId: number): Promise<void> {
  const { texts } = turn;
  const booking = await findMine(turn, bookingId);
  if (booking === undefined) {
    return;
  }
  const yes: Button = [texts.plain('button-cancel-yes'), { kind: 'cancel', booking: booking.id }];
  const no: Button = [texts.plain('button-cancel-no'), { kind: 'booking', booking: booking.id }];
  await show(turn, `${texts.html('ask-cancel')}\n\n${visitLines(turn, booking)}`, keyboard([[yes], [no]]));
}

/** Cancels, if the rule still allows it. */
export async function cancelMine(turn: Turn, bookingId: number): Promise<void> {
  const { desk, person, texts } = turn;
  const { services } = desk;
  const request = { userId: person.id, telegramId: person.telegramId, bookingId };
  const outcome = await cancelOwnBooking(services.database, services, request, turn.now);
  if (outcome.kind === 'unknown') {
    await answerPress(turn.ctx, texts.plain('booking-unknown'), true);
    return;
  }
  if (outcome.kind === 'too_late') {
    await show(turn, texts.html('cancel-too-late', { hours: outcome.hours }), keyboard([[backToMine(turn)]]));
    return;
  }
  const cancelled = outcome.booking.status === 'cancelled';
  const title = texts.html(cancelled ? 'cancelled-title' : 'booking-over');
  await show(turn, `${title}\n\n${visitLines(turn, outcome.booking)}`, homeKeyboard(texts, person.admin));
}

/** Takes the promise to come, which a reminder asked for. */
export async function willCome(turn: Turn, bookingId: number): Promise<void> {
  const { desk, person, texts, now } = turn;
  const request = { userId: person.id, telegramId: person.telegramId, bookingId };
  const booking = await noteWillCome(desk.services.database, request, now);
  if (booking === undefined) {
    await answerPress(turn.ctx, texts.plain('booking-unknown'), true);
    return;
  }
  const ahead = booking.status === 'confirmed' && now < booking.end;
  const title = ahead ? texts.html('will-come-thanks') : statusLine(turn, booking.status);
  await show(turn, `${title}\n\n${visitLines(turn, booking)}`, keyboard([[backToMine(turn)]]));
}

async function findMine(turn: Turn, bookingId: number): Promise<BookingView | undefined> {
  const booking = await findBooking(turn.desk.services.database, turn.person.id, bookingId);
  if (booking === undefined) {
    await answerPress(turn.ctx, turn.texts.plain('booking-unknown'), true);
  }
  return booking;
}

function backToMine({ texts }: Turn): Button {
  return [texts.plain('button-back'), { kind: 'mine' }];
}
