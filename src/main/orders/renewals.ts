/** Paid periods: reminders before the end, renewal by a saved method, grace after it, and the end of that. */
import * as z from 'zod';
import { acting, type SalesContext, tell, WORKER } from './context.ts';
import { dueReminder } from './rules.ts';

const endingSchema = z.object({
  id: z.string(),
  client_id: z.string(),
  plan_id: z.string(),
  until: z.date(),
  grace_until: z.date(),
  auto_renew: z.boolean(),
  method_id: z.string().nullable(),
  state: z.string(),
  buyer_id: z.coerce.number(),
  chat_id: z.coerce.number(),
  locale: z.enum(['ru', 'en']),
  renewing: z.boolean(),
  failures: z.coerce.number(),
});

type Ending = z.infer<typeof endingSchema>;

const DAY_MS = 24 * 3_600_000;
/** A saved method is charged a day before the end, and once a day after a failure. */
const CHARGE_BEFORE_MS = DAY_MS;
const MOST_CHARGES = 3;

/** Looks at every newest period that ends soon or has ended. */
export async function tendPeriods(context: SalesContext): Promise<void> {
  const { rows } = await context.database.query(
    `SELECT s.id, s.client_id, s.plan_id, upper(s.during) AS until, s.grace_until, s.auto_renew, s.method_id, t.state,
       t.owner_id AS buyer_id, o.chat_id, o.locale,
       EXISTS (SELECT FROM control.orders r WHERE r.client_id = s.client_id AND r.purpose = 'renewal'
         AND (r.state IN ('paid', 'activating') OR r.automatic AND r.state = 'awaiting_payment')) AS renewing,
       (SELECT count(*) FROM control.orders r WHERE r.client_id = s.client_id AND r.automatic AND r.state = 'cancelled'
         AND r.created_at > upper(s.during) - interval '7 days') AS failures
     FROM control.subscriptions s
     JOIN control.tenants t ON t.client_id = s.client_id AND t.state <> 'deleted'
     JOIN control.orders o ON o.id = s.order_id
     WHERE s.voided_at IS NULL AND upper(s.during) < $1::timestamptz + interval '8 days'
       AND upper(s.during) > $1::timestamptz - interval '60 days'
       AND NOT EXISTS (SELECT FROM control.subscriptions n WHERE n.client_id = s.client_id AND n.voided_at IS NULL
         AND upper(n.during) > upper(s.during))`,
    [new Date(context.clock.now())],
  );
  for (const row of rows) {
    const ending = endingSchema.parse(row);
    await tendEnding(context, ending).catch((error: unknown) =>
      context.logger.warn({ err: error, client_id: ending.client_id }, 'a paid period could not be looked after'),
    );
  }
}

async function tendEnding(context: SalesContext, ending: Ending): Promise<void> {
  if (ending.renewing) return;
  const now = new Date(context.clock.now());
  const left = ending.until.getTime() - now.getTime();
  if (ending.auto_renew && ending.method_id !== null && left <= CHARGE_BEFORE_MS) {
    const begun = await charge(context, ending, now);
    if (begun) return;
  }
  const { buyer_id: buyerId, chat_id: chatId, client_id: clientId, id } = ending;
  const notice = { buyerId, chatId, clientId };
  const days = dueReminder(now, ending.until);
  if (days !== undefined) {
    // Who renews automatically need not be told to pay.
    if (ending.auto_renew && days === 1) return;
    await tell(context.database, {
      ...notice,
      once: `reminder:${id}:${days}:${ending.until.toISOString()}`,
      kind: 'reminder',
      data: { days },
    });
    return;
  }
  if (now < ending.grace_until) {
    const data = { until: ending.grace_until.toISOString() };
    await tell(context.database, { ...notice, once: `grace:${id}:${ending.until.toISOString()}`, kind: 'grace', data });
    return;
  }
  if (ending.state === 'active') await context.pool.deactivateBot(clientId, { actor: WORKER, reason: 'not paid' });
  await tell(context.database, { ...notice, once: `suspended:${id}:${ending.until.toISOString()}`, kind: 'suspended' });
}

/** Opens an order that the saved method pays; once a day, and only so often. False when none is to be opened now. */
async function charge(context: SalesContext, ending: Ending, now: Date): Promise<boolean> {
  const due = ending.until.getTime() - CHARGE_BEFORE_MS + ending.failures * DAY_MS;
  if (ending.failures >= MOST_CHARGES || now.getTime() < due) return false;
  return await acting(context.database, WORKER, async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 3))', [`renewal ${ending.client_id}`]);
    const { rows } = await tx.query(
      `SELECT 1 FROM control.orders WHERE client_id = $1 AND purpose = 'renewal' AND (state IN ('paid', 'activating')
         OR automatic AND state = 'awaiting_payment')
       UNION ALL SELECT 1 FROM control.subscriptions WHERE client_id = $1 AND voided_at IS NULL AND upper(during) > $2::timestamptz + interval '1 second'`,
      [ending.client_id, ending.until],
    );
    if (rows.length > 0) return true;
    const { rowCount } = await tx.query(
      `INSERT INTO control.orders (id, purpose, state, buyer_id, chat_id, locale, kind, company, time_zone, plan_id, amount,
         currency, months, automatic, client_id, bot_username, receipt_contact, next_at)
       SELECT $1, 'renewal', 'awaiting_payment', $2, $3, $4, t.kind, t.company, t.time_zone, p.id, p.price, p.currency,
         p.months, true, t.client_id, t.bot_username,
         (SELECT receipt_contact FROM control.orders WHERE client_id = t.client_id AND receipt_contact IS NOT NULL
          ORDER BY created_at DESC LIMIT 1), clock_timestamp()
       FROM control.tenants t, control.plans p WHERE t.client_id = $5 AND p.id = $6 AND p.active`,
      [context.newId(), ending.buyer_id, ending.chat_id, ending.locale, ending.client_id, ending.plan_id],
    );
    return rowCount === 1;
  });
}
