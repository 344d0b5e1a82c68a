/** The sales desk under the Sales Bot's own login: what it may do, what it refuses, and what it may not even see. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderTokenPlace } from '#core/billing/box.ts';
import { listen } from '#core/postgres/listener.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { orderSignalSchema, SALES_CHANNELS } from '#shared/schemas/sales.ts';
import { ORDER_MOVES, ORDER_STATES, PAYMENT_MOVES, PAYMENT_STATUSES } from '#shared/state/order-state.ts';
import { openSalesStores, type SalesStores, sleep } from '#test/support/sales-world.ts';
import { until } from '#test/support/until.ts';

let world: SalesStores;

beforeAll(async () => {
  world = await openSalesStores();
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function codeOf(step: Promise<unknown>): Promise<string> {
  try {
    await step;
  } catch (error) {
    if (isBotpoolError(error)) return error.code;
    throw error;
  }
  return 'no failure';
}

describe('an order', () => {
  it('goes from the first word to a price that was agreed, and is found again by its id', async () => {
    const { desk } = world;
    const buyer = world.newBuyer();
    const id = randomUUID();
    await desk.openOrder(id, buyer, { referral: 'x' });
    expect((await desk.openOrder(id, buyer)).state).toBe('draft');
    const changed = await desk.changeOrder(id, buyer.buyerId, { company: '  Anna\nNails ', planId: 'start' });
    expect(changed).toMatchObject({ state: 'awaiting_token', company: 'Anna Nails', amount: null, hasToken: false });
    expect(await codeOf(desk.askPayment(id, buyer.buyerId))).toBe('order_incomplete');
    await desk.setToken(id, buyer.buyerId, world.newBot());
    const asked = await desk.askPayment(id, buyer.buyerId);
    expect(asked).toMatchObject({ state: 'awaiting_payment', amount: 99_000, currency: 'RUB', months: 1 });
    expect(await codeOf(desk.changeOrder(id, buyer.buyerId, { planId: 'pro' }))).toBe('order_closed');
    expect((await desk.cancelOrder(id, buyer.buyerId)).state).toBe('cancelled');
  });

  it('belongs to its buyer: another one reads, changes, pays and cancels nothing of it', async () => {
    const { desk } = world;
    const order = await world.orderReady(world.newBuyer());
    const stranger = world.newBuyer();
    for (const step of [
      () => desk.readOrder(order.id, stranger.buyerId),
      () => desk.changeOrder(order.id, stranger.buyerId, { company: 'Mine' }),
      () => desk.setToken(order.id, stranger.buyerId, world.newBot()),
      () => desk.askPayment(order.id, stranger.buyerId),
      () => desk.cancelOrder(order.id, stranger.buyerId),
      () => desk.openOrder(order.id, stranger),
    ]) {
      expect(await codeOf(step())).toBe('order_unknown');
    }
    expect(await codeOf(desk.readOrder('../../etc', stranger.buyerId))).toBe('order_unknown');
  });

  it('refuses a bot that another order or another client holds, by its token and by its id', async () => {
    const { desk } = world;
    const bot = world.newBot();
    const first = await world.orderReady(world.newBuyer());
    await desk.setToken(first.id, first.buyerId, bot);
    await desk.askPayment(first.id, first.buyerId);
    const second = await world.orderReady(world.newBuyer());
    expect(await codeOf(desk.setToken(second.id, second.buyerId, bot))).toBe('token_taken');
    const renewed = { ...world.newBot(), botId: bot.botId };
    expect(await codeOf(desk.setToken(second.id, second.buyerId, renewed))).toBe('token_taken');
  });

  it('refuses the second of two buyers who bring one bot at the same moment', async () => {
    const { desk } = world;
    const bot = world.newBot();
    const orders = await Promise.all([world.orderReady(world.newBuyer()), world.orderReady(world.newBuyer())]);
    for (const order of orders) await desk.setToken(order.id, order.buyerId, bot);
    const codes = await Promise.all(orders.map((order) => codeOf(desk.askPayment(order.id, order.buyerId))));
    expect(codes.toSorted()).toEqual(['no failure', 'token_taken']);
  });

  it('tells everybody who listens of each change', async () => {
    const heard: string[] = [];
    const listener = listen({
      ...world.facts,
      applicationName: 'test-listener',
      channels: [SALES_CHANNELS.orders],
      onSignal: (_channel, payload) => void heard.push(payload),
      onReady: () => undefined,
      sleep,
    });
    await listener.ready;
    const order = await world.orderReady(world.newBuyer());
    await world.desk.askPayment(order.id, order.buyerId);
    const signals = await until('the signal', () => {
      const all = heard.map((payload) => orderSignalSchema.parse(JSON.parse(payload)));
      return all.some((signal) => signal.id === order.id && signal.state === 'awaiting_payment') && all;
    });
    expect(signals.every((signal) => signal.revision > 0)).toBe(true);
    await listener.close();
  });

  it('leaves an audit row for each state', async () => {
    const order = await world.orderReady(world.newBuyer());
    await world.desk.cancelOrder(order.id, order.buyerId);
    const { rows } = await world.database.query(
      'SELECT action, actor FROM control.audit WHERE target = $1 ORDER BY id',
      [order.id],
    );
    const actor = `buyer:${order.buyerId}`;
    expect(rows).toEqual(
      ['order.draft', 'order.awaiting_token', 'order.cancelled'].map((action) => ({ action, actor })),
    );
  });
});

describe('the database', () => {
  it('holds the same tables of moves as the code', async () => {
    const orders = await world.database.query<{ f: string; t: string }>(
      'SELECT from_state AS f, to_state AS t FROM control.order_moves',
    );
    const payments = await world.database.query<{ f: string; t: string }>(
      'SELECT from_status AS f, to_status AS t FROM control.payment_moves',
    );
    const pairs = (rows: { f: string; t: string }[]): string[] => rows.map(({ f, t }) => `${f} ${t}`).sort();
    expect(pairs(orders.rows)).toEqual(
      ORDER_STATES.flatMap((from) => ORDER_MOVES[from].map((to) => `${from} ${to}`)).sort(),
    );
    expect(pairs(payments.rows)).toEqual(
      PAYMENT_STATUSES.flatMap((from) => PAYMENT_MOVES[from].map((to) => `${from} ${to}`)).sort(),
    );
  });

  it('refuses a step back, whoever tries it', async () => {
    const order = await world.orderReady(world.newBuyer());
    await world.desk.cancelOrder(order.id, order.buyerId);
    const step = world.database.query(`UPDATE control.orders SET state = 'draft' WHERE id = $1`, [order.id]);
    await expect(step).rejects.toThrow('does not go from cancelled to draft');
  });

  it('shows the Sales Bot no table, no token and no other function', async () => {
    const order = await world.orderReady(world.newBuyer());
    for (const statement of [
      'SELECT token_boxed FROM control.orders',
      'SELECT token_sealed FROM control.tenants',
      'UPDATE control.plans SET price = 100',
      `SELECT control.gateway_take_hint('yookassa', 'payment.succeeded', 'x', NULL)`,
      `SELECT control.open_service_login('me', 'botpool_sales', 'x')`,
      'INSERT INTO control.payments DEFAULT VALUES',
      'SELECT * FROM control.audit',
    ]) {
      await expect(world.asSales.query(statement), statement).rejects.toThrow('permission denied');
    }
    expect(JSON.stringify(await world.desk.readOrder(order.id, order.buyerId))).not.toContain('token_');
  });

  it('keeps a token so that the control plane alone can read it', async () => {
    const { desk, database, box } = world;
    const order = await world.orderReady(world.newBuyer());
    const bot = world.newBot();
    await desk.setToken(order.id, order.buyerId, bot);
    const { rows } = await database.query<{ b: string }>('SELECT token_boxed AS b FROM control.orders WHERE id = $1', [
      order.id,
    ]);
    const boxed = rows[0]?.b ?? '';
    expect(boxed).not.toContain(bot.token.slice(-10));
    expect(box.open(boxed, orderTokenPlace(order.id))).toBe(bot.token);
    expect(() => box.open(boxed, orderTokenPlace(randomUUID()))).toThrow();
  });

  it('lets the gateway drop a hint into the inbox and nothing else', async () => {
    const { asGateway, database } = world;
    const drop = `SELECT control.gateway_take_hint('yookassa', 'payment.succeeded', 'abc', '185.71.76.1')`;
    await asGateway.query(drop);
    await asGateway.query(drop);
    const { rows } = await database.query(
      `SELECT seen, source::text FROM control.payment_hints WHERE object_id = 'abc'`,
    );
    expect(rows).toEqual([{ seen: 2, source: '185.71.76.1/32' }]);
    await expect(asGateway.query('SELECT * FROM control.payment_hints')).rejects.toThrow('permission denied');
    await expect(asGateway.query('SELECT * FROM control.desk_orders')).rejects.toThrow('permission denied');
  });
});

describe('a notice', () => {
  it('is given out once until it is settled or its time is over', async () => {
    const { desk, database } = world;
    const buyer = world.newBuyer();
    await database.query(
      `INSERT INTO control.notices (once, buyer_id, chat_id, kind, data) VALUES ($1, $2, $2, 'reminder', '{"days": 7}')`,
      [randomUUID(), buyer.buyerId],
    );
    const [first, second] = [await desk.claimNotices(10, 60), await desk.claimNotices(10, 60)];
    expect([first.length, second.length]).toEqual([1, 0]);
    expect(first[0]).toMatchObject({ kind: 'reminder', data: { days: 7 }, tries: 1 });
    await desk.settleNotice(first[0]?.id ?? '', 'later', 0);
    expect((await desk.claimNotices(10, 60)).map(({ tries }) => tries)).toEqual([2]);
    await desk.settleNotice(first[0]?.id ?? '', 'sent');
    expect(await desk.claimNotices(10, 60)).toEqual([]);
  });
});

describe('what belongs to a bot of a buyer', () => {
  it('refuses what has no bot, no paid time, no saved method', async () => {
    const { desk } = world;
    const buyer = world.newBuyer();
    const clientId = 'client_777';
    const wish = { clientId, action: 'suspend' } as const;
    expect(await codeOf(desk.request(randomUUID(), buyer, wish))).toBe('client_unknown');
    expect(await codeOf(desk.setAutoRenew(buyer.buyerId, clientId, true))).toBe('client_unknown');
    const renewal = { clientId, planId: 'start', saveMethod: false };
    expect(await codeOf(desk.openRenewal(randomUUID(), buyer, renewal))).toBe('client_unknown');
    expect(await desk.listBots(buyer.buyerId)).toEqual([]);
  });
});
