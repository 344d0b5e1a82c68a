/** Owns the way to a booking: service, member, day, time, and the question whether everything is right. */
import { answerPress, show, type Turn } from '../dialog/turn.ts';
import { datesOf, type Offer, offerAt, offersBetween } from '../domain/offers.ts';
import { addDays, type LocalDate } from '../domain/zone.ts';
import { dateNumber, dateOfNumber } from '../keyboards/action.ts';
import { type Button, homeButton, inRows, keyboard } from '../keyboards/buttons.ts';
import { addMonths, calendarRows, datesOfMonth, type MonthNumber, monthOf } from '../keyboards/calendar.ts';
import { loadSchedule, type Schedule } from '../repository/schedule.ts';
import { activeServices, findActiveService, type Service, staffFor } from '../repository/services.ts';
import { durationText } from '../texts/format.ts';
import { visitLines } from './details.ts';

/** A chosen service and member; staff 0 means anyone. */
export interface Choice {
  readonly service: number;
  readonly staff: number;
}

// Fifteen minutes apart a day has 96 times; Telegram takes about a hundred buttons.
const MOST_TIMES = 96;
const TIMES_PER_ROW = 4;

/** Offers the services. */
export async function chooseService(turn: Turn): Promise<void> {
  const services = await activeServices(turn.desk.services.database);
  const rows = services.map((service) => [
    [serviceLabel(turn, service), { kind: 'service', service: service.id }] as const,
  ]);
  const text = turn.texts.html(services.length === 0 ? 'no-services' : 'choose-service');
  await show(turn, text, keyboard([...rows, [homeButton(turn.texts)]]));
}

/** Offers the members who do the service; with one member there is nothing to choose. */
export async function chooseMember(turn: Turn, serviceId: number): Promise<void> {
  const { database } = turn.desk.services;
  const [service, staff] = await Promise.all([findActiveService(database, serviceId), staffFor(database, serviceId)]);
  if (service === undefined || staff.length === 0) {
    await serviceGone(turn);
    return;
  }
  if (staff.length === 1) {
    await chooseDay(turn, { service: serviceId, staff: 0 }, 0);
    return;
  }
  const member = (label: string, id: number): Button => [label, { kind: 'member', service: serviceId, staff: id }];
  const rows = [
    [member(turn.texts.plain('button-anyone'), 0)],
    ...inRows(
      staff.map(({ id, name }) => member(name, id)),
      2,
    ),
  ];
  const back: Button = [turn.texts.plain('button-back'), { kind: 'services' }];
  await show(turn, turn.texts.html('choose-staff', { service: service.name }), keyboard([...rows, [back]]));
}

/** Shows the days of a month on which something is free; month 0 is the first month that has any. */
export async function chooseDay(turn: Turn, choice: Choice, wanted: MonthNumber): Promise<void> {
  const today = todayOf(turn);
  const range = [monthOf(today), monthOf(addDays(today, turn.settings.horizonDays))] as const;
  const page = await monthPage(turn, choice, wanted, range);
  if (page === undefined) {
    await serviceGone(turn);
    return;
  }
  const key = page.free.size === 0 && wanted === 0 ? 'no-days' : 'choose-day';
  const back: Button = [turn.texts.plain('button-back'), { kind: 'services' }];
  const rows = calendarRows({ ...choice, month: page.month, free: page.free, range }, turn.formats);
  await show(turn, turn.texts.html(key, { service: page.service }), keyboard([...rows, [back]]));
}

/** Shows the free times of a day. */
export async function chooseTime(turn: Turn, choice: Choice, dateAsNumber: number): Promise<void> {
  const date = dateOfNumber(dateAsNumber);
  if (date === undefined || !isInReach(turn, date)) {
    await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
    return;
  }
  const found = await offersOn(turn, choice, [date, date]);
  if (found === undefined) {
    await serviceGone(turn);
    return;
  }
  const { offers, service } = found;
  if (offers.length === 0) {
    await chooseDay(turn, choice, monthOf(date));
    await answerPress(turn.ctx, turn.texts.plain('day-full'), true);
    return;
  }
  const text = turn.texts.html('choose-time', { service, day: turn.formats.date(date) });
  const times = offers.slice(0, MOST_TIMES).map(({ start }) => timeButton(choice, start, turn.formats.time(start)));
  await show(turn, text, keyboard([...inRows(times, TIMES_PER_ROW), [otherDay(turn, choice, date)]]));
}

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
    await serviceGone(turn);
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
  await show(turn, `${turn.texts.html('confirm-title')}\n\n${lines}`, confirmKeyboard(turn, choice, minute, date));
}

/** The button for a free time. */
export function timeButton({ service, staff }: Choice, start: number, label: string): Button {
  return [label, { kind: 'time', service, staff, minute: Math.floor(start / 60_000) }];
}

/** The button that leads back to the month of a date. */
export function otherDay(turn: Turn, { service, staff }: Choice, date: LocalDate): Button {
  return [turn.texts.plain('button-other-day'), { kind: 'month', service, staff, month: monthOf(date) }];
}

/** The instant that a button names, if it can be meant: near today. */
export function instantOf(turn: Turn, minute: number): number | undefined {
  const start = minute * 60_000;
  return Math.abs(start - turn.now) < 2 * 365 * 86_400_000 ? start : undefined;
}

/** Says that the service cannot be booked, and offers the others. */
export async function serviceGone(turn: Turn): Promise<void> {
  const again: Button = [turn.texts.plain('button-book'), { kind: 'services' }];
  await show(turn, turn.texts.html('service-gone'), keyboard([[again], [homeButton(turn.texts)]]));
}

function confirmKeyboard(turn: Turn, choice: Choice, minute: number, date: LocalDate) {
  const { service, staff } = choice;
  return keyboard([
    [[turn.texts.plain('button-confirm'), { kind: 'confirm', service, staff, minute }]],
    [otherDay(turn, choice, date)],
    [homeButton(turn.texts)],
  ]);
}

/** A month of a service, which goes by its name. */
interface MonthPage {
  readonly month: MonthNumber;
  readonly service: string;
  readonly free: ReadonlySet<LocalDate>;
}

/** The wanted month with its free days. Month 0 goes on until something is free or the horizon is reached. */
async function monthPage(
  turn: Turn,
  choice: Choice,
  wanted: MonthNumber,
  [from, to]: readonly [MonthNumber, MonthNumber],
): Promise<MonthPage | undefined> {
  const today = todayOf(turn);
  for (let month = Math.min(Math.max(wanted, from), to); ; month = addMonths(month, 1)) {
    const [first, last] = datesOfMonth(month);
    const found = await offersOn(turn, choice, [first < today ? today : first, last]);
    if (found === undefined) {
      return undefined;
    }
    if (found.offers.length > 0 || wanted !== 0 || month >= to) {
      return { month, service: found.service, free: new Set(datesOf(found.offers, turn.settings.zone)) };
    }
  }
}

async function offersOn(
  turn: Turn,
  choice: Choice,
  dates: readonly [LocalDate, LocalDate],
): Promise<{ readonly offers: readonly Offer[]; readonly service: string } | undefined> {
  const schedule = await scheduleFor(turn, choice, dates);
  if (schedule === undefined) {
    return undefined;
  }
  const { service, members } = schedule;
  return { offers: offersBetween(service, members, turn.settings, turn.now, dates), service: service.name };
}

async function scheduleFor(
  turn: Turn,
  { service, staff }: Choice,
  [first, last]: readonly [LocalDate, LocalDate],
): Promise<Schedule | undefined> {
  const staffId = staff === 0 ? undefined : staff;
  const schedule = await loadSchedule(turn.desk.services.database, { serviceId: service, staffId, first, last });
  return schedule === undefined || schedule.members.length === 0 ? undefined : schedule;
}

function todayOf(turn: Turn): LocalDate {
  return turn.settings.zone.wallClock(turn.now).date;
}

function isInReach(turn: Turn, date: LocalDate): boolean {
  const today = todayOf(turn);
  return date >= today && date <= addDays(today, turn.settings.horizonDays + 1);
}

function serviceLabel({ texts, formats }: Turn, service: Service): string {
  const price = service.priceKopecks === 0 ? [] : [formats.money(service.priceKopecks, service.currency)];
  return [service.name, durationText(texts, service.durationMinutes), ...price].join(' · ');
}
