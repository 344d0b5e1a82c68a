/** Owns the bookings of a day as those who work here see them, each with a button that opens it. */
import { answerPress, show, type Turn } from '../dialog/turn.ts';
import { addDays, datesBetween, type LocalDate, weekdayOf } from '../domain/zone.ts';
import { dateNumber, dateOfNumber } from '../keyboards/action.ts';
import { type Button, keyboard } from '../keyboards/buttons.ts';
import { type AgendaEntry, agenda, visitsByDate } from '../repository/bookings.ts';
import { personMay } from '../repository/people.ts';
import { backToMenu } from './owner-menu.ts';

/** Shows the bookings of today and tomorrow by the tenant's clock. */
export async function showAgenda(turn: Turn): Promise<void> {
  const today = turn.settings.zone.wallClock(turn.now).date;
  await showDays(turn, [today, addDays(today, 1)]);
}

/** Shows one day. `date`: as a number, 20261123. */
export async function showDay(turn: Turn, date: number): Promise<void> {
  const day = dateOfNumber(date);
  if (day === undefined) return await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
  await showDays(turn, [day as LocalDate]);
}

/** Shows the week of a day: each day with its visits, and the weeks beside it. */
export async function showWeek(turn: Turn, date: number): Promise<void> {
  const day = dateOfNumber(date);
  if (day === undefined) return await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
  const { texts, formats, desk, settings, person } = turn;
  const monday = addDays(day, 1 - weekdayOf(day));
  const days = datesBetween(monday, addDays(monday, 6));
  const own = personMay(person, 'calendar_all') ? undefined : (person.staffId ?? 0);
  const counts = await visitsByDate(desk.services.database, monday, addDays(monday, 6), settings.zone.name, own);
  const rows = days.map((each): Button[] => {
    const count = counts.get(each) ?? 0;
    return [[texts.plain('week-day', { day: formats.date(each), count }), { kind: 'deskDay', date: dateNumber(each) }]];
  });
  const week = (step: number, label: string): Button => [
    label,
    { kind: 'deskWeek', date: dateNumber(addDays(monday, step)) },
  ];
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const html = texts.html('week-title', {
    from: formats.date(monday),
    to: formats.date(addDays(monday, 6)),
    count: total,
  });
  await show(turn, html, keyboard([...rows, [week(-7, '‹'), week(7, '›')], [backToMenu(turn)]]));
}

/** The button that leads to the day of an instant. */
export function dayButton({ texts, formats, settings }: Turn, instant: number): Button {
  const { date } = settings.zone.wallClock(instant);
  return [texts.plain('button-day', { day: formats.date(date) }), { kind: 'deskDay', date: dateNumber(date) }];
}

async function showDays(turn: Turn, days: readonly [LocalDate, ...LocalDate[]]): Promise<void> {
  const found = await Promise.all(days.map(async (date) => ({ date, entries: await entriesOf(turn, date) })));
  const html = found.map(({ date, entries }) => agendaOf(turn, date, entries)).join('\n\n');
  const rows = found.flatMap(({ entries }) => entries.map((entry): Button[] => [openButton(turn, entry)]));
  const [first] = days;
  const last = days.at(-1) ?? first;
  const add: Button = [turn.texts.plain('button-hand'), { kind: 'hand', page: 0 }];
  const away: Button = [turn.texts.plain('button-away'), { kind: 'away', date: dateNumber(first) }];
  await show(
    turn,
    html,
    keyboard([
      ...rows,
      [neighbour(turn, first, -1), neighbour(turn, last, 1)],
      personMay(turn.person, 'calendar_all') ? [add, away] : [away],
      [
        [turn.texts.plain('button-week'), { kind: 'deskWeek', date: dateNumber(first) }],
        [turn.texts.plain('button-day-picture'), { kind: 'dayPicture', date: dateNumber(first) }],
      ],
      [backToMenu(turn)],
    ]),
  );
}

function openButton({ formats }: Turn, { id, start, customer, service }: AgendaEntry): Button {
  return [`${formats.time(start)} · ${customer} · ${service}`, { kind: 'deskBooking', booking: id }];
}

function neighbour({ formats }: Turn, from: LocalDate, step: 1 | -1): Button {
  const date = addDays(from, step);
  const day = formats.date(date);
  return [step === 1 ? `${day} ›` : `‹ ${day}`, { kind: 'deskDay', date: dateNumber(date) }];
}

async function entriesOf({ desk, settings, person }: Turn, date: LocalDate): Promise<AgendaEntry[]> {
  const day = settings.zone.instants(date, 0, 1_440);
  const [from, to] = [day.at(0)?.from ?? 0, day.at(-1)?.to ?? 0];
  // Who sees only their own calendar and is no member of staff has none.
  const own = personMay(person, 'calendar_all') ? undefined : (person.staffId ?? 0);
  return await agenda(desk.services.database, from, to, own);
}

function agendaOf({ texts, formats }: Turn, date: LocalDate, entries: readonly AgendaEntry[]): string {
  const title = texts.html('agenda-title', { day: formats.date(date) });
  const lines = entries.map(({ start, service, customer, phone, staff, customerConfirmed, askedToMove }) => {
    const who = [customer, phone, staff].filter((part) => part !== undefined).join(', ');
    const entry = texts.html('agenda-line', { time: formats.time(start), service, customer: who });
    if (askedToMove) return `${entry} ❗️`;
    return customerConfirmed ? `${entry} ✔️` : entry;
  });
  return [title, ...(lines.length === 0 ? [texts.html('agenda-empty')] : lines)].join('\n');
}
