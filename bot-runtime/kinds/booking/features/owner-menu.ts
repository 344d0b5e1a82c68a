/** Owns the menu of those who work here. */
import type { InlineKeyboard } from 'grammy';
import { show, type Turn } from '../dialog/turn.ts';
import type { Right } from '../domain/rights.ts';
import type { Action } from '../keyboards/action.ts';
import { type Button, keyboard } from '../keyboards/buttons.ts';
import type { MessageKey } from '../locales/catalogue.generated.ts';
import { personMay } from '../repository/people.ts';
import { SETUP_STEPS, setupState } from '../repository/setup.ts';

/** One button of the menu, shown to whoever may use it. */
interface MenuItem {
  readonly right: Right;
  readonly label: MessageKey;
  readonly action: Action;
}

/** The menu, row by row: first the day's work, then what is set up once and changed seldom. */
const MENU: readonly (readonly MenuItem[])[] = [
  [{ right: 'calendar_own', label: 'admin-agenda', action: { kind: 'agenda' } }],
  [
    { right: 'customers', label: 'admin-customers', action: { kind: 'customers', page: 0 } },
    { right: 'statistics', label: 'admin-statistics', action: { kind: 'statistics', days: 30 } },
  ],
  [{ right: 'broadcast', label: 'admin-broadcasts', action: { kind: 'broadcasts' } }],
  [
    { right: 'setup', label: 'admin-services', action: { kind: 'adminServices' } },
    { right: 'setup', label: 'admin-hours', action: { kind: 'adminHours' } },
  ],
  [
    { right: 'setup', label: 'admin-staff', action: { kind: 'staffList' } },
    { right: 'roles', label: 'admin-team', action: { kind: 'team' } },
  ],
  [
    { right: 'texts', label: 'admin-texts', action: { kind: 'ownTexts' } },
    { right: 'setup', label: 'admin-settings', action: { kind: 'settings' } },
  ],
  [{ right: 'audit', label: 'admin-log', action: { kind: 'log', page: 0 } }],
];

/** Shows the menu. Whatever question was open is closed. */
export async function ownerMenu(turn: Turn): Promise<void> {
  const { texts, settings, desk, chatId, person } = turn;
  await desk.questions.drop(chatId, person.telegramId);
  await show(turn, texts.html('admin-title', { company: settings.company }), await menuKeyboard(turn));
}

/** Says that the thread is lost and shows the menu. */
export async function questionLost(turn: Turn): Promise<void> {
  await show(turn, turn.texts.html('question-lost'), await menuKeyboard(turn));
}

/** The button that leads to the menu. */
export function backToMenu({ texts }: Turn): Button {
  return [texts.plain('button-admin'), { kind: 'admin' }];
}

async function menuKeyboard({ texts, person, desk }: Turn): Promise<InlineKeyboard> {
  const rows = MENU.map((row) =>
    row
      .filter(({ right }) => personMay(person, right))
      .map(({ label, action }): Button => [texts.plain(label), action]),
  );
  const state = personMay(person, 'setup') ? await setupState(desk.services.database) : undefined;
  const unfinished: Button[] =
    state === undefined || state.step === 'done'
      ? []
      : [[texts.plain('setup-continue'), { kind: 'wizard', step: SETUP_STEPS.indexOf(state.step) }]];
  return keyboard([unfinished, ...rows, [[texts.plain('menu-as-customer'), { kind: 'home' }]]]);
}
