/** Owns which feature a pressed button reaches. */
import { askConfirm, chooseDay, chooseMember, chooseService, chooseTime } from '../features/choose.ts';
import { confirm } from '../features/confirm.ts';
import { chooseLanguage, help, languages, welcome } from '../features/home.ts';
import { askCancel, cancelMine, listMine, showMine, willCome } from '../features/mine.ts';
import { askHours, saveHours } from '../features/owner-hours.ts';
import { listServices, ownerMenu, showAgenda, switchService } from '../features/owner-menu.ts';
import { askServiceName } from '../features/owner-service.ts';
import type { Action, ActionKind } from '../keyboards/action.ts';
import { answerPress, type Turn } from './turn.ts';

type Handlers = {
  readonly [K in ActionKind]: (turn: Turn, action: Extract<Action, { readonly kind: K }>) => Promise<void>;
};

const HANDLERS: Handlers = {
  home: welcome,
  services: chooseService,
  service: (turn, { service }) => chooseMember(turn, service),
  member: (turn, choice) => chooseDay(turn, choice, 0),
  month: (turn, choice) => chooseDay(turn, choice, choice.month),
  day: (turn, choice) => chooseTime(turn, choice, choice.date),
  time: (turn, choice) => askConfirm(turn, choice, choice.minute),
  confirm: (turn, choice) => confirm(turn, choice, choice.minute),
  mine: listMine,
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
};

const OWNERS_ONLY: ReadonlySet<ActionKind> = new Set<ActionKind>([
  'admin',
  'adminServices',
  'addService',
  'showService',
  'adminHours',
  'saveHours',
  'agenda',
  'dropQuestion',
]);

/** Does what the button says. A button of an older version, a forged one, or one for others gets a friendly no. */
export async function handlePress(turn: Turn, action: Action | undefined): Promise<void> {
  if (action === undefined) {
    await answerPress(turn.ctx, turn.texts.plain('button-old'), true);
    return;
  }
  if (OWNERS_ONLY.has(action.kind) && !turn.person.admin) {
    await answerPress(turn.ctx, turn.texts.plain('not-allowed'), true);
    return;
  }
  // The table holds each kind's own handler, which the type system cannot follow through a union.
  const handler = HANDLERS[action.kind] as (turn: Turn, action: Action) => Promise<void>;
  await handler(turn, action);
}
