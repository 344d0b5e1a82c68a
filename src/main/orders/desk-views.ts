/** Orders and plans as operators see and change them. */
import * as z from 'zod';
import { orderOf, planOf } from '#core/billing/rows.ts';
import type { Queryable } from '#core/postgres/database.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import {
  type OrderDetails,
  type OrderView,
  type PlanChange,
  type PlanView,
  paymentViewSchema,
  refundViewSchema,
} from '#shared/schemas/sales.ts';
import type { OrderState } from '#shared/state/order-state.ts';

/** Which orders a list is about. */
export interface OrderFilter {
  readonly states?: readonly OrderState[] | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listOrders(db: Queryable, { states, limit }: OrderFilter): Promise<OrderView[]> {
  const { rows } = await db.query(
    `SELECT * FROM control.desk_orders WHERE $1::text[] IS NULL OR state = ANY($1) ORDER BY created_at DESC LIMIT $2`,
    [states ?? null, limit],
  );
  return rows.map(orderOf);
}

/** One client's, newest first. */
export async function ordersOf(db: Queryable, clientId: string): Promise<OrderView[]> {
  const { rows } = await db.query(
    'SELECT * FROM control.desk_orders WHERE client_id = $1 ORDER BY created_at DESC LIMIT 100',
    [clientId],
  );
  return rows.map(orderOf);
}

const periodRow = z.object({
  planId: z.string(),
  from: z.date(),
  until: z.date(),
  graceUntil: z.date(),
  renews: z.boolean(),
  voided: z.boolean(),
  order: z.coerce.number(),
});

/** A time that a client is paid for, and the number of the order that paid it. */
export type PaidPeriod = z.output<typeof periodRow>;

/** One client's, newest first. */
export async function listPeriods(db: Queryable, clientId: string): Promise<PaidPeriod[]> {
  const { rows } = await db.query(
    `SELECT s.plan_id AS "planId", lower(s.during) AS "from", upper(s.during) AS until, s.grace_until AS "graceUntil",
       s.auto_renew AS renews, s.voided_at IS NOT NULL AS voided, o.number AS "order"
     FROM control.subscriptions s JOIN control.orders o ON o.id = s.order_id
     WHERE s.client_id = $1 ORDER BY upper(s.during) DESC, s.created_at DESC LIMIT 100`,
    [clientId],
  );
  return z.array(periodRow).parse(rows);
}

/** By its number or its id. Fails with `order_unknown`. */
export async function findOrder(db: Queryable, ref: string): Promise<OrderView> {
  const { rows } = await db.query('SELECT * FROM control.desk_orders WHERE number::text = $1 OR id::text = $1', [
    ref.replace(/^№\s*/, ''),
  ]);
  if (rows[0] === undefined) throw new BotpoolError('order_unknown', { orderId: ref.slice(0, 40) });
  return orderOf(rows[0]);
}

/** An order with everything that was paid for it and given back. */
export async function readDetails(db: Queryable, ref: string): Promise<OrderDetails> {
  const order = await findOrder(db, ref);
  const payments = await db.query(
    `SELECT id, provider_id AS "providerId", status, amount::float8 AS amount, currency, automatic, effect,
       cancel_reason AS "cancelReason", refunded::float8 AS refunded, created_at AS "createdAt"
     FROM control.payments WHERE order_id = $1 ORDER BY created_at`,
    [order.id],
  );
  const refunds = await db.query(
    `SELECT r.id, r.provider_id AS "providerId", r.status, r.amount::float8 AS amount, p.currency, r.reason, r.actor,
       r.cancel_reason AS "cancelReason", r.created_at AS "createdAt"
     FROM control.refunds r JOIN control.payments p ON p.id = r.payment_id WHERE p.order_id = $1 ORDER BY r.created_at`,
    [order.id],
  );
  return {
    order,
    payments: z.array(paymentViewSchema).parse(payments.rows),
    refunds: z.array(refundViewSchema).parse(refunds.rows),
  };
}

/** Lets a paid order be tried again now. Fails with `order_closed` when it is not one that waits or has failed. */
export async function retryOrder(db: Queryable, ref: string): Promise<OrderView> {
  const order = await findOrder(db, ref);
  const { rowCount } = await db.query(
    `UPDATE control.orders SET next_at = clock_timestamp(), attempts = 0
     WHERE id = $1 AND state IN ('awaiting_payment', 'paid', 'activating', 'failed')`,
    [order.id],
  );
  if (rowCount === 0) throw new BotpoolError('order_closed', { orderId: String(order.number) });
  return await findOrder(db, order.id);
}

/** Every plan, those that are not sold any more too. */
export async function listPlans(db: Queryable): Promise<PlanView[]> {
  const { rows } = await db.query(
    `SELECT id, name_ru, name_en, price, currency, months, kinds, limits, position, active FROM control.plans
     ORDER BY position, price, id`,
  );
  return rows.map(planOf);
}

/** Makes a plan, or changes what is named of it; what was agreed for orders stays. Fails with `plan_unknown`. */
export async function setPlan(db: Queryable, change: PlanChange): Promise<PlanView> {
  const { id, nameRu, nameEn, price, months, position, active } = change;
  const known = (await listPlans(db)).find((plan) => plan.id === id);
  if (
    known === undefined &&
    (nameRu === undefined || nameEn === undefined || price === undefined || months === undefined)
  ) {
    throw new BotpoolError('plan_unknown', { planId: id });
  }
  await db.query(
    `INSERT INTO control.plans (id, name_ru, name_en, price, months, position, active)
     VALUES ($1, $2, $3, $4, $5, coalesce($6, 100), coalesce($7, true))
     ON CONFLICT (id) DO UPDATE SET name_ru = $2, name_en = $3, price = $4, months = $5,
       position = coalesce($6, control.plans.position), active = coalesce($7, control.plans.active), updated_at = now()`,
    [
      id,
      nameRu ?? known?.nameRu,
      nameEn ?? known?.nameEn,
      price ?? known?.price,
      months ?? known?.months,
      position ?? null,
      active ?? null,
    ],
  );
  const plan = (await listPlans(db)).find((one) => one.id === id);
  if (plan === undefined) throw new BotpoolError('plan_unknown', { planId: id });
  return plan;
}
