/** Owns one booking as those who work here see it: how the visit went, and its cancellation with a word to the customer. */
import { answerPress, requestOf, show, type Turn } from '../dialog/turn.ts';
import { type Button, keyboard } from '../keyboards/buttons.ts';
import { cancelFromDesk, type DeskBooking, findAnyBooking, noteHowItWent } from '../repository/desk.ts';
import { mayTouch, personMay } from '../repository/people.ts';
import { dayButton } from './desk-day.ts';
import { statusLine, visitLines } from './details.ts';

/** Shows it with what can be done about it now. */
export async function showDeskBooking(turn: Turn, bookingId: number): Promise<void> {
  const booking = await find(turn, bookingId);
  if (booking !== undefined) await showIt(turn, booking);
}

/** Shows it as it is now that it was booked or moved, and whether the customer gets to know. */
export async function showChanged(turn: Turn, bookingId: number, key: 'desk-booked' | 'desk-moved'): Promise<void> {
  const booking = await find(turn, bookingId);
  if (booking === undefined) return;
  const { texts } = turn;
  const told = texts.html(booking.reachable ? 'desk-is-told' : 'desk-tell-yourself', { customer: booking.customer });
  await showIt(turn, booking, `${texts.html(key)} ${told}`);
}

/** Writes down how the visit went. One that has not begun, or was cancelled, did not go at all. */
export async function noteVisit(turn: Turn, bookingId: number, came: boolean): Promise<void> {
  const booking = await find(turn, bookingId);
  if (booking === undefined) return;
  if (turn.now < booking.start) {
    await answerPress(turn.ctx, turn.texts.plain('desk-not-begun'), true);
    return;
  }
  await noteHowItWent(turn.desk.services.database, requestOf(turn), { bookingId, came }, turn.now);
  await showDeskBooking(turn, bookingId);
}

/** Asks before anything is lost. */
export async function askDeskCancel(turn: Turn, bookingId: number): Promise<void> {
  const booking = await find(turn, bookingId);
  if (booking === undefined) return;
  if (!mayBeCancelled(turn, booking)) return await showIt(turn, booking);
  const { texts } = turn;
  const yes: Button = [texts.plain('button-cancel-yes'), { kind: 'deskCancel', booking: bookingId }];
  const no: Button = [texts.plain('button-cancel-no'), { kind: 'deskBooking', booking: bookingId }];
  const told = texts.html(booking.reachable ? 'desk-will-be-told' : 'desk-tell-yourself', {
    customer: booking.customer,
  });
  const html = `${texts.html('desk-ask-cancel')} ${told}\n\n${linesOf(turn, booking)}`;
  await show(turn, html, keyboard([[yes], [no]]));
}

/** Cancels, lets the customer know, and offers the time to whoever waits for one. */
export async function deskCancel(turn: Turn, bookingId: number): Promise<void> {
  const booking = await find(turn, bookingId);
  if (booking === undefined) return;
  const { desk, texts, now } = turn;
  const done =
    mayBeCancelled(turn, booking) && (await cancelFromDesk(desk.services.database, requestOf(turn), booking, now));
  if (!done) return await showDeskBooking(turn, bookingId);
  desk.wake();
  desk.freed();
  const told = texts.html(booking.reachable ? 'desk-is-told' : 'desk-tell-yourself', { customer: booking.customer });
  const title = `${texts.html('desk-cancelled')} ${told}`;
  await show(turn, `${title}\n\n${linesOf(turn, booking)}`, keyboard([[dayButton(turn, booking.start)]]));
}

async function showIt(turn: Turn, booking: DeskBooking, title?: string): Promise<void> {
  const about: Button[] = personMay(turn.person, 'customers')
    ? [
        [
          turn.texts.plain('button-customer', { customer: booking.customer }),
          { kind: 'customer', customer: booking.customerId },
        ],
      ]
    : [];
  const rows = [...buttonsOf(turn, booking), about, [dayButton(turn, booking.start)]];
  const asked = booking.askedToMove && booking.status === 'confirmed' ? [turn.texts.html('desk-asked-to-move')] : [];
  const head = title === undefined ? [] : [title, ''];
  const html = [...head, linesOf(turn, booking), '', statusLine(turn, booking.status), ...asked].join('\n');
  await show(turn, html, keyboard(rows));
}

function linesOf(turn: Turn, booking: DeskBooking): string {
  const who = [booking.customer, booking.phone].filter((part) => part !== undefined).join(', ');
  return `${turn.texts.html('desk-customer', { customer: who })}\n${visitLines(turn, booking)}`;
}

function buttonsOf(turn: Turn, booking: DeskBooking): Button[][] {
  const { texts, now } = turn;
  const { id, status, start } = booking;
  const came: Button = [texts.plain('button-came'), { kind: 'deskCame', booking: id, came: 1 }];
  const missed: Button = [texts.plain('button-no-show'), { kind: 'deskCame', booking: id, came: 0 }];
  if (mayBeCancelled(turn, booking)) {
    return [
      [[texts.plain('button-move'), { kind: 'deskMove', booking: id }]],
      [[texts.plain('button-cancel-booking'), { kind: 'deskAskCancel', booking: id }]],
    ];
  }
  if (now < start) return [];
  if (status === 'confirmed') return [[came, missed]];
  if (status === 'done') return [[missed]];
  return status === 'no_show' ? [[came]] : [];
}

function mayBeCancelled({ now }: Turn, { status, start }: DeskBooking): boolean {
  return now < start && status === 'confirmed';
}

async function find(turn: Turn, bookingId: number): Promise<DeskBooking | undefined> {
  const booking = await findAnyBooking(turn.desk.services.database, bookingId);
  if (booking !== undefined && mayTouch(turn.person, booking.staffId)) return booking;
  await answerPress(turn.ctx, turn.texts.plain(booking === undefined ? 'booking-unknown' : 'not-allowed'), true);
  return undefined;
}
