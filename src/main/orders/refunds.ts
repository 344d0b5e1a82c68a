/** Money that goes back: asked for under a stored key, counted once, told to the buyer. */
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import { acting, type SalesContext, tell, WORKER } from './context.ts';
import { pauseAfter } from './rules.ts';
import { type ShopRefund, sumText } from './yookassa.ts';

const refundRowSchema = z.object({
  id: z.string(),
  payment_id: z.string(),
  idempotence_key: z.string(),
  request: z.looseObject({}),
  provider_id: z.string().nullable(),
  status: z.string(),
  amount: z.coerce.number(),
  reason: z.string(),
  tries: z.number(),
});

type RefundRow = z.infer<typeof refundRowSchema>;

const COLUMNS = Object.keys(refundRowSchema.shape).join(', ');

/** The payment that gives money back. */
interface RefundedPayment {
  readonly id: string;
  readonly order_id: string;
  readonly amount: number;
  readonly currency: string;
}

/** Writes down that money goes back: all that is left, or `amount`. Returns the refund's id. */
export async function requestRefund(
  context: SalesContext,
  tx: Queryable,
  wish: {
    readonly payment: RefundedPayment;
    readonly amount?: number | undefined;
    readonly reason: string;
    readonly actor: string;
  },
): Promise<string> {
  const { payment } = wish;
  const left = await refundable(tx, payment);
  const amount = wish.amount ?? left;
  if (amount <= 0 || amount > left) {
    const why = `at most ${sumText(left)} ${payment.currency} can go back`;
    throw new BotpoolError('refund_impossible', { order: payment.order_id, why });
  }
  const { rows } = await tx.query<{ provider_id: string | null; request: object }>(
    'SELECT provider_id, request FROM control.payments WHERE id = $1',
    [payment.id],
  );
  const id = context.newId();
  const request = refundRequest(rows[0]?.provider_id ?? '', rows[0]?.request ?? {}, amount, payment.currency, id);
  await tx.query(
    `INSERT INTO control.refunds (id, payment_id, idempotence_key, request, amount, reason, actor)
     VALUES ($1::uuid, $2, $1::text, $3, $4, $5, $6)`,
    [id, payment.id, JSON.stringify(request), amount, wish.reason, wish.actor],
  );
  return id;
}

/** What is neither given back nor on its way. */
async function refundable(tx: Queryable, payment: RefundedPayment): Promise<number> {
  const { rows } = await tx.query<{ gone: string }>(
    `SELECT coalesce(sum(amount), 0) AS gone FROM control.refunds WHERE payment_id = $1 AND status <> 'canceled'`,
    [payment.id],
  );
  return payment.amount - Number(rows[0]?.gone ?? 0);
}

const receiptSchema = z.object({
  receipt: z.looseObject({ items: z.array(z.looseObject({})).min(1) }).optional(),
});

/** A payment with a receipt gives money back with one. */
function refundRequest(providerId: string, paid: object, amount: number, currency: string, id: string): object {
  const sum = { value: sumText(amount), currency };
  const receipt = receiptSchema.safeParse(paid).data?.receipt;
  const items = receipt?.items.slice(0, 1).map((item) => ({ ...item, quantity: '1', amount: sum }));
  return {
    payment_id: providerId,
    amount: sum,
    metadata: { refund_id: id },
    ...(receipt === undefined ? {} : { receipt: { ...receipt, items } }),
  };
}

/** Looks after one refund that is due. */
export async function tendRefund(context: SalesContext, id: string): Promise<void> {
  const { rows } = await context.database.query(
    `UPDATE control.refunds SET first_try_at = coalesce(first_try_at, clock_timestamp()), tries = tries + 1
     WHERE id = $1 RETURNING ${COLUMNS}`,
    [id],
  );
  const refund = refundRowSchema.parse(rows[0]);
  try {
    const shop =
      refund.provider_id === null
        ? await context.yookassa.createRefund(refund.request, refund.idempotence_key)
        : await context.yookassa.getRefund(refund.provider_id);
    if (shop !== undefined) await apply(context, refund, shop);
  } catch (error) {
    await failed(context, refund, error);
  }
}

async function apply(context: SalesContext, refund: RefundRow, shop: ShopRefund): Promise<void> {
  await acting(context.database, WORKER, async (tx) => {
    const { rows } = await tx.query(
      `SELECT o.id, o.buyer_id, o.chat_id, o.client_id, o.state, p.amount, p.currency, p.effect, r.status, p.refunded
       FROM control.refunds r JOIN control.payments p ON p.id = r.payment_id JOIN control.orders o ON o.id = p.order_id
       WHERE r.id = $1 FOR UPDATE`,
      [refund.id],
    );
    const facts = factsSchema.parse(rows[0]);
    if (facts.status === 'succeeded' || facts.status === 'canceled') {
      await tx.query('UPDATE control.refunds SET next_at = NULL WHERE id = $1', [refund.id]);
      return;
    }
    await tx.query(
      `UPDATE control.refunds SET provider_id = $2, status = $3::text, cancel_reason = $4, updated_at = clock_timestamp(),
         next_at = CASE WHEN $3::text = 'pending' THEN clock_timestamp() + interval '30 seconds' END
       WHERE id = $1`,
      [refund.id, shop.id, shop.status, shop.cancelReason ?? null],
    );
    if (shop.status === 'canceled') {
      context.logger.error({ refund: refund.id, order: facts.id, reason: shop.cancelReason }, 'a refund was refused');
    }
    if (shop.status === 'succeeded') await givenBack(tx, refund, facts);
  });
}

const factsSchema = z.object({
  id: z.string(),
  buyer_id: z.coerce.number(),
  chat_id: z.coerce.number(),
  client_id: z.string().nullable(),
  state: z.string(),
  amount: z.coerce.number(),
  currency: z.string(),
  effect: z.string().nullable(),
  status: z.string(),
  refunded: z.coerce.number(),
});

async function givenBack(tx: Queryable, refund: RefundRow, facts: z.infer<typeof factsSchema>): Promise<void> {
  await tx.query('UPDATE control.payments SET refunded = refunded + $2 WHERE id = $1', [
    refund.payment_id,
    refund.amount,
  ]);
  const all = facts.refunded + refund.amount >= facts.amount;
  // What was paid too often says nothing of the order itself.
  const ends = all && (facts.effect === 'paid' || facts.state === 'cancelled');
  if (ends && facts.state !== 'refunded') {
    await tx.query(
      `UPDATE control.orders SET state = 'refunded', reason = $2, next_at = clock_timestamp(), token_boxed = NULL
       WHERE id = $1`,
      [facts.id, refund.reason],
    );
    await tx.query(
      'UPDATE control.subscriptions SET voided_at = clock_timestamp() WHERE order_id = $1 AND voided_at IS NULL',
      [facts.id],
    );
  }
  if (refund.reason === 'paid_twice' || refund.reason === 'paid_cancelled') return;
  await tell(tx, {
    once: `refunded:${refund.id}`,
    buyerId: facts.buyer_id,
    chatId: facts.chat_id,
    kind: 'refunded',
    orderId: facts.id,
    clientId: facts.client_id,
    data: { amount: refund.amount, currency: facts.currency, reason: refund.reason },
  });
}

/** What is settled already stays so: the answer to its commit may have been lost. */
async function failed(context: SalesContext, refund: RefundRow, error: unknown): Promise<void> {
  const refused = isBotpoolError(error, 'yookassa_refused');
  context.logger[refused ? 'error' : 'warn']({ err: error, refund: refund.id }, 'a refund did not go through');
  await context.database.query(
    `UPDATE control.refunds SET updated_at = clock_timestamp(),
       status = CASE WHEN $3::boolean AND status = 'creating' THEN 'canceled' ELSE status END,
       cancel_reason = CASE WHEN $3::boolean THEN 'yookassa_refused' END,
       next_at = CASE WHEN NOT $3::boolean THEN clock_timestamp() + $2 * interval '1 millisecond' END
     WHERE id = $1 AND status IN ('creating', 'pending')`,
    [refund.id, pauseAfter(refund.tries), refused],
  );
}
