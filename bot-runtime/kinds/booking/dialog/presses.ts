/** Owns which feature a pressed button reaches. */

import type { Right } from '../domain/rights.ts';
import { sendCalendarFile, sendLocation } from '../features/calendar-file.ts';
import { chooseMember, chooseMore, chooseService, takeMember } from '../features/choose.ts';
import { confirm } from '../features/confirm.ts';
import { offerContactKeyboard, skipContact, takeTime } from '../features/contact.ts';
import { showAgenda } from '../features/desk-day.ts';
import { chooseLanguage, chooseNews, help, languages, welcome } from '../features/home.ts';
import { askCancel, cancelMine, listMine, listPast, showMine, willCome } from '../features/mine.ts';
import { askMove, beginMove, confirmMove, moveToDay, moveToMonth } from '../features/move.ts';
import { askHours, saveHours } from '../features/owner-hours.ts';
import { ownerMenu } from '../features/owner-menu.ts';
import { askServiceName } from '../features/owner-service.ts';
import { listServices, switchService } from '../features/owner-services.ts';
import { takeStars } from '../features/review.ts';
import { chooseFullDay, joinLineOf, leaveLineOf, refuseOffered, showLine, takeOffered } from '../features/waiting.ts';
import { chooseDay, chooseTime } from '../features/when.ts';
import type { Action, ActionKind } from '../keyboards/action.ts';
import { personMay } from '../repository/people.ts';
import { DESK_NEEDS, DESK_PRESSES } from './desk-presses.ts';
import type { Presses } from './press-table.ts';
import type { Question } from './question.ts';
import { SETUP_NEEDS, SETUP_PRESSES } from './setup-presses.ts';
import { answerPress, type Turn } from './turn.ts';

const HANDLERS: Presses<ActionKind> = {
  ...SETUP_PRESSES,
  ...DESK_PRESSES,
  home: welcome,
  services: (turn) => chooseService(turn),
  service: (turn, { services }) => chooseMember(turn, { services }),
  moreServices: (turn, { services }) => chooseMore(turn, { services }),
  member: (turn, { services, staff }) => takeMember(turn, { services }, staff),
  month: (turn, choice) => chooseDay(turn, choice, choice.month),
  day: (turn, choice) => chooseTime(turn, choice, choice.date),
  time: (turn, choice) => takeTime(turn, choice, choice.minute),
  shareContact: (turn, choice) => offerContactKeyboard(turn, choice, choice.minute),
  skipContact: (turn, choice) => skipContact(turn, choice, choice.minute),
  confirm: (turn, choice) => confirm(turn, choice, choice.minute),
  mine: listMine,
  past: listPast,
  booking: (turn, { booking }) => showMine(turn, booking),
  askCancel: (turn, { booking }) => askCancel(turn, booking),
  cancel: (turn, { booking }) => cancelMine(turn, booking),
  languages,
  language: (turn, { locale }) => chooseLanguage(turn, locale),
  help,
  none: (turn) => answerPress(turn.ctx),
  admin: ownerMenu,
  adminServices: listServices,
  addService: askServiceName,
  showService: (turn, { service, active }) => switchService(turn, service, active === 1),
  adminHours: askHours,
  saveHours: (turn, { question }) => saveHours(turn, question),
  agenda: showAgenda,
  dropQuestion: ownerMenu,
  willCome: (turn, { booking }) => willCome(turn, booking),
  move: (turn, { booking }) => beginMove(turn, booking),
  moveMonth: (turn, { booking, staff, month }) => moveToMonth(turn, booking, staff, month),
  moveDay: (turn, { booking, staff, date }) => moveToDay(turn, booking, staff, date),
  moveTime: (turn, { booking, staff, minute }) => askMove(turn, booking, staff, minute),
  moveConfirm: (turn, { booking, staff, minute }) => confirmMove(turn, booking, staff, minute),
  waitDays: (turn, choice) => chooseFullDay(turn, choice, choice.month),
  wait: (turn, choice) => joinLineOf(turn, choice, choice.date),
  waiting: (turn, { entry }) => showLine(turn, entry),
  leaveLine: (turn, { entry }) => leaveLineOf(turn, entry),
  takeOffer: (turn, { entry, minute }) => takeOffered(turn, entry, minute),
  refuseOffer: (turn, { entry, minute }) => refuseOffered(turn, entry, minute),
  calendarFile: (turn, { booking }) => sendCalendarFile(turn, booking),
  location: sendLocation,
  stars: (turn, { booking, stars }) => takeStars(turn, booking, stars),
  news: (turn, { on }) => chooseNews(turn, on === 1),
};

/** What a button needs. `any`: everyone who works here. Buttons that are not listed are for customers. */
const NEEDS: ReadonlyMap<ActionKind, Right | 'any'> = new Map<ActionKind, Right | 'any'>([
  ...(Object.entries({ ...SETUP_NEEDS, ...DESK_NEEDS }) as [ActionKind, Right | 'any'][]),
  ['admin', 'any'],
  ['dropQuestion', 'any'],
  ['adminServices', 'setup'],
  ['addService', 'setup'],
  ['showService', 'setup'],
  ['adminHours', 'setup'],
  ['saveHours', 'setup'],
  ['agenda', 'calendar_own'],
]);

const KEEPS_QUESTION: ReadonlySet<ActionKind> = new Set<ActionKind>(['saveHours', 'saveText', 'none']);
const CUSTOMERS_QUESTIONS: ReadonlySet<Question['ask']> = new Set<Question['ask']>(['contact', 'review', 'done']);

/** Does what the button says. A button of an older version, a forged one, or one for others gets a friendly no. */
export async function handlePress(turn: Turn, action: Action | undefined): Promise<void> {
  if (action === undefined) {
    await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
    return;
  }
  const needed = NEEDS.get(action.kind);
  const { person } = turn;
  if (needed !== undefined && !(needed === 'any' ? person.admin : personMay(person, needed))) {
    await answerPress(turn.ctx, turn.texts.plain('not-allowed'), true);
    return;
  }
  // Whoever presses on has left the question that was open: what they write later is no answer to it.
  if (person.admin && !KEEPS_QUESTION.has(action.kind)) await dropOwnersQuestion(turn);
  // The table holds each kind's own handler, which the type system cannot follow through a union.
  const handler = HANDLERS[action.kind] as (turn: Turn, action: Action) => Promise<void>;
  await handler(turn, action);
}

async function dropOwnersQuestion({ desk, chatId, person }: Turn): Promise<void> {
  const open = await desk.questions.read(chatId, person.telegramId);
  if (open !== undefined && !CUSTOMERS_QUESTIONS.has(open.question.ask)) {
    await desk.questions.drop(chatId, person.telegramId);
  }
}
