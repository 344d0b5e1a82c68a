/**
 * The sales desk: everything that the Sales Bot may do with orders and bots of buyers, under a login that holds no
 * rights on tables. It writes rows and follows them; the control plane's worker acts. Failures are `BotpoolError`s, each
 * with a text for buyers.
 */
import type { Queryable } from '#core/postgres/database.ts';
import { sealTo } from '#core/secrets/sealed-box.ts';
import { tokenFingerprint } from '#core/secrets/vault.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { BuyerBot, BuyerRequest, Notice, OrderView, PlanView } from '#shared/schemas/sales.ts';
import { activationRequestSchema, BOT_TOKEN_PATTERN, type Locale } from '#shared/schemas/tenant.ts';
import type { BuyerAction } from '#shared/state/order-state.ts';
import { orderTokenPlace, requestTokenPlace, SALES_BOX } from './box.ts';
import { answerSchema, botOf, noticeOf, orderOf, planOf, requestOf } from './rows.ts';

/** Who talks to the Sales Bot. */
export interface Buyer {
  readonly buyerId: number;
  readonly chatId: number;
  readonly name?: string | undefined;
  readonly locale: Locale;
}

/** What a buyer may say of an order before it is to be paid. What is left out stays as it is. */
export interface OrderChange {
  readonly kind?: string;
  readonly company?: string;
  readonly timeZone?: string;
  readonly planId?: string;
  readonly locale?: Locale;
  /** An e-mail address, or 11 digits of a phone number: where the receipt goes. */
  readonly receiptContact?: string;
  /** The buyer agrees that later periods are paid from the same card. */
  readonly saveMethod?: boolean;
}

/** A bot that a buyer brings: its token, and what `getMe` says of it. */
export interface BroughtBot {
  readonly token: string;
  readonly botId: number;
  readonly username: string;
  /** Made through Telegram's managed bots. */
  readonly managed: boolean;
}

/** The desk. Ids of new rows are the caller's, so that a call may be repeated. */
export interface SalesDesk {
  /** What is on sale, in the order of the price list. */
  listPlans(kind?: string): Promise<readonly PlanView[]>;
  /** Opens an order, or finds it again by its id. Fails with `plan_unknown`, `too_many_orders`. */
  openOrder(id: string, buyer: Buyer, more?: { planId?: string; referral?: string }): Promise<OrderView>;
  /** Fails with `order_unknown` when there is none or it is somebody else's. */
  readOrder(id: string, buyerId: number): Promise<OrderView>;
  /** The buyer's orders, newest first. */
  listOrders(buyerId: number, limit?: number): Promise<readonly OrderView[]>;
  /** Orders that have changed since, of all buyers: for a bot that comes back. At most 500, oldest change first. */
  changedSince(since: Date): Promise<readonly OrderView[]>;
  /** Fails with `order_closed` when it has gone on, with `plan_unknown` and `input_invalid`. */
  changeOrder(id: string, buyerId: number, change: OrderChange): Promise<OrderView>;
  /**
   * The bot of an order; also another one for a paid order in state `failed`, which is tried again at once.
   * Fails with `token_malformed`, `token_taken`, `order_closed`.
   */
  setToken(id: string, buyerId: number, bot: BroughtBot): Promise<OrderView>;
  /** Agrees on price and period; the link follows by itself (`confirmationUrl`). Repeated: sees to a link that works. */
  askPayment(id: string, buyerId: number): Promise<OrderView>;
  /** Fails with `order_closed` when it is paid. */
  cancelOrder(id: string, buyerId: number): Promise<OrderView>;
  /** Remembers the message that follows this order. */
  setMessage(id: string, messageId: number): Promise<void>;
  listBots(buyerId: number): Promise<readonly BuyerBot[]>;
  /** Fails with `client_unknown` when it is not the buyer's. */
  readBot(clientId: string, buyerId: number): Promise<BuyerBot>;
  /** An order for another period of a bot, ready to be paid. An open one of the same plan is found again. */
  openRenewal(
    id: string,
    buyer: Buyer,
    renewal: { clientId: string; planId: string; saveMethod: boolean },
  ): Promise<OrderView>;
  /** Off also forgets the saved method. Fails with `no_saved_method`, `not_subscribed`, `client_unknown`. */
  setAutoRenew(buyerId: number, clientId: string, on: boolean): Promise<BuyerBot>;
  /** Asks for something about a bot; follow it with `readRequest`. Fails with `request_open`, `not_subscribed`, `token_taken`. */
  request(
    id: string,
    buyer: Pick<Buyer, 'buyerId' | 'chatId'>,
    wish: { clientId: string; action: BuyerAction; bot?: Pick<BroughtBot, 'token' | 'botId'> },
  ): Promise<BuyerRequest>;
  readRequest(id: string, buyerId: number): Promise<BuyerRequest>;
  /** What is due to be told, each to one caller for `seconds`; what is not settled by then is given out again. */
  claimNotices(limit: number, seconds: number): Promise<readonly Notice[]>;
  /** Ends a notice (`sent`, `blocked`, …), or puts it off when `againInSeconds` is given. */
  settleNotice(id: string, outcome: string, againInSeconds?: number): Promise<void>;
}

const CONTACT = /^(\d{11}|[^\s@]{1,64}@[^\s@]{1,180}\.[^\s@]{2,20})$/;

/** Opens the desk over a connection of the Sales Bot's login (or of a control plane). */
export function openSalesDesk(db: Queryable): SalesDesk {
  const call = (text: string, values: readonly unknown[]): Promise<string> => callDesk(db, text, values);
  const readOrder = async (id: string, buyerId: number): Promise<OrderView> => {
    const { rows } = await db.query('SELECT * FROM control.desk_orders WHERE id = $1 AND buyer_id = $2', [
      uuid(id),
      buyerId,
    ]);
    if (rows[0] === undefined) throw new BotpoolError('order_unknown', { orderId: id });
    return orderOf(rows[0]);
  };
  const readBot = async (clientId: string, buyerId: number): Promise<BuyerBot> => {
    const { rows } = await db.query('SELECT * FROM control.desk_bots WHERE client_id = $1 AND buyer_id = $2', [
      clientId,
      buyerId,
    ]);
    if (rows[0] === undefined) throw new BotpoolError('client_unknown', { clientId });
    return botOf(rows[0]);
  };
  const readRequest = async (id: string, buyerId: number): Promise<BuyerRequest> => {
    const { rows } = await db.query('SELECT * FROM control.desk_requests WHERE id = $1 AND buyer_id = $2', [
      uuid(id),
      buyerId,
    ]);
    if (rows[0] === undefined) throw new BotpoolError('order_unknown', { orderId: id });
    return requestOf(rows[0]);
  };
  /** One step of an order: refused with a code, or the order as it is afterwards. */
  const step = async (id: string, buyerId: number, text: string, values: readonly unknown[], facts: Facts = {}) => {
    accept(await call(text, values), { orderId: id, ...facts });
    return await readOrder(id, buyerId);
  };
  return {
    async listPlans(kind) {
      const { rows } = await db.query('SELECT * FROM control.desk_plans ORDER BY position, price, id');
      return rows.map(planOf).filter((plan) => kind === undefined || plan.kinds.includes(kind));
    },
    openOrder: (id, buyer, more = {}) =>
      step(
        id,
        buyer.buyerId,
        'SELECT control.desk_open_order($1, $2, $3, $4, $5, $6, $7) AS answer',
        [id, buyer.buyerId, buyer.chatId, buyer.name ?? null, buyer.locale, more.planId ?? null, more.referral ?? null],
        { planId: more.planId ?? '' },
      ),
    readOrder,
    async listOrders(buyerId, limit = 20) {
      const { rows } = await db.query(
        'SELECT * FROM control.desk_orders WHERE buyer_id = $1 ORDER BY created_at DESC LIMIT $2',
        [buyerId, limit],
      );
      return rows.map(orderOf);
    },
    async changedSince(since) {
      const { rows } = await db.query(
        'SELECT * FROM control.desk_orders WHERE updated_at > $1 ORDER BY updated_at LIMIT 500',
        [since],
      );
      return rows.map(orderOf);
    },
    changeOrder: async (id, buyerId, change) =>
      step(
        id,
        buyerId,
        'SELECT control.desk_change_order($1, $2, $3) AS answer',
        [uuid(id), buyerId, JSON.stringify(checkedChange(change))],
        { planId: change.planId ?? '' },
      ),
    async setToken(id, buyerId, bot) {
      const boxed = await seal(db, bot.token, orderTokenPlace(id));
      return await step(id, buyerId, 'SELECT control.desk_set_token($1, $2, $3, $4, $5, $6, $7) AS answer', [
        uuid(id),
        buyerId,
        boxed,
        tokenFingerprint(bot.token),
        bot.botId,
        bot.username,
        bot.managed,
      ]);
    },
    askPayment: (id, buyerId) =>
      step(id, buyerId, 'SELECT control.desk_ask_payment($1, $2) AS answer', [uuid(id), buyerId]),
    cancelOrder: (id, buyerId) =>
      step(id, buyerId, 'SELECT control.desk_cancel_order($1, $2) AS answer', [uuid(id), buyerId]),
    async setMessage(id, messageId) {
      await db.query('SELECT control.desk_set_message($1, $2)', [uuid(id), messageId]);
    },
    async listBots(buyerId) {
      const { rows } = await db.query('SELECT * FROM control.desk_bots WHERE buyer_id = $1 ORDER BY created_at', [
        buyerId,
      ]);
      return rows.map(botOf);
    },
    readBot,
    async openRenewal(id, buyer, renewal) {
      const { clientId, planId, saveMethod } = renewal;
      const answer = await call('SELECT control.desk_open_renewal($1, $2, $3, $4, $5, $6, $7) AS answer', [
        uuid(id),
        buyer.buyerId,
        buyer.chatId,
        buyer.locale,
        clientId,
        planId,
        saveMethod,
      ]);
      // Either a code, or the id of the order: the new one or the one that was open.
      if (!UUID.test(answer)) accept(answer, { clientId, planId, orderId: id });
      return await readOrder(answer, buyer.buyerId);
    },
    async setAutoRenew(buyerId, clientId, on) {
      accept(await call('SELECT control.desk_set_auto_renew($1, $2, $3) AS answer', [buyerId, clientId, on]), {
        clientId,
      });
      return await readBot(clientId, buyerId);
    },
    async request(id, buyer, { clientId, action, bot }) {
      const needsToken = action === 'new_token';
      if (needsToken !== (bot !== undefined)) {
        throw new BotpoolError('input_invalid', {
          field: 'bot',
          problem: 'a token goes with new_token and with nothing else',
        });
      }
      const boxed = bot === undefined ? null : await seal(db, bot.token, requestTokenPlace(id));
      const answer = await call('SELECT control.desk_request($1, $2, $3, $4, $5, $6, $7, $8) AS answer', [
        uuid(id),
        buyer.buyerId,
        buyer.chatId,
        clientId,
        action,
        boxed,
        bot === undefined ? null : tokenFingerprint(bot.token),
        bot?.botId ?? null,
      ]);
      accept(answer, { clientId });
      return await readRequest(id, buyer.buyerId);
    },
    readRequest,
    async claimNotices(limit, seconds) {
      const { rows } = await db.query('SELECT * FROM control.desk_claim_notices($1, $2)', [limit, seconds]);
      return rows.map(noticeOf);
    },
    async settleNotice(id, outcome, againInSeconds) {
      await db.query('SELECT control.desk_settle_notice($1, $2, $3)', [id, outcome, againInSeconds ?? null]);
    },
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An id from a button or a deep link may be anything. */
function uuid(id: string): string {
  if (!UUID.test(id)) throw new BotpoolError('order_unknown', { orderId: id.slice(0, 40) });
  return id;
}

async function callDesk(db: Queryable, text: string, values: readonly unknown[]): Promise<string> {
  const { rows } = await db.query(text, values);
  return answerSchema.parse(rows[0]).answer;
}

type Facts = Readonly<Partial<Record<'orderId' | 'clientId' | 'planId', string>>>;

/** Turns a refusal of the desk into its error. */
function accept(answer: string, { orderId = '?', clientId = '?', planId = '?' }: Facts): void {
  switch (answer) {
    case 'ok':
      return;
    case 'plan_unknown':
      throw new BotpoolError('plan_unknown', { planId });
    case 'order_unknown':
    case 'order_closed':
    case 'order_incomplete':
      throw new BotpoolError(answer, { orderId });
    case 'too_many_orders':
      throw new BotpoolError('too_many_orders', {});
    case 'token_taken':
      // Whose it is, is nobody's business here.
      throw new BotpoolError('token_taken', { clientId: 'another client' });
    case 'client_unknown':
    case 'not_subscribed':
    case 'no_saved_method':
    case 'request_open':
      throw new BotpoolError(answer, { clientId });
    default:
      throw new Error(`the sales desk answered ${answer}`);
  }
}

/** What the buyer says, in the form and under the names in which it is stored. */
function checkedChange(change: OrderChange): object {
  const { company, timeZone } = activationRequestSchema
    .pick({ company: true, timeZone: true })
    .partial()
    .parse(checked(change));
  const { receiptContact: contact } = change;
  if (contact !== undefined && !CONTACT.test(contact)) {
    throw new BotpoolError('input_invalid', {
      field: 'receiptContact',
      problem: 'expected an e-mail address or 11 digits',
    });
  }
  return {
    kind: change.kind,
    company,
    time_zone: timeZone,
    plan_id: change.planId,
    locale: change.locale,
    receipt_contact: contact,
    save_method: change.saveMethod,
  };
}

function checked(change: OrderChange): { company?: string; timeZone?: string } {
  const given = {
    ...(change.company === undefined ? {} : { company: change.company }),
    ...(change.timeZone === undefined ? {} : { timeZone: change.timeZone }),
  };
  const result = activationRequestSchema.pick({ company: true, timeZone: true }).partial().safeParse(given);
  if (result.success) return given;
  const [issue] = result.error.issues;
  throw new BotpoolError('input_invalid', { field: issue?.path.join('.') ?? 'order', problem: issue?.message ?? '?' });
}

async function seal(db: Queryable, token: string, place: string): Promise<string> {
  if (!BOT_TOKEN_PATTERN.test(token)) throw new BotpoolError('token_malformed', {});
  const { rows } = await db.query<{ key: string | null }>('SELECT control.desk_box($1) AS key', [SALES_BOX]);
  const key = rows[0]?.key;
  if (key === undefined || key === null) throw new BotpoolError('secret_unreadable', { what: 'the box of sales' });
  return sealTo(key, token, place);
}
