/** Owns choosing a time: the month with its free days, the times of a day. */
import { answerPress, show, type Turn } from '../dialog/turn.ts';
import { datesOf, fullDates, type Offer, offersBetween } from '../domain/offers.ts';
import { addDays, type LocalDate } from '../domain/zone.ts';
import { dateOfNumber } from '../keyboards/action.ts';
import { type Button, inRows, keyboard } from '../keyboards/buttons.ts';
import { addMonths, calendarRows, datesOfMonth, type MonthNumber, monthOf } from '../keyboards/calendar.ts';
import type { Schedule } from '../repository/schedule.ts';
import {
  beforeCalendar,
  type Choice,
  dayAction,
  monthAction,
  moreRow,
  scheduleFor,
  serviceGone,
  timeAction,
} from './choice.ts';

// Fifteen minutes apart a day has 96 times; Telegram takes about a hundred buttons.
const MOST_TIMES = 96;
const TIMES_PER_ROW = 4;
const REACH_MS = 2 * 365 * 86_400_000;

/** Shows the days of a month on which something is free; month 0 is the first month that has any. */
export async function chooseDay(turn: Turn, choice: Choice, wanted: MonthNumber): Promise<void> {
  const range = monthsInReach(turn);
  const page = await monthPage(turn, choice, wanted, range);
  if (page === undefined) {
    await serviceGone(turn, choice);
    return;
  }
  const { month, free, full, schedule } = page;
  const key = free.size === 0 && wanted === 0 ? 'no-days' : 'choose-day';
  const rows = calendarRows(
    {
      month,
      free,
      range,
      dayAction: (date) => dayAction(choice, date),
      monthAction: (other) => monthAction(choice, other),
    },
    turn.formats,
  );
  const more = choice.moving === undefined && schedule.service.capacity === 1 ? schedule.others : 0;
  const back: Button = [turn.texts.plain('button-back'), beforeCalendar(choice)];
  const text = turn.texts.html(key, { service: schedule.service.name });
  await show(
    turn,
    text,
    keyboard([
      ...rows,
      moreRow(turn, choice, more),
      anyoneRow(turn, choice, month),
      full.length === 0 ? [] : waitRow(turn, choice, month),
      [back],
    ]),
  );
}

/** Shows the free times of a day. */
export async function chooseTime(turn: Turn, choice: Choice, dateAsNumber: number): Promise<void> {
  const date = dateOfNumber(dateAsNumber);
  if (date === undefined || !isInReach(turn, date)) {
    await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
    return;
  }
  const schedule = await scheduleFor(turn, choice, [date, date]);
  if (schedule === undefined) {
    await serviceGone(turn, choice);
    return;
  }
  const offers = offersOn(turn, schedule, [date, date]);
  if (offers.length === 0) {
    await chooseDay(turn, choice, monthOf(date));
    await answerPress(turn.ctx, turn.texts.plain('day-full'), true);
    return;
  }
  const text = turn.texts.html('choose-time', { service: schedule.service.name, day: turn.formats.date(date) });
  const times = offers.slice(0, MOST_TIMES).map(({ start }) => timeButton(choice, start, turn.formats.time(start)));
  await show(turn, text, keyboard([...inRows(times, TIMES_PER_ROW), [otherDay(turn, choice, date)]]));
}

/** The button for a free time. */
export function timeButton(choice: Choice, start: number, label: string): Button {
  return [label, timeAction(choice, Math.floor(start / 60_000))];
}

/** The button that leads back to the month of a date. */
export function otherDay(turn: Turn, choice: Choice, date: LocalDate): Button {
  return [turn.texts.plain('button-other-day'), monthAction(choice, monthOf(date))];
}

/** The instant that a button names, if it can be meant: near today. */
export function instantOf(turn: Turn, minute: number): number | undefined {
  const start = minute * 60_000;
  return Math.abs(start - turn.now) < REACH_MS ? start : undefined;
}

/** The first and the last month in which anything can be booked. */
export function monthsInReach(turn: Turn): readonly [MonthNumber, MonthNumber] {
  const today = todayOf(turn);
  return [monthOf(today), monthOf(addDays(today, turn.settings.horizonDays))];
}

/** True for a date on which a visit can begin. */
export function isInReach(turn: Turn, date: LocalDate): boolean {
  const today = todayOf(turn);
  return date >= today && date <= addDays(today, turn.settings.horizonDays + 1);
}

/** Today by the tenant's clock. */
export function todayOf(turn: Turn): LocalDate {
  return turn.settings.zone.wallClock(turn.now).date;
}

/** What is free on these dates. */
export function offersOn(turn: Turn, { service, members }: Schedule, dates: readonly [LocalDate, LocalDate]): Offer[] {
  return offersBetween(service, members, turn.settings, turn.now, dates);
}

/** Who moves a visit may also move it to whoever is free. */
function anyoneRow({ texts }: Turn, choice: Choice, month: MonthNumber): Button[] {
  const { moving, staff } = choice;
  return moving === undefined || staff === 0
    ? []
    : [[texts.plain('button-with-anyone'), monthAction({ ...choice, staff: 0 }, month)]];
}

/** Only a new visit can be waited for, and only by the customer. */
function waitRow({ texts }: Turn, { services, staff, moving, customer }: Choice, month: MonthNumber): Button[] {
  return moving === undefined && customer === undefined
    ? [[texts.plain('button-wait'), { kind: 'waitDays', services, staff, month }]]
    : [];
}

/** A month with its free days. */
interface MonthPage {
  readonly month: MonthNumber;
  readonly schedule: Schedule;
  readonly free: ReadonlySet<LocalDate>;
  /** The days on which somebody works and nothing is free. */
  readonly full: readonly LocalDate[];
}

/** The wanted month with its free and its full days. Month 0 goes on until something is free or the horizon is reached. */
export async function monthPage(
  turn: Turn,
  choice: Choice,
  wanted: MonthNumber,
  [from, to]: readonly [MonthNumber, MonthNumber],
): Promise<MonthPage | undefined> {
  const today = todayOf(turn);
  for (let month = Math.min(Math.max(wanted, from), to); ; month = addMonths(month, 1)) {
    const [first, last] = datesOfMonth(month);
    const dates = [first < today ? today : first, last] as const;
    const schedule = await scheduleFor(turn, choice, dates);
    if (schedule === undefined) {
      return undefined;
    }
    const offers = offersOn(turn, schedule, dates);
    if (offers.length > 0 || wanted !== 0 || month >= to) {
      const free = new Set(datesOf(offers, turn.settings.zone));
      const full = fullDates(schedule.service, schedule.members, turn.settings, turn.now, dates, free);
      return { month, schedule, free, full };
    }
  }
}
