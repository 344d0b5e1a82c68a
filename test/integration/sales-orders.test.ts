/** A sale behind the Sales Bot: from the wish to pay to the buyer's own bot, renewals, refunds, and what goes wrong on the way. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Buyer, openSalesDesk, type SalesDesk } from '#core/billing/desk.ts';
import type { SandboxShop } from '#main/sandbox/sandbox-client.ts';
import type { OrderView } from '#shared/schemas/sales.ts';
import type { ShopPatch } from '#shared/schemas/sandbox-shop.ts';
import type { OrderState } from '#shared/state/order-state.ts';
import { type PoolWorld, startPoolWorld } from '../support/pool-world.ts';
import { until } from '../support/until.ts';

const WELL: ShopPatch = { errorRate: 0, lostAnswerRate: 0, unreachable: false, autopayments: true };
const BOTS = 2;

let world: PoolWorld;
let desk: SalesDesk;
let shop: SandboxShop;

beforeAll(async () => {
  world = await startPoolWorld({ bots: BOTS });
  desk = openSalesDesk(world.plane.database);
  shop = world.sandbox.shop;
}, 60_000);

afterEach(async () => {
  await shop.configure(WELL);
  await world.clear();
});

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

interface Wish {
  readonly saveMethod?: boolean;
  readonly token?: string;
}

/** A buyer with a bot of their own who wants to pay. */
async function asked({ saveMethod = false, token }: Wish = {}): Promise<OrderView & { buyer: Buyer; botId: number }> {
  const person = await world.sandbox.createPerson({ name: 'Anna', languageCode: 'en' });
  const buyer: Buyer = { buyerId: person.id, chatId: person.id, name: 'Anna', locale: 'en' };
  const username = `s${randomUUID().slice(0, 8)}_bot`;
  const bot = await world.sandbox.createBot({ ownerId: person.id, name: 'Salon', username });
  const id = randomUUID();
  await desk.openOrder(id, buyer, { planId: 'start' });
  await desk.changeOrder(id, buyer.buyerId, { company: 'Anna Nails', saveMethod, receiptContact: 'anna@example.com' });
  await desk.setToken(id, buyer.buyerId, { token: token ?? bot.token, botId: bot.id, username, managed: false });
  return { ...(await desk.askPayment(id, buyer.buyerId)), buyer, botId: bot.id };
}

async function payable(order: OrderView): Promise<string> {
  return await until('there is a link to pay by', async () => {
    const { confirmationUrl } = await desk.readOrder(order.id, order.buyerId);
    return confirmationUrl === null ? undefined : (new URL(confirmationUrl).searchParams.get('orderId') ?? '');
  });
}

/** What the provider would say, as the gateway writes it down. */
async function hint(id: string, event = 'payment.succeeded'): Promise<void> {
  await world.plane.database.query(`SELECT control.gateway_take_hint('yookassa', $2, $1, '185.71.76.1')`, [id, event]);
}

async function pays(order: OrderView): Promise<string> {
  const payment = await payable(order);
  await shop.act(payment);
  await hint(payment);
  return payment;
}

async function reaches(order: OrderView, state: OrderState): Promise<OrderView> {
  return await until(`order ${order.number} is ${state}`, async () => {
    const now = await desk.readOrder(order.id, order.buyerId);
    return now.state === state ? now : undefined;
  });
}

async function notices(order: OrderView): Promise<string[]> {
  const { rows } = await world.plane.database.query<{ kind: string }>(
    'SELECT kind FROM control.notices WHERE buyer_id = $1 ORDER BY id',
    [order.buyerId],
  );
  return rows.map(({ kind }) => kind);
}

describe('a sale', () => {
  it('gives the buyer a bot that answers, and a paid month', async () => {
    const order = await asked();
    await pays(order);
    const done = await reaches(order, 'active');
    expect(done).toMatchObject({ reason: null, amount: 99_000, paymentStatus: 'succeeded', hasToken: true });
    await world.expectAnswer({
      input: { clientId: '', company: '', token: '', ownerId: 1 },
      botId: order.botId,
      token: '',
    });
    const [bot] = await desk.listBots(order.buyerId);
    const days = ((bot?.paidUntil?.getTime() ?? 0) - Date.now()) / 86_400_000;
    expect(bot).toMatchObject({ clientId: done.clientId, serving: true, autoRenew: false, planId: 'start' });
    expect(Math.round(days)).toBeGreaterThanOrEqual(28);
    const { rows } = await world.plane.database.query('SELECT token_boxed FROM control.orders WHERE id = $1', [
      order.id,
    ]);
    expect(rows).toEqual([{ token_boxed: null }]);
  });

  it('is found by the sweep when no notification came, and by nothing that was invented', async () => {
    const order = await asked();
    await hint(await payable(order));
    await hint(randomUUID());
    expect((await desk.readOrder(order.id, order.buyerId)).state).toBe('awaiting_payment');
    await shop.act(await payable(order));
    expect(await world.plane.sales.sweep()).toBe(1);
    await reaches(order, 'active');
    expect(await world.plane.sales.sweep()).toBe(0);
  });

  it('makes one payment, however often its answers are lost', async () => {
    await shop.configure({ lostAnswerRate: 1 });
    const [before, { answersLost }] = [(await shop.payments()).length, await shop.record()];
    const order = await asked();
    await until('two answers are lost', async () => (await shop.record()).answersLost >= answersLost + 2);
    await shop.configure({ lostAnswerRate: 0 });
    await payable(order);
    expect((await shop.payments()).length).toBe(before + 1);
    await pays(order);
    await reaches(order, 'active');
  });

  it('knows a payment by its metadata when it is told of it before the shop has answered', async () => {
    await shop.configure({ lostAnswerRate: 1 });
    const order = await asked();
    const made = await until('the shop has it', async () =>
      (await shop.payments()).find(({ metadata }) => metadata['order_id'] === order.id),
    );
    await shop.act(made.id);
    await shop.configure({ lostAnswerRate: 0 });
    await hint(made.id);
    await reaches(order, 'active');
  });

  it('tells why a card was refused, and takes another try', async () => {
    const order = await asked();
    const first = await payable(order);
    await shop.act(first, { card: '5555555555554600' });
    await hint(first, 'payment.canceled');
    await until(
      'the reason is told',
      async () => (await desk.readOrder(order.id, order.buyerId)).reason === 'insufficient_funds',
    );
    await desk.askPayment(order.id, order.buyerId);
    const second = await payable(order);
    expect(second).not.toBe(first);
    // The first one's end comes once more, and late.
    await hint(first, 'payment.canceled');
    await shop.act(second);
    await hint(second);
    await reaches(order, 'active');
  });

  it('gives nothing for a payment that is not what was agreed', async () => {
    const order = await asked();
    await payable(order);
    const strange = await foreignPayment(order, '1.00');
    await shop.act(strange);
    await hint(strange);
    await until('the hint is followed', async () => (await outcomeOf(strange)) === 'foreign');
    expect((await desk.readOrder(order.id, order.buyerId)).state).toBe('awaiting_payment');
  });

  it('is not kept from its own payment by a strange one in its very name', async () => {
    await shop.configure({ lostAnswerRate: 1 });
    const order = await asked();
    const own = await until('the shop has it', async () =>
      (await shop.payments()).find(({ metadata }) => metadata['order_id'] === order.id),
    );
    await shop.configure({ lostAnswerRate: 0, unreachable: true });
    const { rows } = await world.plane.database.query<{ provider: string | null }>(
      'SELECT provider_id AS provider FROM control.payments WHERE order_id = $1',
      [order.id],
    );
    await shop.configure({ unreachable: false });
    const strange = await foreignPayment(order, '1.00', own.metadata['payment_id']);
    await shop.act(strange);
    await hint(strange);
    await until('the hint is followed', async () => (await outcomeOf(strange)) === 'foreign');
    expect(rows).toEqual([{ provider: null }]);
    expect((await desk.readOrder(order.id, order.buyerId)).state).toBe('awaiting_payment');
    await pays(order);
    await reaches(order, 'active');
  });

  it('waits its turn when no bot is free, knows its place, and is served by itself', async () => {
    const [one, two] = await Promise.all([world.newClient(), world.newClient()]);
    await Promise.all([world.activate(one), world.activate(two)]);
    const [first, second] = [await asked(), await asked()];
    const orders = [first, second];
    for (const order of orders) {
      await pays(order);
      await until('it waits', async () => (await desk.readOrder(order.id, order.buyerId)).reason === 'pool_empty');
    }
    await until('places are told', async () => {
      const places = await Promise.all(
        orders.map(async ({ id, buyerId }) => (await desk.readOrder(id, buyerId)).place),
      );
      return places.join() === '1,2';
    });
    await world.deactivate(one);
    await reaches(first, 'active');
    expect((await desk.readOrder(second.id, second.buyerId)).state).toBe('activating');
    await until('the second moved up', async () => (await desk.readOrder(second.id, second.buyerId)).place === 1);
    await world.deactivate(two);
    await reaches(second, 'active');
  });

  it('serves whoever has paid first, though another one came to the queue before', async () => {
    const [one, two] = await Promise.all([world.newClient(), world.newClient()]);
    await Promise.all([world.activate(one), world.activate(two)]);
    const [late, early] = [await asked(), await asked()];
    for (const order of [late, early]) {
      await pays(order);
      await until('it waits', async () => (await desk.readOrder(order.id, order.buyerId)).reason === 'pool_empty');
    }
    // As if the worker had come to the earlier payment a moment later.
    await world.plane.database.query(
      `UPDATE control.orders SET paid_at = paid_at - interval '1 hour', next_at = clock_timestamp() WHERE id = $1`,
      [early.id],
    );
    await until('the places are exchanged', async () => (await desk.readOrder(early.id, early.buyerId)).place === 1);
    const queued = await until('it has its turn', async () => {
      const { rows } = await world.plane.database.query<{ client_id: string }>(
        'SELECT client_id FROM control.tenants WHERE queued_at IS NOT NULL ORDER BY queued_at LIMIT 1',
      );
      return rows[0]?.client_id === (await desk.readOrder(early.id, early.buyerId)).clientId;
    });
    expect(queued).toBe(true);
    await world.deactivate(one);
    await reaches(early, 'active');
    expect((await desk.readOrder(late.id, late.buyerId)).state).toBe('activating');
    await world.deactivate(two);
    await reaches(late, 'active');
  });

  it('asks for another token when this one was revoked, and goes on with it', async () => {
    const order = await asked();
    await world.sandbox.revokeToken(order.botId);
    await pays(order);
    expect(await reaches(order, 'failed')).toMatchObject({ reason: 'token_invalid' });
    const { token } = await world.sandbox.revokeToken(order.botId);
    const username = (await world.sandbox.getBot(order.botId)).username;
    await desk.setToken(order.id, order.buyerId, { token, botId: order.botId, username, managed: false });
    await reaches(order, 'active');
  });
});

describe('money that came too often', () => {
  it('goes back when an order was paid twice, and the bot stays', async () => {
    const order = await asked();
    await pays(order);
    const { clientId } = await reaches(order, 'active');
    const second = randomUUID();
    await world.plane.database.query(
      `INSERT INTO control.payments (id, order_id, idempotence_key, request, amount, currency, next_at)
       SELECT $2::uuid, order_id, $2::text, request, amount, currency, NULL FROM control.payments WHERE order_id = $1`,
      [order.id, second],
    );
    const again = await foreignPayment(order, '990.00', second);
    await shop.act(again);
    await hint(again);
    await hint(again, 'payment.waiting_for_capture');
    await until('it went back', async () => (await shop.payment(again)).refunded === 99_000);
    await until('the buyer is told', async () => (await notices(order)).includes('paid_twice'));
    expect((await desk.readOrder(order.id, order.buyerId)).state).toBe('active');
    expect(await desk.readBot(clientId ?? '', order.buyerId)).toMatchObject({ serving: true });
    expect((await shop.record()).refunds).toBeGreaterThan(0);
  });

  it('goes back when an order was paid after it had been cancelled', async () => {
    const order = await asked();
    const payment = await payable(order);
    await desk.cancelOrder(order.id, order.buyerId);
    await shop.act(payment);
    await hint(payment);
    const back = await reaches(order, 'refunded');
    expect(back.refunded).toBe(99_000);
    expect(await notices(order)).toEqual(['paid_cancelled']);
    expect((await shop.payment(payment)).refunded).toBe(99_000);
  });
});

describe('a refund by an operator', () => {
  it('may be a part, and ends the bot when all went back', async () => {
    const order = await asked();
    const payment = await pays(order);
    const { clientId } = await reaches(order, 'active');
    const { sales } = world.plane;
    const wish = { reason: 'a gift', actor: 'operator' };
    await sales.refund(String(order.number), { ...wish, amount: 9_000 });
    await until('a part went back', async () => (await shop.payment(payment)).refunded === 9_000);
    expect(await world.codeOf(sales.refund(order.id, { ...wish, amount: 90_001 }))).toBe('refund_impossible');
    expect((await desk.readOrder(order.id, order.buyerId)).state).toBe('active');
    await sales.refund(order.id, wish);
    await reaches(order, 'refunded');
    expect((await shop.payment(payment)).refunded).toBe(99_000);
    await until('the bot stops', async () => (await desk.readBot(clientId ?? '', order.buyerId)).state === 'suspended');
    expect(await notices(order)).toEqual(['refunded', 'refunded']);
    // As when the answer to the commit was lost: what is settled is looked at once more, and comes to rest.
    const { database } = world.plane;
    const ofOrder = 'payment_id IN (SELECT id FROM control.payments WHERE order_id = $1)';
    await database.query(`UPDATE control.refunds SET next_at = clock_timestamp() WHERE ${ofOrder}`, [order.id]);
    await until('nothing is due any more', async () => {
      const { rows } = await database.query(`SELECT FROM control.refunds WHERE next_at IS NOT NULL AND ${ofOrder}`, [
        order.id,
      ]);
      return rows.length === 0;
    });
    expect((await shop.payment(payment)).refunded).toBe(99_000);
  });
});

describe('a paid period', () => {
  /** A bot whose period ends in so many hours. */
  async function endingIn(hours: number, wish: Wish = {}): Promise<OrderView & { buyer: Buyer; clientId: string }> {
    const order = await asked(wish);
    await pays(order);
    const { clientId } = await reaches(order, 'active');
    await moveEnd(clientId ?? '', hours);
    return { ...order, clientId: clientId ?? '' };
  }

  async function moveEnd(clientId: string, hours: number): Promise<void> {
    await world.plane.database.query(
      `UPDATE control.subscriptions SET during = tstzrange(now() - interval '40 days', now() + $2 * interval '1 hour'),
         grace_until = now() + ($2 + 72) * interval '1 hour' WHERE client_id = $1`,
      [clientId, hours],
    );
  }

  it('is told of 7, 3 and 1 days before its end, each once, and not after it was renewed', async () => {
    const order = await endingIn(24 * 7 - 1);
    const { sales } = world.plane;
    await sales.renew();
    await sales.renew();
    await moveEnd(order.clientId, 20);
    await sales.renew();
    expect(await notices(order)).toEqual(['reminder', 'reminder']);
    const wish = { clientId: order.clientId, planId: 'start', saveMethod: false };
    const renewal = await desk.openRenewal(randomUUID(), order.buyer, wish);
    await pays(renewal);
    await reaches(renewal, 'active');
    await sales.renew();
    expect(await notices(order)).toEqual(['reminder', 'reminder']);
    const { paidUntil } = await desk.readBot(order.clientId, order.buyerId);
    // The new month begins where the old one ends.
    expect((paidUntil?.getTime() ?? 0) - Date.now()).toBeGreaterThan(28 * 86_400_000);
  });

  it('is renewed from the saved card, until its owner no longer agrees', async () => {
    const order = await endingIn(12, { saveMethod: true });
    const { sales } = world.plane;
    expect(await desk.readBot(order.clientId, order.buyerId)).toMatchObject({ autoRenew: true });
    await sales.renew();
    await sales.renew();
    await until('it is renewed', async () => (await notices(order)).includes('renewed'));
    await world.plane.database.query(`DELETE FROM control.subscriptions WHERE client_id = $1 AND order_id = $2`, [
      order.clientId,
      order.id,
    ]);
    await moveEnd(order.clientId, 12);
    const [{ method = '' } = {}] = (
      await world.plane.database.query<{ method: string }>(
        'SELECT method_id AS method FROM control.subscriptions WHERE client_id = $1',
        [order.clientId],
      )
    ).rows;
    await shop.revokeMethod(method);
    await sales.renew();
    await until('it could not be renewed', async () => (await notices(order)).includes('renewal_failed'));
    expect(await desk.readBot(order.clientId, order.buyerId)).toMatchObject({ autoRenew: false, methodTitle: null });
  });

  it('has days of grace after it, then the bot stops, and goes on when it is paid', async () => {
    const order = await endingIn(-1);
    const { sales } = world.plane;
    await sales.renew();
    expect(await notices(order)).toEqual(['grace']);
    expect((await desk.readBot(order.clientId, order.buyerId)).serving).toBe(true);
    await moveEnd(order.clientId, -100);
    await sales.renew();
    await sales.renew();
    expect(await notices(order)).toEqual(['grace', 'suspended']);
    expect((await desk.readBot(order.clientId, order.buyerId)).state).toBe('suspended');
    const wish = { clientId: order.clientId, planId: 'start', saveMethod: false };
    const renewal = await desk.openRenewal(randomUUID(), order.buyer, wish);
    await pays(renewal);
    await reaches(renewal, 'active');
    expect(await desk.readBot(order.clientId, order.buyerId)).toMatchObject({ state: 'active', serving: true });
  });
});

describe('what a buyer asks for', () => {
  it('suspends, resumes, exports and deletes a bot', async () => {
    const order = await asked();
    await pays(order);
    const { clientId } = await reaches(order, 'active');
    const wish = async (action: 'suspend' | 'resume' | 'export' | 'delete') => {
      const id = randomUUID();
      await desk.request(id, order.buyer, { clientId: clientId ?? '', action });
      return await until(`${action} is done`, async () => {
        const request = await desk.readRequest(id, order.buyerId);
        return request.state === 'open' ? undefined : request;
      });
    };
    expect((await wish('suspend')).state).toBe('done');
    expect((await desk.readBot(clientId ?? '', order.buyerId)).state).toBe('suspended');
    expect((await wish('resume')).state).toBe('done');
    await until('it serves', async () => (await desk.readBot(clientId ?? '', order.buyerId)).serving);
    const { result } = await wish('export');
    const data = JSON.parse(Buffer.from(result ?? new Uint8Array()).toString()) as {
      tables: Record<string, unknown[]>;
    };
    const some = ['bookings', 'users', 'services', 'settings', 'staff'];
    expect(Object.keys(data.tables)).toEqual(expect.arrayContaining(some));
    expect(Object.keys(data.tables).length).toBeGreaterThanOrEqual(12);
    expect((await wish('delete')).state).toBe('done');
    expect(await desk.listBots(order.buyerId)).toEqual([]);
  });
});

async function outcomeOf(payment: string): Promise<unknown> {
  const { rows } = await world.plane.database.query('SELECT outcome FROM control.payment_hints WHERE object_id = $1', [
    payment,
  ]);
  return rows[0]?.['outcome'];
}

/** A payment that says it is for this order, and is not. */
async function foreignPayment(order: OrderView, value: string, paymentId: string = randomUUID()): Promise<string> {
  const response = await fetch(`${world.plane.sandboxUrl}/yookassa/v3/payments`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from('100500:test_sandbox_shop_key').toString('base64')}`,
      'idempotence-key': randomUUID(),
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      amount: { value, currency: 'RUB' },
      capture: true,
      confirmation: { type: 'redirect', return_url: 'https://t.me' },
      metadata: { order_id: order.id, payment_id: paymentId },
    }),
  });
  return String(((await response.json()) as { id: unknown }).id);
}
