/** Owns which feature the buttons of the day's work reach, and which right each needs. */
import { sendCustomers, showCustomer, showCustomers, switchBlock } from '../features/customers.ts';
import { askDeskCancel, deskCancel, noteVisit, showDeskBooking } from '../features/desk-booking.ts';
import { showDay } from '../features/desk-day.ts';
import type { DESK_SHAPES } from '../keyboards/desk-shapes.ts';
import type { Needs, Presses } from './press-table.ts';

type DeskKind = keyof typeof DESK_SHAPES;

/** What each button does. */
export const DESK_PRESSES: Presses<DeskKind> = {
  deskDay: (turn, { date }) => showDay(turn, date),
  deskBooking: (turn, { booking }) => showDeskBooking(turn, booking),
  deskCame: (turn, { booking, came }) => noteVisit(turn, booking, came === 1),
  deskAskCancel: (turn, { booking }) => askDeskCancel(turn, booking),
  deskCancel: (turn, { booking }) => deskCancel(turn, booking),
  customers: (turn, { page }) => showCustomers(turn, page),
  customer: (turn, { customer }) => showCustomer(turn, customer),
  customerBlock: (turn, { customer, blocked }) => switchBlock(turn, customer, blocked === 1),
  customersCsv: sendCustomers,
};

/** What each button needs. */
export const DESK_NEEDS: Needs<DeskKind> = {
  deskDay: 'calendar_all',
  deskBooking: 'calendar_all',
  deskCame: 'calendar_all',
  deskAskCancel: 'calendar_all',
  deskCancel: 'calendar_all',
  customers: 'customers',
  customer: 'customers',
  customerBlock: 'customers',
  customersCsv: 'customers',
};
