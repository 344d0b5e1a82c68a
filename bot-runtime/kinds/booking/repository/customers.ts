/** Owns what the business knows of its customers: the list, one of them with figures, and who is blocked. */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { asAdmin, type OwnerRequest } from './admin-actions.ts';

/** A customer with what came of their bookings. */
export interface Customer {
  /** The row in `users`. */
  readonly id: number;
  /** Undefined for somebody who was written down by hand. */
  readonly telegramId: number | undefined;
  readonly name: string;
  readonly phone: string | undefined;
  readonly locale: 'en' | 'ru';
  readonly blocked: boolean;
  /** What those who work here should know about them. */
  readonly note: string | undefined;
  readonly since: Date;
  /** Visits that took place, were missed, or were cancelled. */
  readonly visits: number;
  readonly missed: number;
  readonly cancelled: number;
}

const customerRow = z
  .object({
    id: z.coerce.number().int(),
    telegram_id: z.string().nullable(),
    note: z.string().nullable(),
    name: z.string(),
    phone: z.string().nullable(),
    locale: z.enum(['en', 'ru']),
    blocked: z.boolean(),
    created_at: z.date(),
    visits: z.number().int(),
    missed: z.number().int(),
    cancelled: z.number().int(),
  })
  .transform(
    ({ telegram_id: telegramId, created_at: since, phone, note, ...row }): Customer => ({
      ...row,
      telegramId: telegramId === null ? undefined : Number(telegramId),
      since,
      phone: phone ?? undefined,
      note: note ?? undefined,
    }),
  );

// A confirmed visit whose time is over counts as one that took place, until somebody says otherwise.
const SELECT = `SELECT u.id, u.telegram_id, u.name, u.phone, u.locale, u.blocked, u.note, u.created_at,
    count(*) FILTER (WHERE b.status = 'done' OR (b.status = 'confirmed' AND upper(b.during) <= $1))::int AS visits,
    count(*) FILTER (WHERE b.status = 'no_show')::int AS missed,
    count(*) FILTER (WHERE b.status = 'cancelled')::int AS cancelled
  FROM users u LEFT JOIN bookings b ON b.user_id = u.id`;

/** A page of the customers, whoever booked last first; `limit` null: all of them. */
export async function listCustomers(
  source: Queryable,
  { offset, limit }: { readonly offset: number; readonly limit: number | null },
  now: number,
): Promise<Customer[]> {
  const { rows } = await source.query(
    `${SELECT} GROUP BY u.id ORDER BY max(b.created_at) DESC NULLS LAST, u.id DESC OFFSET $2 LIMIT $3`,
    [new Date(now), offset, limit],
  );
  return rows.map((row) => customerRow.parse(row));
}

/** Those whose name or number contains what was written, at most `limit`, whoever booked last first. */
export async function findCustomers(source: Queryable, text: string, limit: number, now: number): Promise<Customer[]> {
  const digits = text.replaceAll(/\D/gu, '');
  const { rows } = await source.query(
    `${SELECT} WHERE strpos(lower(u.name), lower($2)) > 0 OR ($3 <> '' AND strpos(u.phone, $3) > 0)
     GROUP BY u.id ORDER BY max(b.created_at) DESC NULLS LAST, u.id DESC LIMIT $4`,
    [new Date(now), text, digits.length < 3 ? '' : digits, limit],
  );
  return rows.map((row) => customerRow.parse(row));
}

/**
 * Writes somebody down who has no Telegram, or finds who has that number. Answers the row in `users`; the same update again
 * finds the same one.
 */
export async function addCustomer(
  database: Database,
  request: OwnerRequest,
  newcomer: { readonly name: string; readonly phone: string | undefined; readonly locale: 'en' | 'ru' },
  now: number,
): Promise<number> {
  const { name, phone = null, locale } = newcomer;
  const known = phone === null ? undefined : await idOf(database, 'phone = $1', [phone]);
  if (known !== undefined) return known;
  await asAdmin(database, request, { action: 'customer.add', details: { name } }, now, async (tx) => {
    await tx.query('INSERT INTO users (name, phone, locale, created_at) VALUES ($1, $2, $3, $4)', [
      ...[name, phone, locale],
      new Date(now),
    ]);
  });
  const added = await idOf(database, 'telegram_id IS NULL AND name = $1 AND phone IS NOT DISTINCT FROM $2', [
    name,
    phone,
  ]);
  if (added === undefined) throw new Error('the customer who was just written down is gone');
  return added;
}

/** Notes what those who work here should know; undefined takes the note away. */
export async function noteCustomer(
  database: Database,
  request: OwnerRequest,
  { customerId, note }: { readonly customerId: number; readonly note: string | undefined },
  now: number,
): Promise<void> {
  await asAdmin(database, request, { action: 'customer.note', details: { customer: customerId } }, now, async (tx) => {
    await tx.query('UPDATE users SET note = $2 WHERE id = $1', [customerId, note ?? null]);
  });
}

async function idOf(source: Queryable, condition: string, values: readonly unknown[]): Promise<number | undefined> {
  const { rows } = await source.query<{ id: string }>(
    `SELECT id FROM users WHERE ${condition} ORDER BY id DESC LIMIT 1`,
    [...values],
  );
  return rows[0] === undefined ? undefined : Number(rows[0].id);
}

/** How many there are. */
export async function countCustomers(source: Queryable): Promise<number> {
  const { rows } = await source.query<{ count: number }>('SELECT count(*)::int AS count FROM users');
  return rows[0]?.count ?? 0;
}

/** One of them. */
export async function findCustomer(source: Queryable, id: number, now: number): Promise<Customer | undefined> {
  const { rows } = await source.query(`${SELECT} WHERE u.id = $2 GROUP BY u.id`, [new Date(now), id]);
  return rows[0] === undefined ? undefined : customerRow.parse(rows[0]);
}

/** Whom the bot does not answer. What they have booked stays. */
export async function blockCustomer(
  database: Database,
  request: OwnerRequest,
  { customerId, blocked }: { readonly customerId: number; readonly blocked: boolean },
  now: number,
): Promise<void> {
  const action = blocked ? 'customer.block' : 'customer.unblock';
  await asAdmin(database, request, { action, details: { customer: customerId } }, now, async (tx) => {
    await tx.query('UPDATE users SET blocked = $2 WHERE id = $1', [customerId, blocked]);
  });
}
