/** Owns what a customer is about to choose a time for: a new visit, or a booking that shall be moved; and its buttons. */
import { show, type Turn } from '../dialog/turn.ts';
import { type Action, MOST_SERVICES } from '../keyboards/action.ts';
import { type Button, homeButton, keyboard } from '../keyboards/buttons.ts';
import type { MonthNumber } from '../keyboards/calendar.ts';
import { loadSchedule, type Schedule } from '../repository/schedule.ts';

/** Services and a member; staff 0 means anyone. */
export interface Choice {
  readonly services: readonly number[];
  readonly staff: number;
  /** The booking that shall be moved. */
  readonly moving?: number;
}

/** Shows a month. */
export function monthAction({ services, staff, moving }: Choice, month: MonthNumber): Action {
  return moving === undefined
    ? { kind: 'month', services, staff, month }
    : { kind: 'moveMonth', booking: moving, staff, month };
}

/** Shows the times of a day. */
export function dayAction({ services, staff, moving }: Choice, date: number): Action {
  return moving === undefined
    ? { kind: 'day', services, staff, date }
    : { kind: 'moveDay', booking: moving, staff, date };
}

/** Asks whether that time is right. */
export function timeAction({ services, staff, moving }: Choice, minute: number): Action {
  return moving === undefined
    ? { kind: 'time', services, staff, minute }
    : { kind: 'moveTime', booking: moving, staff, minute };
}

/** Books or moves. */
export function confirmAction({ services, staff, moving }: Choice, minute: number): Action {
  return moving === undefined
    ? { kind: 'confirm', services, staff, minute }
    : { kind: 'moveConfirm', booking: moving, staff, minute };
}

/** Leads back to what comes before the calendar. */
export function beforeCalendar({ moving }: Choice): Action {
  return moving === undefined ? { kind: 'services' } : { kind: 'booking', booking: moving };
}

/** Everything that decides when the choice is free on these dates; undefined when it cannot be booked any more. */
export async function scheduleFor(
  turn: Turn,
  { services, staff, moving }: Choice,
  [first, last]: readonly [string, string],
): Promise<Schedule | undefined> {
  const staffId = staff === 0 ? undefined : staff;
  const query = { serviceIds: services, staffId, first, last, moving };
  const schedule = await loadSchedule(turn.desk.services.database, query);
  return schedule === undefined || schedule.members.length === 0 ? undefined : schedule;
}

/** The row that leads to more services, where there is room for any. */
export function moreRow({ texts }: Turn, services: readonly number[], others: number): Button[] {
  const room = services.length < MOST_SERVICES && others > 0;
  return room ? [[texts.plain('button-more'), { kind: 'moreServices', services }]] : [];
}

/** Says that the service cannot be booked, and offers the others. */
export async function serviceGone(turn: Turn): Promise<void> {
  const again: Button = [turn.texts.plain('button-book'), { kind: 'services' }];
  await show(turn, turn.texts.html('service-gone'), keyboard([[again], [homeButton(turn.texts)]]));
}
