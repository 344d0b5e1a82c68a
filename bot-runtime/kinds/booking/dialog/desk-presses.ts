/** Owns which feature the buttons of the day's work reach, and which right each needs. */
import { askAway, liftAway, settleVisits, showAway, takeDayOff } from '../features/away.ts';
import { askBroadcast, endBroadcast, sendBroadcast, showBroadcast, showBroadcasts } from '../features/broadcasts.ts';
import { chooseMember, chooseMore, chooseService, takeMember } from '../features/choose.ts';
import { askConfirm } from '../features/confirm.ts';
import {
  askCustomerNote,
  askCustomerSearch,
  sendCustomers,
  showCustomer,
  showCustomers,
  switchBlock,
} from '../features/customers.ts';
import { sendDayPicture } from '../features/day-picture.ts';
import { askDeskCancel, deskCancel, noteVisit, showDeskBooking } from '../features/desk-booking.ts';
import { showDay, showWeek } from '../features/desk-day.ts';
import { askDeskMove, beginDeskMove, confirmDeskMove, deskMoveToDay, deskMoveToMonth } from '../features/desk-move.ts';
import { askNewcomer, atDesk, bookByHand, chooseForWhom } from '../features/hand.ts';
import { showStatistics } from '../features/statistics.ts';
import { chooseDay, chooseTime } from '../features/when.ts';
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
  customersFind: askCustomerSearch,
  customerNote: (turn, { customer }) => askCustomerNote(turn, customer),
  deskMove: (turn, { booking }) => beginDeskMove(turn, booking),
  deskMoveMonth: (turn, { booking, staff, month }) => deskMoveToMonth(turn, booking, staff, month),
  deskMoveDay: (turn, { booking, staff, date }) => deskMoveToDay(turn, booking, staff, date),
  deskMoveTime: (turn, { booking, staff, minute }) => askDeskMove(turn, booking, staff, minute),
  deskMoveConfirm: (turn, { booking, staff, minute }) => confirmDeskMove(turn, booking, staff, minute),
  hand: (turn, { page }) => chooseForWhom(turn, page),
  handNewcomer: askNewcomer,
  handServices: (turn, { customer }) => chooseService(turn, customer),
  handService: (turn, selection) => chooseMember(atDesk(turn), selection),
  handMore: (turn, selection) => chooseMore(turn, selection),
  handMember: (turn, { staff, ...selection }) => takeMember(atDesk(turn), selection, staff),
  handMonth: (turn, { month, ...choice }) => chooseDay(atDesk(turn), choice, month),
  handDay: (turn, { date, ...choice }) => chooseTime(atDesk(turn), choice, date),
  handTime: (turn, { minute, ...choice }) => askConfirm(atDesk(turn), choice, minute),
  handConfirm: (turn, { minute, ...choice }) => bookByHand(turn, choice, minute),
  away: (turn, { date }) => showAway(turn, date),
  awayWho: (turn, { date, staff }) => askAway(turn, date, staff),
  awayDay: (turn, { date, staff }) => takeDayOff(turn, date, staff),
  awayVisits: (turn, { block, how }) => settleVisits(turn, block, how),
  awayLift: (turn, { block }) => liftAway(turn, block),
  deskWeek: (turn, { date }) => showWeek(turn, date),
  dayPicture: (turn, { date }) => sendDayPicture(turn, date),
  statistics: (turn, { days }) => showStatistics(turn, days),
  broadcasts: showBroadcasts,
  askBroadcast,
  sendBroadcast: (turn, { message }) => sendBroadcast(turn, message),
  broadcast: (turn, { broadcast }) => showBroadcast(turn, broadcast),
  stopBroadcast: (turn, { broadcast }) => endBroadcast(turn, broadcast),
};

/** What each button needs. */
export const DESK_NEEDS: Needs<DeskKind> = {
  deskDay: 'calendar_own',
  deskBooking: 'calendar_own',
  deskCame: 'calendar_own',
  deskAskCancel: 'calendar_own',
  deskCancel: 'calendar_own',
  customers: 'customers',
  customer: 'customers',
  customerBlock: 'customers',
  customersCsv: 'customers',
  customersFind: 'customers',
  customerNote: 'customers',
  deskMove: 'calendar_own',
  deskMoveMonth: 'calendar_own',
  deskMoveDay: 'calendar_own',
  deskMoveTime: 'calendar_own',
  deskMoveConfirm: 'calendar_own',
  hand: 'calendar_all',
  handNewcomer: 'calendar_all',
  handServices: 'calendar_all',
  handService: 'calendar_all',
  handMore: 'calendar_all',
  handMember: 'calendar_all',
  handMonth: 'calendar_all',
  handDay: 'calendar_all',
  handTime: 'calendar_all',
  handConfirm: 'calendar_all',
  away: 'calendar_own',
  awayWho: 'calendar_own',
  awayDay: 'calendar_own',
  awayVisits: 'calendar_own',
  awayLift: 'calendar_own',
  deskWeek: 'calendar_own',
  dayPicture: 'calendar_own',
  statistics: 'statistics',
  broadcasts: 'broadcast',
  askBroadcast: 'broadcast',
  sendBroadcast: 'broadcast',
  broadcast: 'broadcast',
  stopBroadcast: 'broadcast',
};
