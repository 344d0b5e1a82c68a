/** Owns one booking as those who work here see it: how the visit went, and its cancellation with a word to the customer. */
import { answerPress, requestOf, show, type Turn } from '../dialog/turn.ts';
import { cleanName } from '../domain/amounts.ts';
import { type Button, keyboard } from '../keyboards/buttons.ts';
import { cancelFromDesk, type DeskBooking, findAnyBooking, noteHowItWent } from '../repository/desk.ts';
import { mayTouch, personMay } from '../repository/people.ts';
import { type Answers, askFor, type Taken } from './ask.ts';
import { dayButton } from './desk-day.ts';
import { statusLine, visitLines } from './details.ts';

const MAX_REASON_LENGTH = 300;

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
  await showIt(turn, booking, `${texts.html(key)} ${toldLine(turn, booking, 'desk-is-told')}`);
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

/** Asks before anything is lost, and for a reason that the customer may read. */
export async function askDeskCancel(turn: Turn, bookingId: number): Promise<void> {
  const booking = await find(turn, bookingId);
  if (booking === undefined) return;
  if (!mayBeCancelled(turn, booking)) return await showIt(turn, booking);
  await askFor(turn, deskBookingAnswers.cancel_reason, { field: 'cancel_reason', id: bookingId });
}

/** Cancels, lets the customer know, and offers the time to whoever waits for one. */
export async function deskCancel(turn: Turn, bookingId: number, reason?: string): Promise<void> {
  const booking = await find(turn, bookingId);
  if (booking === undefined) return;
  const { desk, texts, now } = turn;
  const { database } = desk.services;
  const may = mayBeCancelled(turn, booking);
  const done = may && (await cancelFromDesk(database, requestOf(turn), { ...booking, reason }, now));
  if (!done) return await showDeskBooking(turn, bookingId);
  desk.wake();
  desk.freed();
  const title = `${texts.html('desk-cancelled')} ${toldLine(turn, booking, 'desk-is-told')}`;
  await show(turn, `${title}\n\n${linesOf(turn, booking)}`, keyboard([[dayButton(turn, booking.start)]]));
}

/** What is written about one booking. */
export const deskBookingAnswers: Answers<'cancel_reason'> = {
  cancel_reason: {
    async prompt(turn, { id }) {
      const booking = await findAnyBooking(turn.desk.services.database, id);
      if (booking === undefined) return turn.texts.html('booking-unknown');
      const told = toldLine(turn, booking, 'desk-will-be-told');
      const how = booking.reachable ? `\n${turn.texts.html('desk-ask-reason')}` : '';
      return `${turn.texts.html('desk-ask-cancel')} ${told}${how}\n\n${linesOf(turn, booking)}`;
    },
    back: ({ id }) => ({ kind: 'deskBooking', booking: id }),
    more: ({ id }, { texts }) => [[[texts.plain('button-cancel-yes'), { kind: 'deskCancel', booking: id }]]],
    async take(turn, { id }, text): Promise<Taken> {
      const reason = cleanName(text, MAX_REASON_LENGTH);
      if (reason === undefined) return { problem: turn.texts.html('desk-ask-reason') };
      await deskCancel(turn, id, reason);
      return 'done';
    },
  },
};

function toldLine(
  { texts }: Turn,
  { reachable, customer }: DeskBooking,
  key: 'desk-is-told' | 'desk-will-be-told',
): string {
  return texts.html(reachable ? key : 'desk-tell-yourself', { customer });
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
