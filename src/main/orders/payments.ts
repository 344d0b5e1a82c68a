/**
 * Payments: asked for under a key that is stored first, fetched before anything is believed, applied once. A repetition
 * of any step changes nothing.
 */
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { PAYMENT_STATUSES } from '#shared/state/order-state.ts';
import { acting, type SalesContext, tell, WORKER } from './context.ts';
import { requestRefund } from './refunds.ts';
import { isSamePayment, KEY_MS, lookAgainIn, pauseAfter, UNPAID_MS } from './rules.ts';
import type { ShopPayment } from './yookassa.ts';

const paymentRowSchema = z.object({
  id: z.string(),
  order_id: z.string(),
  idempotence_key: z.string(),
  request: z.looseObject({}),
  provider_id: z.string().nullable(),
  status: z.enum(PAYMENT_STATUSES),
  amount: z.coerce.number(),
  currency: z.string(),
  automatic: z.boolean(),
  effect: z.string().nullable(),
  tries: z.number(),
  first_try_at: z.date().nullable(),
  created_at: z.date(),
});

type PaymentRow = z.infer<typeof paymentRowSchema>;

const COLUMNS = Object.keys(paymentRowSchema.shape).join(', ');

/** Looks after one payment that is due: makes it at the shop, or fetches it. */
export async function tendPayment(context: SalesContext, id: string): Promise<void> {
  const payment = await readPayment(context.database, id);
  try {
    if (payment.provider_id !== null) await refresh(context, payment, payment.provider_id);
    else if (payment.status === 'creating') await make(context, payment);
    else await rest(context, id);
  } catch (error) {
    if (isBotpoolError(error, 'yookassa_refused')) await refused(context, payment, error);
    else await later(context, id, error);
  }
}

/** A payment that the shop speaks of and that we know by nothing but its metadata: our question's answer was lost. */
export async function adoptPayment(context: SalesContext, shop: ShopPayment): Promise<boolean> {
  const id = shop.metadata['payment_id'] ?? '';
  if (!UUID.test(id)) return false;
  const { rows } = await context.database.query(`SELECT ${COLUMNS} FROM control.payments WHERE id = $1`, [id]);
  const payment = rows[0] === undefined ? undefined : paymentRowSchema.parse(rows[0]);
  if (payment === undefined || (payment.provider_id ?? shop.id) !== shop.id) return false;
  // It names our payment and is another one: nothing of it may touch ours, whose own answer may still be on its way.
  const own = { id, orderId: payment.order_id, amount: payment.amount, currency: payment.currency };
  if (payment.provider_id === null && !isSamePayment(own, shop)) {
    context.logger.error(
      { order: payment.order_id, payment: id, strange: shop.id, agreed: payment.amount, got: shop.amount },
      'a payment at the shop names an order of ours and is not what was agreed; look into it and give it back',
    );
    return false;
  }
  await apply(context, payment, shop);
  return true;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function readPayment(db: Queryable, id: string, lock = ''): Promise<PaymentRow> {
  const { rows } = await db.query(`SELECT ${COLUMNS} FROM control.payments WHERE id = $1 ${lock}`, [id]);
  return paymentRowSchema.parse(rows[0]);
}

/** Asks the shop for the payment. An answer that was lost is asked for again under the same key, never under another. */
async function make(context: SalesContext, payment: PaymentRow): Promise<void> {
  const { rows } = await context.database.query<{ first_try_at: Date }>(
    `UPDATE control.payments SET first_try_at = coalesce(first_try_at, clock_timestamp())
     WHERE id = $1 RETURNING first_try_at`,
    [payment.id],
  );
  const firstTry = rows[0]?.first_try_at.getTime() ?? context.clock.now();
  if (context.clock.now() - firstTry < KEY_MS) {
    await apply(context, payment, await context.yookassa.createPayment(payment.request, payment.idempotence_key));
    return;
  }
  // The key is too old to be used again: either the shop has the payment, or nobody will ever make it.
  for await (const shop of context.yookassa.listPayments(new Date(payment.created_at.getTime() - 60_000))) {
    if (shop.metadata['payment_id'] !== payment.id) continue;
    await apply(context, payment, shop);
    return;
  }
  await context.database.query(`UPDATE control.payments SET status = 'abandoned', next_at = NULL WHERE id = $1`, [
    payment.id,
  ]);
}

async function refresh(context: SalesContext, payment: PaymentRow, providerId: string): Promise<void> {
  const shop = await context.yookassa.getPayment(providerId);
  if (shop === undefined) throw new Error(`the shop does not know payment ${providerId}`);
  await apply(context, payment, shop);
}

/** Writes down what the shop says, and what follows from it, in one transaction. */
async function apply(context: SalesContext, { id, order_id: orderId }: PaymentRow, shop: ShopPayment): Promise<void> {
  await acting(context.database, WORKER, async (tx) => {
    // The order first: that is the sequence of everybody who takes both.
    const order = await lockOrder(tx, orderId);
    const payment = await readPayment(tx, id, 'FOR UPDATE');
    if (payment.provider_id !== null && payment.provider_id !== shop.id) return;
    const own = { id, orderId, amount: payment.amount, currency: payment.currency };
    if (!isSamePayment(own, shop)) {
      await mismatched(context, tx, payment, shop);
      return;
    }
    // What is over is over: an older word that comes late changes nothing.
    const over = payment.status === 'succeeded' || payment.status === 'canceled';
    const status = over ? payment.status : shop.status;
    await record(context, tx, payment, shop, status);
    if (status === 'succeeded' && payment.effect === null) await paid(context, tx, payment, order);
    if (status === 'canceled' && !over) await notPaid(context, tx, payment, order, shop.cancelReason ?? 'unknown');
  });
}

async function record(
  context: SalesContext,
  tx: Queryable,
  payment: PaymentRow,
  shop: ShopPayment,
  status: PaymentRow['status'],
): Promise<void> {
  const again = lookAgainIn(status, context.clock.now() - payment.created_at.getTime());
  await tx.query(
    `UPDATE control.payments SET provider_id = $2, status = $3, confirmation_url = coalesce($4, confirmation_url),
       cancel_reason = $5, method_id = $6, method_title = $7, raw = $8, checked_at = clock_timestamp(), tries = 0,
       next_at = clock_timestamp() + $9 * interval '1 millisecond'
     WHERE id = $1`,
    [
      payment.id,
      shop.id,
      status,
      shop.confirmationUrl ?? null,
      shop.cancelReason ?? null,
      shop.savedMethod?.id ?? null,
      shop.savedMethod?.title ?? null,
      JSON.stringify(shop.raw),
      again ?? null,
    ],
  );
  // A link that has come is news for the buyer.
  await tx.query('UPDATE control.orders SET updated_at = now() WHERE id = $1 AND state = $2', [
    payment.order_id,
    'awaiting_payment',
  ]);
}

interface OrderFacts {
  readonly state: string;
  readonly buyerId: number;
  readonly chatId: number;
  readonly clientId: string | null;
  readonly purpose: string;
}

const orderFactsSchema = z
  .object({
    state: z.string(),
    purpose: z.string(),
    buyer_id: z.coerce.number(),
    chat_id: z.coerce.number(),
    client_id: z.string().nullable(),
  })
  .transform(
    ({ state, purpose, buyer_id: buyerId, chat_id: chatId, client_id: clientId }): OrderFacts => ({
      ...{ state, purpose, buyerId, chatId, clientId },
    }),
  );

async function lockOrder(tx: Queryable, id: string): Promise<OrderFacts> {
  const { rows } = await tx.query(
    'SELECT state, purpose, buyer_id, chat_id, client_id FROM control.orders WHERE id = $1 FOR UPDATE',
    [id],
  );
  return orderFactsSchema.parse(rows[0]);
}

/** The money is there. It pays the order, or, when that was paid or cancelled already, it goes back. */
async function paid(context: SalesContext, tx: Queryable, payment: PaymentRow, order: OrderFacts): Promise<void> {
  const pays = order.state === 'awaiting_payment';
  await tx.query('UPDATE control.payments SET effect = $2 WHERE id = $1', [payment.id, pays ? 'paid' : 'surplus']);
  if (pays) {
    await tx.query(
      `UPDATE control.orders SET state = 'paid', reason = NULL, attempts = 0, next_at = clock_timestamp() WHERE id = $1`,
      [payment.order_id],
    );
    return;
  }
  const kind = order.state === 'cancelled' ? 'paid_cancelled' : 'paid_twice';
  await requestRefund(context, tx, { payment, reason: kind, actor: WORKER });
  const { amount, currency } = payment;
  const { buyerId, chatId, clientId } = order;
  const data = { amount, currency };
  await tell(tx, { once: `${kind}:${payment.id}`, buyerId, chatId, clientId, kind, orderId: payment.order_id, data });
}

/** It did not go through: the buyer may try again, and learns why. */
async function notPaid(
  context: SalesContext,
  tx: Queryable,
  payment: PaymentRow,
  order: OrderFacts,
  reason: string,
): Promise<void> {
  if (order.state !== 'awaiting_payment') return;
  await tx.query(
    `UPDATE control.orders SET reason = $2, next_at = coalesce(asked_at, created_at) + $3 * interval '1 millisecond'
     WHERE id = $1`,
    [payment.order_id, reason, UNPAID_MS],
  );
  if (!payment.automatic) return;
  // Nobody is there to try again by hand: this renewal is over, and the buyer is told.
  await tx.query(`UPDATE control.orders SET state = 'cancelled', next_at = NULL WHERE id = $1`, [payment.order_id]);
  const { buyerId, chatId, clientId } = order;
  const once = `renewal_failed:${payment.id}`;
  await tell(tx, {
    once,
    buyerId,
    chatId,
    clientId,
    kind: 'renewal_failed',
    orderId: payment.order_id,
    data: { reason },
  });
  if (reason !== 'permission_revoked') return;
  context.logger.info({ client_id: clientId }, 'a buyer no longer agrees to automatic renewal');
  await tx.query(
    'UPDATE control.subscriptions SET auto_renew = false, method_id = NULL, method_title = NULL WHERE client_id = $1',
    [clientId],
  );
}

/** The shop's payment is not what was agreed: nothing is given for it, and an operator has to look. */
async function mismatched(context: SalesContext, tx: Queryable, payment: PaymentRow, shop: ShopPayment): Promise<void> {
  context.logger.error(
    { order: payment.order_id, payment: payment.id, agreed: payment.amount, got: shop.amount, currency: shop.currency },
    'a payment is not what was agreed; look into it and give it back',
  );
  await tx.query(
    `UPDATE control.payments SET effect = coalesce(effect, 'mismatch'), raw = $2, next_at = NULL WHERE id = $1`,
    [payment.id, JSON.stringify(shop.raw)],
  );
}

/** The shop refuses the request itself, for instance because the key of the shop is wrong. */
async function refused(context: SalesContext, payment: PaymentRow, error: Error): Promise<void> {
  context.logger.error({ err: error, order: payment.order_id }, 'YooKassa refuses a payment');
  if (payment.provider_id !== null) {
    await later(context, payment.id, error);
    return;
  }
  await acting(context.database, WORKER, async (tx) => {
    const order = await lockOrder(tx, payment.order_id);
    const { rowCount } = await tx.query(
      `UPDATE control.payments SET status = 'canceled', cancel_reason = 'yookassa_refused', next_at = NULL
       WHERE id = $1 AND status = 'creating' AND provider_id IS NULL`,
      [payment.id],
    );
    if (rowCount === 1) await notPaid(context, tx, payment, order, 'yookassa_refused');
  });
}

async function later(context: SalesContext, id: string, error: unknown): Promise<void> {
  context.logger.warn({ err: error, payment: id }, 'a payment could not be looked after; trying again');
  await context.database.query(
    `UPDATE control.payments SET tries = tries + 1,
       next_at = clock_timestamp() + $2 * interval '1 millisecond' WHERE id = $1`,
    [id, pauseAfter((await readPayment(context.database, id)).tries)],
  );
}

async function rest(context: SalesContext, id: string): Promise<void> {
  await context.database.query('UPDATE control.payments SET next_at = NULL WHERE id = $1', [id]);
}
