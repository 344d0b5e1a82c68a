/** Owns the waiting list as customers meet it: the full days, their place in line, and the answer to an offer. */
import { answerPress, show, type Turn } from '../dialog/turn.ts';
import { dateNumber, dateOfNumber } from '../keyboards/action.ts';
import { type Button, homeButton, homeKeyboard, inRows, keyboard } from '../keyboards/buttons.ts';
import { addMonths, type MonthNumber } from '../keyboards/calendar.ts';
import {
  findLine,
  joinLine,
  leaveLine,
  MOST_LINES,
  type OfferOutcome,
  refuseOffer,
  takeOffer,
  type WaitingEntry,
} from '../repository/waiting.ts';
import { type Choice, monthAction, serviceGone } from './choice.ts';
import { visitButtons, visitLines } from './details.ts';
import { isInReach, monthPage, monthsInReach } from './when.ts';

const DAYS_PER_ROW = 3;

/** Shows the full days of a month. */
export async function chooseFullDay(turn: Turn, choice: Choice, wanted: MonthNumber): Promise<void> {
  const { texts, formats } = turn;
  const range = monthsInReach(turn);
  const page = await monthPage(turn, choice, Math.max(wanted, range[0]), range);
  if (page === undefined) {
    await serviceGone(turn);
    return;
  }
  const { services, staff } = choice;
  const days = page.full.map(
    (date): Button => [formats.date(date), { kind: 'wait', services, staff, date: dateNumber(date) }],
  );
  const next = addMonths(page.month, 1);
  const later: Button[] = next > range[1] ? [] : [['›', { kind: 'waitDays', services, staff, month: next }]];
  const back: Button = [texts.plain('button-back'), monthAction(choice, page.month)];
  const key = days.length === 0 ? 'wait-no-days' : 'wait-choose-day';
  const html = texts.html(key, { service: page.schedule.service.name });
  await show(turn, html, keyboard([...inRows(days, DAYS_PER_ROW), [back, ...later]]));
}

/** Joins the line of a day. */
export async function joinLineOf(turn: Turn, choice: Choice, dateAsNumber: number): Promise<void> {
  const { desk, person, texts, formats, now } = turn;
  const date = dateOfNumber(dateAsNumber);
  if (date === undefined || !isInReach(turn, date)) {
    await answerPress(turn.ctx, texts.plain('button-old'), true);
    return;
  }
  const staffId = choice.staff === 0 ? undefined : choice.staff;
  const entry = { userId: person.id, serviceIds: choice.services, staffId, date };
  if ((await joinLine(desk.services.database, entry, now)) === 'too_many') {
    await answerPress(turn.ctx, texts.plain('wait-too-many', { limit: MOST_LINES }), true);
    return;
  }
  // Something may have become free since the day was shown as full.
  desk.freed();
  const html = texts.html('wait-joined', { day: formats.date(date), minutes: turn.settings.offerMinutes });
  await show(turn, html, keyboard([[[texts.plain('button-mine'), { kind: 'mine' }]], [homeButton(texts)]]));
}

/** What stands on the button of a place in line. */
export function lineLabel({ texts, formats }: Turn, { date, service }: WaitingEntry): string {
  return texts.plain('wait-entry', { day: formats.date(date), service });
}

/** Shows one place in line. */
export async function showLine(turn: Turn, entryId: number): Promise<void> {
  const { desk, person, texts, formats } = turn;
  const entry = await findLine(desk.services.database, person.id, entryId);
  if (entry === undefined || (entry.state !== 'waiting' && entry.state !== 'offered')) {
    await answerPress(turn.ctx, texts.plain('wait-over'), true);
    return;
  }
  const html = texts.html('wait-shown', { day: formats.date(entry.date), service: entry.service });
  const leave: Button = [texts.plain('button-leave-line'), { kind: 'leaveLine', entry: entryId }];
  await show(turn, html, keyboard([[leave], [[texts.plain('button-back'), { kind: 'mine' }]]]));
}

/** Leaves the line. */
export async function leaveLineOf(turn: Turn, entryId: number): Promise<void> {
  const { desk, person, texts, now } = turn;
  const left = await leaveLine(desk.services.database, person.id, entryId, now);
  desk.freed();
  await show(turn, texts.html(left ? 'wait-left' : 'wait-over'), homeKeyboard(texts, person.admin));
}

/** Takes what was offered. */
export async function takeOffered(turn: Turn, entryId: number, minute: number): Promise<void> {
  const { services } = turn.desk;
  const { id: userId, telegramId } = turn.person;
  const request = { userId, telegramId, entryId, start: minute * 60_000 };
  await tell(turn, await takeOffer(services.database, services, request, turn.now));
}

/** Lets what was offered go to the next in line. */
export async function refuseOffered(turn: Turn, entryId: number, minute: number): Promise<void> {
  const request = { userId: turn.person.id, entryId, start: minute * 60_000 };
  const outcome = await refuseOffer(turn.desk.services.database, request, turn.now);
  turn.desk.freed();
  await tell(turn, outcome);
}

async function tell(turn: Turn, outcome: OfferOutcome): Promise<void> {
  const { texts, person } = turn;
  if (outcome.kind === 'taken') {
    turn.desk.wake(outcome.firstDue);
    const html = `${texts.html('booked-title')}\n\n${visitLines(turn, outcome.booking)}\n\n${texts.html('booked-note')}`;
    const mine: Button = [texts.plain('button-mine'), { kind: 'mine' }];
    await show(turn, html, keyboard([visitButtons(turn, outcome.booking.id), [mine], [homeButton(texts)]]));
  } else if (outcome.kind === 'unknown') {
    await answerPress(turn.ctx, texts.plain('button-old'), true);
  } else {
    await show(
      turn,
      texts.html(outcome.kind === 'refused' ? 'offer-refused' : 'offer-over'),
      homeKeyboard(texts, person.admin),
    );
  }
}
