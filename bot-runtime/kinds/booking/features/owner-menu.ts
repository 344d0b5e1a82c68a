/** Owns the menu of those who work here, and the next two days' bookings. */
import type { InlineKeyboard } from 'grammy';
import { show, type Turn } from '../dialog/turn.ts';
import type { Right } from '../domain/rights.ts';
import { addDays, type LocalDate } from '../domain/zone.ts';
import type { Action } from '../keyboards/action.ts';
import { type Button, keyboard } from '../keyboards/buttons.ts';
import type { MessageKey } from '../locales/catalogue.generated.ts';
import { type AgendaEntry, agenda } from '../repository/bookings.ts';
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
  [{ right: 'calendar_all', label: 'admin-agenda', action: { kind: 'agenda' } }],
  [
    { right: 'setup', label: 'admin-services', action: { kind: 'adminServices' } },
    { right: 'setup', label: 'admin-hours', action: { kind: 'adminHours' } },
  ],
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

/** Shows the bookings of today and tomorrow by the tenant's clock. */
export async function showAgenda(turn: Turn): Promise<void> {
  const today = turn.settings.zone.wallClock(turn.now).date;
  const days = [today, addDays(today, 1)];
  const sections = await Promise.all(days.map(async (date) => agendaOf(turn, date, await entriesOf(turn, date))));
  await show(turn, sections.join('\n\n'), keyboard([[backToMenu(turn)]]));
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

async function entriesOf({ desk, settings }: Turn, date: LocalDate): Promise<AgendaEntry[]> {
  const day = settings.zone.instants(date, 0, 1_440);
  const [from, to] = [day.at(0)?.from ?? 0, day.at(-1)?.to ?? 0];
  return await agenda(desk.services.database, from, to);
}

function agendaOf({ texts, formats }: Turn, date: LocalDate, entries: readonly AgendaEntry[]): string {
  const title = texts.html('agenda-title', { day: formats.date(date) });
  const lines = entries.map(({ start, service, customer, phone, staff, customerConfirmed }) => {
    const who = [customer, phone, staff].filter((part) => part !== undefined).join(', ');
    const entry = texts.html('agenda-line', { time: formats.time(start), service, customer: who });
    return customerConfirmed ? `${entry} ✔️` : entry;
  });
  return [title, ...(lines.length === 0 ? [texts.html('agenda-empty')] : lines)].join('\n');
}
