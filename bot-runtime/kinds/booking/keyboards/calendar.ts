/** Owns the page of one month: which days can be pressed and where the arrows lead. Pure. */
import { addDays, datesBetween, type LocalDate, weekdayOf } from '../domain/zone.ts';
import type { Formats } from '../texts/format.ts';
import { type Action, dateNumber } from './action.ts';
import { type Button, inRows } from './buttons.ts';

/** A month as a number: 202611. */
export type MonthNumber = number;

/** What a page shows, and what its buttons ask for. */
export interface CalendarPage {
  dayAction(date: number): Action;
  monthAction(month: MonthNumber): Action;
  readonly month: MonthNumber;
  /** The first and the last month that can be shown. */
  readonly range: readonly [MonthNumber, MonthNumber];
  /** The dates on which something is free. */
  readonly free: ReadonlySet<LocalDate>;
}

/** The month of a date. */
export function monthOf(date: LocalDate): MonthNumber {
  return Math.floor(dateNumber(date) / 100);
}

/** So many months later. */
export function addMonths(month: MonthNumber, count: number): MonthNumber {
  const index = Math.floor(month / 100) * 12 + (month % 100) - 1 + count;
  return Math.floor(index / 12) * 100 + (index % 12) + 1;
}

/** The first and the last date of a month. */
export function datesOfMonth(month: MonthNumber): readonly [LocalDate, LocalDate] {
  return [firstOf(month), addDays(firstOf(addMonths(month, 1)), -1)];
}

/** The rows of the page: title with arrows, names of the weekdays, the weeks. */
export function calendarRows(page: CalendarPage, formats: Formats): Button[][] {
  const [first, last] = datesOfMonth(page.month);
  const blank: Button = [' ', { kind: 'none' }];
  const lead = Array.from({ length: weekdayOf(first) - 1 }, () => blank);
  const tail = Array.from({ length: 7 - weekdayOf(last) }, () => blank);
  const days = datesBetween(first, last).map((date) => dayButton(page, date));
  const names = [1, 2, 3, 4, 5, 6, 7].map((day): Button => [formats.weekday(day), { kind: 'none' }]);
  return [
    [arrow(page, -1, '‹'), [formats.month(first), { kind: 'none' }], arrow(page, 1, '›')],
    names,
    ...inRows([...lead, ...days, ...tail], 7),
  ];
}

function dayButton(page: CalendarPage, date: LocalDate): Button {
  return page.free.has(date)
    ? [String(Number(date.slice(8))), page.dayAction(dateNumber(date))]
    : ['·', { kind: 'none' }];
}

function arrow(page: CalendarPage, step: -1 | 1, label: string): Button {
  const target = addMonths(page.month, step);
  const [from, to] = page.range;
  return target < from || target > to ? [' ', { kind: 'none' }] : [label, page.monthAction(target)];
}

function firstOf(month: MonthNumber): LocalDate {
  return `${String(Math.floor(month / 100)).padStart(4, '0')}-${String(month % 100).padStart(2, '0')}-01`;
}
