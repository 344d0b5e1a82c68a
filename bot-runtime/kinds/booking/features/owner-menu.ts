/** Owns the owner's menu, the next two days' bookings, and the list of services. */
import { answerPress, show, type Turn } from '../dialog/turn.ts';
import type { Right } from '../domain/rights.ts';
import { addDays, type LocalDate } from '../domain/zone.ts';
import type { Action } from '../keyboards/action.ts';
import { type Button, keyboard } from '../keyboards/buttons.ts';
import type { MessageKey } from '../locales/catalogue.generated.ts';
import { type AgendaEntry, agenda } from '../repository/bookings.ts';
import { showService } from '../repository/owner.ts';
import { personMay } from '../repository/people.ts';
import { allServices } from '../repository/services.ts';

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
  await show(turn, texts.html('admin-title', { company: settings.company }), menuKeyboard(turn));
}

/** Says that the thread is lost and shows the menu. */
export async function questionLost(turn: Turn): Promise<void> {
  await show(turn, turn.texts.html('question-lost'), menuKeyboard(turn));
}

/** Shows the bookings of today and tomorrow by the tenant's clock. */
export async function showAgenda(turn: Turn): Promise<void> {
  const today = turn.settings.zone.wallClock(turn.now).date;
  const days = [today, addDays(today, 1)];
  const sections = await Promise.all(days.map(async (date) => agendaOf(turn, date, await entriesOf(turn, date))));
  await show(turn, sections.join('\n\n'), keyboard([[backToMenu(turn)]]));
}

/** Lists the services; each button hides one from customers or shows it again. */
export async function listServices(turn: Turn): Promise<void> {
  const { texts, desk } = turn;
  const services = await allServices(desk.services.database);
  const rows = services.map(({ id, name, active }): Button[] => [
    [
      texts.plain(active ? 'service-shown' : 'service-hidden', { service: name }),
      { kind: 'showService', service: id, active: active ? 0 : 1 },
    ],
  ]);
  const add: Button = [texts.plain('admin-add-service'), { kind: 'addService' }];
  const text = texts.html(services.length === 0 ? 'services-none' : 'services-title');
  await show(turn, text, keyboard([...rows, [add], [backToMenu(turn)]]));
}

/** Hides or shows a service, as the pressed button said. */
export async function switchService(turn: Turn, id: number, active: boolean): Promise<void> {
  const { desk, person, updateId, texts, now } = turn;
  const request = { telegramId: person.telegramId, updateId };
  const outcome = await showService(desk.services.database, request, { id, active }, now);
  if (outcome === 'name_taken') {
    await answerPress(turn.ctx, texts.plain('service-name-taken'), true);
    return;
  }
  await listServices(turn);
  await answerPress(turn.ctx, texts.plain(active ? 'service-now-shown' : 'service-now-hidden'));
}

/** The button that leads to the menu. */
export function backToMenu({ texts }: Turn): Button {
  return [texts.plain('button-admin'), { kind: 'admin' }];
}

function menuKeyboard({ texts, person }: Turn) {
  const rows = MENU.map((row) =>
    row
      .filter(({ right }) => personMay(person, right))
      .map(({ label, action }): Button => [texts.plain(label), action]),
  );
  return keyboard([...rows, [[texts.plain('menu-as-customer'), { kind: 'home' }]]]);
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
