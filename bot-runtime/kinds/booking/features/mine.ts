/** Owns the customer's own bookings: the list, those that are over, one of them, and its cancellation. */
import { answerPress, show, type Turn } from '../dialog/turn.ts';
import { mayChange } from '../domain/booking-status.ts';
import { type Button, homeButton, homeKeyboard, keyboard } from '../keyboards/buttons.ts';
import {
  type BookingView,
  bookingsAhead,
  bookingsBefore,
  cancelOwnBooking,
  findBooking,
  noteWillCome,
} from '../repository/bookings.ts';
import { linesOf, offerOf } from '../repository/waiting.ts';
import { repeatButton } from './choose.ts';
import { momentLabel, statusLine, visitButtons, visitLines } from './details.ts';
import { lineLabel } from './waiting.ts';

/** Lists the bookings that lie ahead and the lines that the customer stands in. */
export async function listMine(turn: Turn): Promise<void> {
  const { desk, person, texts, now } = turn;
  const { database } = desk.services;
  const [bookings, lines, [last]] = await Promise.all([
    bookingsAhead(database, person.id, now),
    linesOf(database, person.id),
    bookingsBefore(database, person.id, now, 1),
  ]);
  const before: Button[][] =
    last === undefined ? [] : [[repeatButton(turn, last)], [[texts.plain('button-past'), { kind: 'past' }]]];
  const rows = bookings.map(({ id, start, service }) => [
    [`${momentLabel(turn, start)} · ${service}`, { kind: 'booking', booking: id }] as const,
  ]);
  const waiting = lines
    .filter(({ state }) => state === 'waiting')
    .map((entry) => [[lineLabel(turn, entry), { kind: 'waiting', entry: entry.id }] as const]);
  if (rows.length + waiting.length + before.length === 0) {
    await show(turn, texts.html('mine-empty'), homeKeyboard(texts, person.admin));
    return;
  }
  const html = texts.html(rows.length + waiting.length === 0 ? 'mine-empty' : 'mine-title');
  await show(turn, html, keyboard([...rows, ...waiting, ...before, [homeButton(texts)]]));
}

/** Lists the visits that are over, each with a button that repeats it. */
export async function listPast(turn: Turn): Promise<void> {
  const { desk, person, texts, now } = turn;
  const bookings = await bookingsBefore(desk.services.database, person.id, now);
  const rows = bookings.map(({ id, start, service }) => [
    [`${momentLabel(turn, start)} · ${service}`, { kind: 'booking', booking: id }] as const,
  ]);
  await show(
    turn,
    texts.html(rows.length === 0 ? 'past-empty' : 'past-title'),
    keyboard([...rows, [backToMine(turn)]]),
  );
}

/** Shows one booking with what may be done about it by the rule. */
export async function showMine(turn: Turn, bookingId: number): Promise<void> {
  const { texts } = turn;
  const booking = await findMine(turn, bookingId);
  if (booking === undefined) {
    return;
  }
  const rows = await buttonsOf(turn, booking);
  const html = `${visitLines(turn, booking)}\n\n${statusLine(turn, booking.status)}`;
  const rule = booking.status === 'confirmed' && turn.now < booking.start ? `\n${ruleLine(turn, booking)}` : '';
  await show(turn, `${html}${rule}`, keyboard([...rows, [[texts.plain('button-back'), { kind: 'mine' }]]]));
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
  desk.freed();
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
  const more = ahead ? visitButtons(turn, booking.id) : [];
  await show(turn, `${title}\n\n${visitLines(turn, booking)}`, keyboard([more, [backToMine(turn)]]));
}

/** What may be done about a booking now. */
async function buttonsOf(turn: Turn, booking: BookingView): Promise<Button[][]> {
  const { texts, settings, now, desk } = turn;
  const cancel: Button = [texts.plain('button-cancel-booking'), { kind: 'askCancel', booking: booking.id }];
  const may = mayChange(booking, now, settings.cancellationHours);
  if (booking.status === 'pending') {
    const offer = await offerOf(desk.services.database, booking.id);
    if (offer === undefined) return may ? [[cancel]] : [];
    const about = { entry: offer.id, minute: Math.floor(booking.start / 60_000) };
    return [
      [[texts.plain('button-take-offer'), { kind: 'takeOffer', ...about }]],
      [[texts.plain('button-refuse-offer'), { kind: 'refuseOffer', ...about }]],
    ];
  }
  if (booking.status !== 'confirmed') return [];
  if (now >= booking.end) return [[repeatButton(turn, booking)]];
  const move: Button = [texts.plain('button-move'), { kind: 'move', booking: booking.id }];
  return [visitButtons(turn, booking.id), ...(may ? [[move], [cancel]] : [])];
}

/** Until when it may be moved and cancelled. */
function ruleLine({ texts, settings, formats, now }: Turn, { start, askedToMove }: BookingView): string {
  if (askedToMove) return texts.html('rule-asked');
  const until = start - settings.cancellationHours * 3_600_000;
  return now <= until
    ? texts.html('rule-until', { day: formats.day(until), time: formats.time(until) })
    : texts.html('rule-over', { hours: settings.cancellationHours });
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
