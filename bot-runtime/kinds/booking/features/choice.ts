/**
 * Owns what a time is about to be chosen for: a new visit or a booking that shall be moved, by the customer or by those who
 * work here; and its buttons.
 */
import { show, type Turn } from '../dialog/turn.ts';
import { type Action, MOST_SERVICES } from '../keyboards/action.ts';
import { type Button, homeButton, keyboard } from '../keyboards/buttons.ts';
import type { MonthNumber } from '../keyboards/calendar.ts';
import { loadSchedule, type Schedule } from '../repository/schedule.ts';

/** Services, chosen one after the other, and for whom. */
export interface Selection {
  readonly services: readonly number[];
  /** Set when those who work here choose: for which customer. */
  readonly customer?: number | undefined;
}

/** Services and a member; staff 0 means anyone. */
export interface Choice extends Selection {
  readonly staff: number;
  /** The booking that shall be moved. */
  readonly moving?: number;
}

/** Begins with the services. */
export function servicesAction({ customer }: Pick<Selection, 'customer'>): Action {
  return customer === undefined ? { kind: 'services' } : { kind: 'handServices', customer };
}

/** Takes services, and asks by whom. */
export function serviceAction({ services, customer }: Selection): Action {
  return customer === undefined ? { kind: 'service', services } : { kind: 'handService', customer, services };
}

/** Takes a member, and asks when. */
export function memberAction({ services, customer }: Selection, staff: number): Action {
  return customer === undefined
    ? { kind: 'member', services, staff }
    : { kind: 'handMember', customer, services, staff };
}

/** Shows a month. */
export function monthAction({ services, staff, moving, customer }: Choice, month: MonthNumber): Action {
  if (moving !== undefined)
    return { kind: customer === undefined ? 'moveMonth' : 'deskMoveMonth', booking: moving, staff, month };
  return customer === undefined
    ? { kind: 'month', services, staff, month }
    : { kind: 'handMonth', customer, services, staff, month };
}

/** Shows the times of a day. */
export function dayAction({ services, staff, moving, customer }: Choice, date: number): Action {
  if (moving !== undefined)
    return { kind: customer === undefined ? 'moveDay' : 'deskMoveDay', booking: moving, staff, date };
  return customer === undefined
    ? { kind: 'day', services, staff, date }
    : { kind: 'handDay', customer, services, staff, date };
}

/** Asks whether that time is right. */
export function timeAction({ services, staff, moving, customer }: Choice, minute: number): Action {
  if (moving !== undefined)
    return { kind: customer === undefined ? 'moveTime' : 'deskMoveTime', booking: moving, staff, minute };
  return customer === undefined
    ? { kind: 'time', services, staff, minute }
    : { kind: 'handTime', customer, services, staff, minute };
}

/** Books or moves. */
export function confirmAction({ services, staff, moving, customer }: Choice, minute: number): Action {
  if (moving !== undefined)
    return { kind: customer === undefined ? 'moveConfirm' : 'deskMoveConfirm', booking: moving, staff, minute };
  return customer === undefined
    ? { kind: 'confirm', services, staff, minute }
    : { kind: 'handConfirm', customer, services, staff, minute };
}

/** Leads back to what comes before the calendar. */
export function beforeCalendar({ moving, customer }: Choice): Action {
  if (moving !== undefined) return { kind: customer === undefined ? 'booking' : 'deskBooking', booking: moving };
  return servicesAction({ customer });
}

/** Offers more services for the same visit. */
function moreAction({ services, customer }: Selection): Action {
  return customer === undefined ? { kind: 'moreServices', services } : { kind: 'handMore', customer, services };
}

/** Leads out of the choice. */
export function leaveButton({ texts }: Turn, { customer }: Pick<Selection, 'customer'>): Button {
  return customer === undefined ? homeButton(texts) : [texts.plain('button-admin'), { kind: 'admin' }];
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
export function moreRow({ texts }: Turn, choice: Selection, others: number): Button[] {
  const room = choice.services.length < MOST_SERVICES && others > 0;
  return room ? [[texts.plain('button-more'), moreAction(choice)]] : [];
}

/** Says that the service cannot be booked, and offers the others. */
export async function serviceGone(turn: Turn, choice: Pick<Selection, 'customer'> = {}): Promise<void> {
  const again: Button = [turn.texts.plain('button-book'), servicesAction(choice)];
  await show(turn, turn.texts.html('service-gone'), keyboard([[again], [leaveButton(turn, choice)]]));
}
