/** Owns the customers as those who work here see them: the list, one of them with their visits, and all as a table. */
import { stringify } from 'csv-stringify/sync';
import { InputFile } from 'grammy';
import { answerPress, requestOf, show, type Turn } from '../dialog/turn.ts';
import { cleanName } from '../domain/amounts.ts';
import { type Button, keyboard } from '../keyboards/buttons.ts';
import { type BookingView, bookingsAhead, bookingsBefore } from '../repository/bookings.ts';
import {
  blockCustomer,
  type Customer,
  countCustomers,
  findCustomer,
  findCustomers,
  listCustomers,
  noteCustomer,
} from '../repository/customers.ts';
import { personMay } from '../repository/people.ts';
import { type Answers, askFor, type Taken } from './ask.ts';
import { momentLabel } from './details.ts';
import { backToMenu } from './owner-menu.ts';

const PER_PAGE = 8;
/** So many visits are shown of each kind. */
const VISITS = 5;
const MAX_NOTE_LENGTH = 1_000;

/** Shows a page of them, whoever booked last first. */
export async function showCustomers(turn: Turn, page: number): Promise<void> {
  const { desk, texts, now } = turn;
  const { database } = desk.services;
  const range = { offset: page * PER_PAGE, limit: PER_PAGE };
  const [count, customers] = await Promise.all([countCustomers(database), listCustomers(database, range, now)]);
  const rows = customers.map((customer): Button[] => [customerButton(customer)]);
  const pages: Button[] = [
    ...(page > 0 ? [['‹', { kind: 'customers', page: page - 1 }] as const] : []),
    ...((page + 1) * PER_PAGE < count ? [['›', { kind: 'customers', page: page + 1 }] as const] : []),
  ];
  const table: Button[] =
    count === 0
      ? []
      : [
          [texts.plain('button-customers-find'), { kind: 'customersFind' }],
          [texts.plain('button-customers-csv'), { kind: 'customersCsv' }],
        ];
  const html = count === 0 ? texts.html('customers-empty') : texts.html('customers-title', { count });
  await show(turn, html, keyboard([...rows, pages, table, [backToMenu(turn)]]));
}

/** Shows one with what came of their bookings, those ahead and the latest. */
export async function showCustomer(turn: Turn, customerId: number): Promise<void> {
  const { desk, texts, now, person } = turn;
  const { database } = desk.services;
  const customer = await findCustomer(database, customerId, now);
  if (customer === undefined) return await answerPress(turn.ctx, texts.plain('button-old'), true);
  const [ahead, before] = await Promise.all([
    bookingsAhead(database, customerId, now),
    bookingsBefore(database, customerId, now, VISITS),
  ]);
  const { visits, missed, cancelled, phone, blocked, note } = customer;
  const lines = [
    texts.html('customer-title', { name: customer.name }),
    phone === undefined ? undefined : texts.html('customer-phone', { phone }),
    texts.html('customer-figures', { visits, missed, cancelled }),
    note === undefined ? undefined : texts.html('customer-noted', { note }),
    customer.telegramId === undefined ? texts.html('customer-by-hand') : undefined,
    blocked ? texts.html('customer-blocked') : undefined,
  ];
  const open = ({ id, start, service }: BookingView): Button[] => [
    [`${momentLabel(turn, start)} · ${service}`, { kind: 'deskBooking', booking: id }],
  ];
  const block: Button = [
    texts.plain(blocked ? 'button-customer-unblock' : 'button-customer-block'),
    { kind: 'customerBlock', customer: customerId, blocked: blocked ? 0 : 1 },
  ];
  const rows = [...ahead.slice(0, VISITS).map(open), ...before.map(open)];
  // Nobody locks themselves out, and who has no Telegram does not write.
  const blockable = customer.telegramId !== undefined && customer.telegramId !== person.telegramId;
  const more: Button[] = [
    [texts.plain('button-customer-note'), { kind: 'customerNote', customer: customerId }],
    ...(blockable ? [block] : []),
  ];
  const book: Button[] = personMay(person, 'calendar_all')
    ? [[texts.plain('button-hand-for'), { kind: 'handServices', customer: customerId }]]
    : [];
  const back: Button = [texts.plain('admin-customers'), { kind: 'customers', page: 0 }];
  await show(turn, lines.filter((line) => line !== undefined).join('\n'), keyboard([...rows, book, more, [back]]));
}

/** Blocks or unblocks, and shows how it is now. */
export async function switchBlock(turn: Turn, customerId: number, blocked: boolean): Promise<void> {
  const { desk, person, now } = turn;
  const customer = await findCustomer(desk.services.database, customerId, now);
  if (customer !== undefined && customer.telegramId !== person.telegramId) {
    await blockCustomer(desk.services.database, requestOf(turn), { customerId, blocked }, now);
  }
  await showCustomer(turn, customerId);
}

/** Asks whom they look for. */
export async function askCustomerSearch(turn: Turn): Promise<void> {
  await askFor(turn, customerAnswers.customer_search, { field: 'customer_search', id: 0 });
}

/** Asks what should be known about a customer. */
export async function askCustomerNote(turn: Turn, customerId: number): Promise<void> {
  await askFor(turn, customerAnswers.customer_note, { field: 'customer_note', id: customerId });
}

/** The answers about customers. */
export const customerAnswers: Answers<'customer_search' | 'customer_note'> = {
  customer_search: {
    prompt: ({ texts }) => texts.html('customer-ask-search'),
    back: () => ({ kind: 'customers', page: 0 }),
    async take(turn, _question, text): Promise<Taken> {
      const { texts, desk, now } = turn;
      const wanted = cleanName(text);
      if (wanted === undefined) return { problem: texts.html('customer-ask-search') };
      const found = await findCustomers(desk.services.database, wanted, PER_PAGE, now);
      if (found.length === 0) return { problem: texts.html('customer-none-found') };
      const rows = found.map((customer): Button[] => [customerButton(customer)]);
      const back: Button = [texts.plain('admin-customers'), { kind: 'customers', page: 0 }];
      await show(turn, texts.html('customer-found'), keyboard([...rows, [back]]));
      return 'done';
    },
  },
  customer_note: {
    prompt: ({ texts }) => texts.html('customer-ask-note'),
    back: ({ id }) => ({ kind: 'customer', customer: id }),
    async take(turn, { id: customerId }, text): Promise<Taken> {
      const note = cleanName(text, MAX_NOTE_LENGTH);
      if (note === undefined) return { problem: turn.texts.html('customer-ask-note') };
      const change = { customerId, note: note === '-' ? undefined : note };
      await noteCustomer(turn.desk.services.database, requestOf(turn), change, turn.now);
      await showCustomer(turn, customerId);
      return 'done';
    },
  },
};

/** Sends all of them as a table that spreadsheets open. What looks like a formula stays text. */
export async function sendCustomers({ desk, texts, ctx, now }: Turn): Promise<void> {
  const customers = await listCustomers(desk.services.database, { offset: 0, limit: null }, now);
  const columns = ['name', 'phone', 'telegram', 'since', 'visits', 'missed', 'cancelled'] as const;
  const head = columns.map((column) => texts.plain(`customers-column-${column}`));
  const rows = customers.map(({ name, phone, telegramId, since, visits, missed, cancelled }) => [
    ...[name, phone ?? '', telegramId ?? '', since.toISOString().slice(0, 10)],
    ...[visits, missed, cancelled],
  ]);
  const text = stringify([head, ...rows], { bom: true, escape_formulas: true });
  const file = new InputFile(Buffer.from(text, 'utf8'), 'customers.csv');
  await ctx.replyWithDocument(file, { caption: texts.html('customers-csv-caption'), parse_mode: 'HTML' });
}

/** The button that opens a customer. */
function customerButton({ id, name, phone, blocked }: Customer): Button {
  const label = [name, phone].filter((part) => part !== undefined).join(' · ');
  return [blocked ? `⛔️ ${label}` : label, { kind: 'customer', customer: id }];
}
