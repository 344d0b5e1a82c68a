/** Commands that look at what was sold. */
import * as z from 'zod';
import type { CommandRequest, CommandResult } from '#shared/schemas/commands.ts';
import type { CommandServices } from '../services.ts';

const PER_PAGE = 8;
const OPEN = ['awaiting_payment', 'paid', 'activating', 'failed'];

const orderSchema = z.object({
  id: z.string(),
  number: z.coerce.number(),
  state: z.string(),
  purpose: z.string(),
  company: z.string().nullable(),
  plan: z.string().nullable(),
  amount: z.coerce.number().nullable(),
  currency: z.string().nullable(),
  client_id: z.string().nullable(),
  reason: z.string().nullable(),
  updated_at: z.date(),
});

/** One page of the orders, the newest first; all of them, or those that are not over. */
export async function listOrders(
  { database }: CommandServices,
  { page, open }: CommandRequest<'orders.list'>,
): Promise<CommandResult<'orders.list'>> {
  const where = `state <> 'draft' AND ($1::text[] IS NULL OR state = ANY ($1))`;
  const states = open ? OPEN : null;
  const [{ rows }, { rows: counted }] = await Promise.all([
    database.query(
      `SELECT o.id, o.number, o.state, o.purpose, o.company, p.name_en AS plan, o.amount, o.currency, o.client_id,
         o.reason, o.updated_at
       FROM control.orders o LEFT JOIN control.plans p ON p.id = o.plan_id
       WHERE ${where} ORDER BY o.number DESC LIMIT $2 OFFSET $3`,
      [states, PER_PAGE, page * PER_PAGE],
    ),
    database.query<{ count: number }>(`SELECT count(*)::integer AS count FROM control.orders o WHERE ${where}`, [
      states,
    ]),
  ]);
  const total = counted[0]?.count ?? 0;
  const orders = rows.map((row) => {
    const { client_id: clientId, updated_at: at, ...order } = orderSchema.parse(row);
    return { ...order, clientId, at: at.getTime() };
  });
  return { rows: orders, total, pages: Math.max(1, Math.ceil(total / PER_PAGE)) };
}

/** What came in by month, this one last, and how many clients are paid for now. */
export async function revenue(
  { database }: CommandServices,
  { months }: CommandRequest<'revenue'>,
): Promise<CommandResult<'revenue'>> {
  const [{ rows }, { rows: paying }] = await Promise.all([
    database.query(
      `SELECT to_char(m, 'YYYY-MM') AS month, coalesce(sum(p.amount), 0) AS paid, coalesce(sum(p.refunded), 0) AS refunded,
         count(p.id)::integer AS count
       FROM generate_series(date_trunc('month', now()) - ($1 - 1) * interval '1 month', now(), '1 month') m
       LEFT JOIN control.payments p ON p.status = 'succeeded' AND date_trunc('month', p.created_at) = m
       GROUP BY m ORDER BY m`,
      [months],
    ),
    database.query<{ count: number }>(
      `SELECT count(DISTINCT client_id)::integer AS count FROM control.subscriptions
       WHERE voided_at IS NULL AND during @> now()`,
    ),
  ]);
  const monthSchema = z.object({
    month: z.string(),
    paid: z.coerce.number(),
    refunded: z.coerce.number(),
    count: z.number(),
  });
  return { currency: 'RUB', months: rows.map((row) => monthSchema.parse(row)), clients: paying[0]?.count ?? 0 };
}
