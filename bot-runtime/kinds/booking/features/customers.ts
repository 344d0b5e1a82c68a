/** Owns the customers as those who work here see them: the list, one of them with their visits, and all as a table. */
import { stringify } from 'csv-stringify/sync';
import { InputFile } from 'grammy';
import { answerPress, requestOf, show, type Turn } from '../dialog/turn.ts';
import { type Button, keyboard } from '../keyboards/buttons.ts';
import { type BookingView, bookingsAhead, bookingsBefore } from '../repository/bookings.ts';
import { blockCustomer, type Customer, countCustomers, findCustomer, listCustomers } from '../repository/customers.ts';
import { momentLabel } from './details.ts';
import { backToMenu } from './owner-menu.ts';

const PER_PAGE = 8;
/** So many visits are shown of each kind. */
const VISITS = 5;

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
  const table: Button[] = count === 0 ? [] : [[texts.plain('button-customers-csv'), { kind: 'customersCsv' }]];
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
  const { visits, missed, cancelled, phone, blocked } = customer;
  const lines = [
    texts.html('customer-title', { name: customer.name }),
    phone === undefined ? undefined : texts.html('customer-phone', { phone }),
    texts.html('customer-figures', { visits, missed, cancelled }),
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
  // Nobody locks themselves out.
  const blocking = customer.telegramId === person.telegramId ? [] : [block];
  const back: Button = [texts.plain('admin-customers'), { kind: 'customers', page: 0 }];
  await show(turn, lines.filter((line) => line !== undefined).join('\n'), keyboard([...rows, blocking, [back]]));
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

/** Sends all of them as a table that spreadsheets open. What looks like a formula stays text. */
export async function sendCustomers({ desk, texts, ctx, now }: Turn): Promise<void> {
  const customers = await listCustomers(desk.services.database, { offset: 0, limit: null }, now);
  const columns = ['name', 'phone', 'telegram', 'since', 'visits', 'missed', 'cancelled'] as const;
  const head = columns.map((column) => texts.plain(`customers-column-${column}`));
  const rows = customers.map(({ name, phone, telegramId, since, visits, missed, cancelled }) => [
    ...[name, phone ?? '', telegramId, since.toISOString().slice(0, 10)],
    ...[visits, missed, cancelled],
  ]);
  const text = stringify([head, ...rows], { bom: true, escape_formulas: true });
  const file = new InputFile(Buffer.from(text, 'utf8'), 'customers.csv');
  await ctx.replyWithDocument(file, { caption: texts.html('customers-csv-caption'), parse_mode: 'HTML' });
}

function customerButton({ id, name, phone, blocked }: Customer): Button {
  const label = [name, phone].filter((part) => part !== undefined).join(' · ');
  return [blocked ? `⛔️ ${label}` : label, { kind: 'customer', customer: id }];
}
