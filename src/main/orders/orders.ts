/** Orders: each state has one step that leads on, safe to repeat and to be killed anywhere. */
import * as z from 'zod';
import { orderTokenPlace } from '#core/billing/box.ts';
import type { Queryable } from '#core/postgres/database.ts';
import { tokenPlace } from '#core/tenants/tenants.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { ERROR_CODES } from '#shared/errors/codes.ts';
import { ORDER_PURPOSES, ORDER_STATES } from '#shared/state/order-state.ts';
import { acting, type SalesContext, tell, WORKER } from './context.ts';
import { requestRefund } from './refunds.ts';
import { pauseAfter, paymentRequest, periodOf, UNPAID_MS } from './rules.ts';

const orderRowSchema = z.object({
  id: z.string(),
  number: z.coerce.number(),
  purpose: z.enum(ORDER_PURPOSES),
  state: z.enum(ORDER_STATES),
  buyer_id: z.coerce.number(),
  chat_id: z.coerce.number(),
  locale: z.enum(['ru', 'en']),
  kind: z.string(),
  company: z.string().nullable(),
  time_zone: z.string(),
  plan_id: z.string().nullable(),
  amount: z.coerce.number().nullable(),
  currency: z.string().nullable(),
  months: z.number().nullable(),
  receipt_contact: z.string().nullable(),
  save_method: z.boolean(),
  automatic: z.boolean(),
  client_id: z.string().nullable(),
  token_boxed: z.string().nullable(),
  attempts: z.number(),
  asked_at: z.date().nullable(),
  created_at: z.date(),
});

type OrderRow = z.infer<typeof orderRowSchema>;

const COLUMNS = Object.keys(orderRowSchema.shape).join(', ');

/** A client that waits for a bot is looked at so often, though the pool's event comes first. */
const QUEUED_LOOK_MS = 5_000;
/** What helps against trouble that passes; after so many tries an operator decides. */
const MOST_ATTEMPTS = 12;

/** Does the next step of one order that is due. */
export async function tendOrder(context: SalesContext, id: string): Promise<void> {
  const { rows } = await context.database.query(`SELECT ${COLUMNS} FROM control.orders WHERE id = $1`, [id]);
  const order = orderRowSchema.parse(rows[0]);
  switch (order.state) {
    case 'awaiting_payment':
      return await seeToPayment(context, order);
    case 'paid':
      return await begin(context, order);
    case 'activating':
    case 'failed':
      return await activate(context, order);
    case 'refunded':
      return await takeBack(context, order);
    default:
      await rest(context.database, id);
  }
}

/** Sees to it that there is a link to pay by, until nobody has wanted one for a day. */
async function seeToPayment(context: SalesContext, order: OrderRow): Promise<void> {
  await acting(context.database, WORKER, async (tx) => {
    const { rows } = await tx.query('SELECT state FROM control.orders WHERE id = $1 FOR UPDATE', [order.id]);
    if (rows[0]?.['state'] !== 'awaiting_payment') return;
    const { rows: open } = await tx.query(
      `UPDATE control.payments SET next_at = least(next_at, clock_timestamp())
       WHERE order_id = $1 AND status IN ('creating', 'pending', 'waiting_for_capture') RETURNING id`,
      [order.id],
    );
    const age = context.clock.now() - (order.asked_at ?? order.created_at).getTime();
    const over = age >= UNPAID_MS;
    if (open.length === 0 && over) {
      await tx.query(
        `UPDATE control.orders SET state = 'cancelled', reason = 'expired', next_at = NULL WHERE id = $1`,
        [order.id],
      );
      return;
    }
    if (open.length === 0) await openPayment(context, tx, order);
    const next = over ? QUEUED_LOOK_MS : UNPAID_MS - age;
    await tx.query(
      `UPDATE control.orders SET next_at = clock_timestamp() + $2 * interval '1 millisecond' WHERE id = $1`,
      [order.id, next],
    );
  });
}

/** Stores the payment with its key and its body before anything is sent. */
async function openPayment(context: SalesContext, tx: Queryable, order: OrderRow): Promise<void> {
  const { rows } = await tx.query<{ name_ru: string; name_en: string }>(
    'SELECT name_ru, name_en FROM control.plans WHERE id = $1',
    [order.plan_id],
  );
  const id = context.newId();
  const body = paymentRequest(
    {
      id: order.id,
      number: order.number,
      amount: order.amount ?? 0,
      currency: order.currency ?? 'RUB',
      locale: order.locale,
      company: order.company,
      planName: (order.locale === 'ru' ? rows[0]?.name_ru : rows[0]?.name_en) ?? order.plan_id ?? '',
      buyerId: order.buyer_id,
      receiptContact: order.receipt_contact,
      saveMethod: order.save_method,
      methodId: order.automatic ? await savedMethod(tx, order.client_id) : null,
    },
    id,
    await context.returnUrl(),
    context.receipt,
  );
  await tx.query(
    `INSERT INTO control.payments (id, order_id, idempotence_key, request, amount, currency, automatic)
     VALUES ($1::uuid, $2, $1::text, $3, $4, $5, $6)`,
    [id, order.id, JSON.stringify(body), order.amount, order.currency, order.automatic],
  );
}

async function savedMethod(tx: Queryable, clientId: string | null): Promise<string | null> {
  const { rows } = await tx.query<{ method_id: string | null }>(
    `SELECT method_id FROM control.subscriptions WHERE client_id = $1 AND voided_at IS NULL
     ORDER BY upper(during) DESC LIMIT 1`,
    [clientId],
  );
  return rows[0]?.method_id ?? null;
}

/** A paid order gets its client id, once. */
async function begin(context: SalesContext, order: OrderRow): Promise<void> {
  await acting(context.database, WORKER, async (tx) => {
    const { rows } = await tx.query('SELECT state FROM control.orders WHERE id = $1 FOR UPDATE', [order.id]);
    if (rows[0]?.['state'] !== 'paid') return;
    const clientId = order.client_id ?? (await freeClientId(tx));
    await tx.query(
      `UPDATE control.orders SET state = 'activating', client_id = $2, next_at = clock_timestamp() WHERE id = $1`,
      [order.id, clientId],
    );
  });
}

/** The next number that no client has had. */
async function freeClientId(tx: Queryable): Promise<string> {
  for (;;) {
    const { rows } = await tx.query<{ id: string }>(
      `SELECT 'client_' || lpad(n::text, greatest(3, length(n::text)), '0') AS id FROM nextval('control.client_numbers') AS n`,
    );
    const id = rows[0]?.id ?? '';
    const taken = await tx.query(
      `SELECT 1 FROM control.tenants WHERE client_id = $1 UNION ALL SELECT 1 FROM control.orders WHERE client_id = $1`,
      [id],
    );
    if (taken.rows.length === 0) return id;
  }
}

/** Gives the paid bot to its buyer; a renewal wakes a suspended one. Repeated, it finds what is done. */
async function activate(context: SalesContext, order: OrderRow): Promise<void> {
  try {
    const { token, suspended } = await tokenOf(context, order);
    if (order.purpose === 'new' || suspended) {
      await context.pool.activateBot(
        {
          clientId: order.client_id ?? '',
          token,
          ownerId: order.buyer_id,
          company: order.company ?? '',
          kind: order.kind,
          locale: order.locale,
          timeZone: order.time_zone,
        },
        WORKER,
      );
    }
    await complete(context, order);
  } catch (error) {
    await notYet(context, order, error);
  }
}

/** The token of a new order is in the sales box; that of a client is where clients' tokens are. */
async function tokenOf(
  context: SalesContext,
  order: OrderRow,
): Promise<{ readonly token: string; readonly suspended: boolean }> {
  const { rows } = await context.database.query<{ state: string; token_sealed: string | null }>(
    'SELECT state, token_sealed FROM control.tenants WHERE client_id = $1',
    [order.client_id],
  );
  const [tenant] = rows;
  const suspended = tenant?.state === 'suspended';
  if (order.token_boxed !== null) {
    return { token: context.box.open(order.token_boxed, orderTokenPlace(order.id)), suspended };
  }
  const sealed = tenant?.token_sealed;
  const place = tokenPlace(order.client_id ?? '');
  return { token: sealed == null ? '' : context.vault.open(sealed, place), suspended };
}

/** The bot serves: the paid period begins, and the order is done. */
async function complete(context: SalesContext, order: OrderRow): Promise<void> {
  await acting(context.database, WORKER, async (tx) => {
    const { rows } = await tx.query('SELECT state FROM control.orders WHERE id = $1 FOR UPDATE', [order.id]);
    const state = rows[0]?.['state'];
    if (state !== 'activating' && state !== 'failed') return;
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 3))', [`renewal ${order.client_id}`]);
    await addPeriod(context, tx, order);
    await tx.query(
      `UPDATE control.orders SET state = 'active', reason = NULL, place = NULL, expected_at = NULL, next_at = NULL,
         token_boxed = NULL,
         bot_username = coalesce((SELECT bot_username FROM control.tenants t WHERE t.client_id = orders.client_id), bot_username)
       WHERE id = $1`,
      [order.id],
    );
    if (!order.automatic) return;
    const { buyer_id: buyerId, chat_id: chatId, client_id: clientId } = order;
    await tell(tx, { once: `renewed:${order.id}`, buyerId, chatId, clientId, kind: 'renewed', orderId: order.id });
  });
}

/** The end of what is paid is rounded up to what a Date can hold, so that the next period never begins before it. */
async function addPeriod(context: SalesContext, tx: Queryable, order: OrderRow): Promise<void> {
  const { rows } = await tx.query<{ until: Date | null }>(
    `SELECT to_timestamp(ceil(extract(epoch FROM max(upper(during))) * 1000) / 1000) AS until FROM control.subscriptions WHERE client_id = $1 AND voided_at IS NULL`,
    [order.client_id],
  );
  const { from, until } = periodOf(new Date(context.clock.now()), rows[0]?.until ?? null, order.months ?? 1);
  await tx.query(
    `INSERT INTO control.subscriptions (id, client_id, plan_id, order_id, during, grace_until, auto_renew, method_id, method_title)
     SELECT $1, $2, $3, $4, tstzrange($5, $6), $7, p.method_id IS NOT NULL, p.method_id, p.method_title
     FROM (SELECT 1) one LEFT JOIN LATERAL (
       SELECT method_id, method_title FROM control.payments WHERE order_id = $4 AND effect = 'paid') p ON true
     ON CONFLICT (order_id) DO NOTHING`,
    [
      context.newId(),
      order.client_id,
      order.plan_id,
      order.id,
      from,
      until,
      new Date(until.getTime() + context.graceMs),
    ],
  );
}

/** It has no bot yet: it waits for its turn, is tried again, or waits for somebody's decision. */
async function notYet(context: SalesContext, order: OrderRow, error: unknown): Promise<void> {
  const code = isBotpoolError(error) ? error.code : 'internal';
  if (code === 'control_plane_unreachable') return;
  const log = { err: error, order: order.id, client_id: order.client_id };
  if (code === 'pool_empty') context.logger.info(log, 'a paid order waits for a free bot');
  else context.logger.warn(log, 'a paid order could not be activated');
  const hopeless = code !== 'pool_empty' && (ERROR_CODES[code].retry === 'never' || order.attempts >= MOST_ATTEMPTS);
  const pause = code === 'pool_empty' ? QUEUED_LOOK_MS : pauseAfter(order.attempts);
  await acting(context.database, WORKER, async (tx) => {
    await tx.query(
      `UPDATE control.orders SET reason = $2, attempts = attempts + $3::integer,
         state = CASE WHEN $4::boolean AND state = 'activating' THEN 'failed'
           WHEN NOT $4::boolean AND state = 'failed' THEN 'activating' ELSE state END,
         next_at = CASE WHEN NOT $4::boolean THEN clock_timestamp() + $5 * interval '1 millisecond' END
       WHERE id = $1 AND state IN ('activating', 'failed')`,
      [order.id, code, code === 'pool_empty' ? 0 : 1, hopeless, pause],
    );
    if (code === 'pool_empty') await keepTurn(tx, order);
  });
}

/**
 * Who has paid first is served first, whatever the milliseconds between were spent on. A bot that was found before this
 * was written down is not waited for: its event has come and gone.
 */
async function keepTurn(tx: Queryable, order: OrderRow): Promise<void> {
  await tx.query(
    `UPDATE control.tenants t SET queued_at = o.paid_at FROM control.orders o
     WHERE o.id = $1 AND t.client_id = o.client_id AND t.queued_at > o.paid_at`,
    [order.id],
  );
  await tx.query(
    `UPDATE control.orders o SET next_at = clock_timestamp()
     WHERE id = $1 AND EXISTS (SELECT FROM control.activations a WHERE a.client_id = o.client_id AND a.ended_at IS NULL)`,
    [order.id],
  );
}

/** The money went back: a bot that nobody pays for any more stops; its data stays. */
async function takeBack(context: SalesContext, order: OrderRow): Promise<void> {
  const { rows } = await context.database.query(
    `SELECT 1 FROM control.tenants t WHERE t.client_id = $1 AND t.state = 'active' AND NOT EXISTS (
       SELECT FROM control.subscriptions s WHERE s.client_id = t.client_id AND s.voided_at IS NULL
         AND s.grace_until > clock_timestamp())`,
    [order.client_id],
  );
  if (rows.length > 0) {
    await context.pool.deactivateBot(order.client_id ?? '', { actor: WORKER, reason: 'refunded' });
  }
  await rest(context.database, order.id);
}

async function rest(db: Queryable, id: string): Promise<void> {
  await db.query('UPDATE control.orders SET next_at = NULL WHERE id = $1', [id]);
}

/** An operator gives money back: all that is left, or a part. Fails with `order_unknown`, `refund_impossible`. */
export async function refundOrder(
  context: SalesContext,
  orderId: string,
  wish: { readonly amount?: number | undefined; readonly reason: string; readonly actor: string },
): Promise<string> {
  return await acting(context.database, wish.actor, async (tx) => {
    await tx.query('SELECT 1 FROM control.orders WHERE id = $1 FOR UPDATE', [orderId]);
    const { rows } = await tx.query(
      `SELECT id, order_id, amount, currency FROM control.payments
       WHERE order_id = $1 AND status = 'succeeded' ORDER BY (effect = 'paid') DESC, created_at LIMIT 1 FOR UPDATE`,
      [orderId],
    );
    const payment = refundedSchema.parse(rows[0] ?? { id: '', order_id: orderId, amount: 0, currency: 'RUB' });
    return await requestRefund(context, tx, { payment, ...wish });
  });
}

const refundedSchema = z.object({
  id: z.string(),
  order_id: z.string(),
  amount: z.coerce.number(),
  currency: z.string(),
});
