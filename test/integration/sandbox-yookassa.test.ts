/** The simulated YooKassa: its API, its page, its notifications and the troubles on order. */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createSandboxClient, type SandboxShop } from '#main/sandbox/sandbox-client.ts';
import { createManualClock, type ManualClock } from '#sandbox/clock.ts';
import { type Sandbox, startSandbox } from '#sandbox/server.ts';
import { makeRunFolder } from '../support/run-folder.ts';
import { until } from '../support/until.ts';

const objectSchema = z.looseObject({
  id: z.string().default(''),
  status: z.string().default(''),
  code: z.string().optional(),
  parameter: z.string().optional(),
  confirmation: z.looseObject({ confirmation_url: z.string() }).optional(),
  payment_method: z.looseObject({ id: z.string(), saved: z.boolean() }).optional(),
  cancellation_details: z.looseObject({ reason: z.string() }).optional(),
  items: z.array(z.looseObject({ id: z.string() })).optional(),
});

let sandbox: Sandbox;
let shop: SandboxShop;
let clock: ManualClock;
let inbox: { readonly event: string; readonly id: string; readonly from: string }[];
let answers: number[];
let merchant: Server;

beforeEach(async () => {
  clock = createManualClock();
  sandbox = await startSandbox({ clock });
  shop = createSandboxClient(sandbox.url).shop;
  inbox = [];
  answers = [];
  merchant = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const schema = z.object({ event: z.string(), object: z.object({ id: z.string() }) });
      const { event, object } = schema.parse(JSON.parse(Buffer.concat(chunks).toString()));
      inbox.push({ event, id: object.id, from: String(request.headers['x-forwarded-for']) });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => merchant.listen(0, '127.0.0.1', resolve));
  const address = merchant.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await shop.configure({ notificationUrl: `http://127.0.0.1:${port}/` });
});

afterEach(async () => {
  await sandbox.close();
  merchant.closeAllConnections();
  await new Promise((resolve) => merchant.close(resolve));
});

interface Options {
  readonly key?: string;
  readonly login?: string;
}

async function call(verb: string, path: string, body?: object, { key = randomUUID(), login }: Options = {}) {
  const basic = Buffer.from(login ?? '100500:test_sandbox_shop_key').toString('base64');
  const response = await fetch(`${sandbox.yookassaApiRoot}${path}`, {
    method: verb,
    headers: {
      authorization: `Basic ${basic}`,
      'content-type': 'application/json',
      ...(verb === 'POST' && key !== '' ? { 'idempotence-key': key } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { http: response.status, ...objectSchema.parse(await response.json()) };
}

const NEW = {
  amount: { value: '990.00', currency: 'RUB' },
  capture: true,
  confirmation: { type: 'redirect', return_url: 'https://t.me/shop_bot', locale: 'en_US' },
  description: 'Order 7',
  metadata: { order_id: '7' },
};

describe('the API', () => {
  it('makes a payment once for each key, and refuses the key for another request', async () => {
    const key = randomUUID();
    const first = await call('POST', '/payments', NEW, { key });
    expect(first).toMatchObject({ http: 200, status: 'pending', amount: NEW.amount, paid: false, test: true });
    expect(await call('POST', '/payments', NEW, { key })).toMatchObject({ id: first.id });
    const other = { ...NEW, description: 'Order 8' };
    expect(await call('POST', '/payments', other, { key })).toMatchObject({ http: 400, parameter: 'Idempotence-Key' });
    await shop.configure({ otherBody: 'replay' });
    expect(await call('POST', '/payments', other, { key })).toMatchObject({ http: 200, id: first.id });
    clock.advance(24 * 3_600_000);
    expect((await call('POST', '/payments', NEW, { key })).id).not.toBe(first.id);
  });

  it('says what is wrong with a request, and who may not ask', async () => {
    const codes = await Promise.all([
      call('POST', '/payments', NEW, { login: '100500:wrong' }),
      call('POST', '/payments', NEW, { key: '' }),
      call('POST', '/payments', NEW, { key: 'k'.repeat(65) }),
      call('POST', '/payments', { ...NEW, amount: { value: '0.50', currency: 'RUB' } }),
      call('POST', '/payments', { ...NEW, confirmation: undefined }),
      call('POST', '/payments', { ...NEW, receipt: receipt('100.00') }),
      call('GET', `/payments/${randomUUID()}`),
      call('GET', '/nonsense'),
    ]);
    expect(codes.map(({ http, code, parameter }) => [http, code, parameter])).toEqual([
      [401, 'invalid_credentials', undefined],
      [400, 'invalid_request', 'Idempotence-Key'],
      [400, 'invalid_request', 'Idempotence-Key'],
      [400, 'invalid_request', 'amount'],
      [400, 'invalid_request', 'confirmation'],
      [400, 'invalid_request', 'receipt.items'],
      [404, 'not_found', 'payment_id'],
      [404, 'not_found', undefined],
    ]);
    expect(await call('POST', '/payments', { ...NEW, receipt: receipt('990.00') })).toMatchObject({ http: 200 });
    expect(await call('GET', '/me')).toMatchObject({ http: 200, account_id: '100500', test: true });
  });

  it('holds money until it is captured, and gives no more back than was paid', async () => {
    const held = await call('POST', '/payments', { ...NEW, capture: false });
    await shop.act(held.id);
    expect(await call('GET', `/payments/${held.id}`)).toMatchObject({ status: 'waiting_for_capture', paid: true });
    expect(await call('POST', `/payments/${held.id}/capture`, {})).toMatchObject({ status: 'succeeded' });
    const part = { payment_id: held.id, amount: { value: '400.00', currency: 'RUB' } };
    const key = randomUUID();
    const refund = await call('POST', '/refunds', part, { key });
    expect(await call('POST', '/refunds', part, { key })).toMatchObject({ id: refund.id, status: 'succeeded' });
    const tooMuch = { payment_id: held.id, amount: { value: '590.01', currency: 'RUB' } };
    expect(await call('POST', '/refunds', tooMuch)).toMatchObject({ http: 400, parameter: 'amount' });
    expect(await shop.record()).toMatchObject({ payments: { succeeded: 1 }, kept: 59_000, refunds: 1 });
  });

  it('charges a saved method without anybody, until its owner no longer agrees', async () => {
    const first = await call('POST', '/payments', { ...NEW, save_payment_method: true });
    await shop.act(first.id);
    const { payment_method: method } = await call('GET', `/payments/${first.id}`);
    expect(method?.saved).toBe(true);
    const charge = { amount: NEW.amount, capture: true, payment_method_id: method?.id };
    expect(await call('POST', '/payments', charge)).toMatchObject({ status: 'succeeded' });
    await shop.revokeMethod(method?.id ?? '');
    const refused = await call('POST', '/payments', charge);
    expect(refused.cancellation_details?.reason).toBe('permission_revoked');
    await shop.configure({ autopayments: false });
    expect(await call('POST', '/payments', charge)).toMatchObject({ http: 403, code: 'forbidden' });
  });

  it('forgets who has not paid within an hour, and lists what there is page by page', async () => {
    const ids = [await call('POST', '/payments', NEW), await call('POST', '/payments', NEW)].map(({ id }) => id);
    clock.advance(3_600_000);
    expect((await call('GET', `/payments/${ids[0]}`)).cancellation_details?.reason).toBe('expired_on_confirmation');
    const page = await call('GET', '/payments?limit=1');
    expect(page.items?.map(({ id }) => id)).toEqual([ids[1]]);
    const next = z.looseObject({ next_cursor: z.string() }).parse(page).next_cursor;
    expect((await call('GET', `/payments?limit=1&cursor=${next}`)).items?.map(({ id }) => id)).toEqual([ids[0]]);
  });
});

describe('the payment page', () => {
  it('asks for a card, passes the bank’s question on, and leads back to the shop', async () => {
    const { confirmation } = await call('POST', '/payments', { ...NEW, description: '<b>Order</b>' });
    const url = confirmation?.confirmation_url ?? '';
    const page = await (await fetch(url)).text();
    expect(page).toContain('&#60;b&#62;Order');
    expect(page).toContain('990.00 RUB');
    const asked = await press(url, { act: 'pay', card: '5555 5555 5555 4477' });
    expect(asked).toContain('The bank asks for a code');
    const paid = await press(url, { code: 'right', card: '5555555555554477' });
    expect(paid).toContain('Paid');
    expect(paid).toContain('href="https://t.me/shop_bot"');
    // A page that is sent again changes nothing.
    expect(await press(url, { act: 'decline', card: '' })).toContain('Paid');
  });

  it.each([
    ['5555555555554600', 'insufficient_funds'],
    ['5555555555554592', '3d_secure_failed'],
    ['5555555555554584', 'country_forbidden'],
  ])('a card %s is refused with %s', async (card, reason) => {
    const { id, confirmation } = await call('POST', '/payments', NEW);
    expect(await press(confirmation?.confirmation_url ?? '', { act: 'pay', card })).toContain('did not go through');
    expect((await call('GET', `/payments/${id}`)).cancellation_details?.reason).toBe(reason);
  });

  it('keeps the payment open when the number is no card, and knows no other payment', async () => {
    const { id, confirmation } = await call('POST', '/payments', NEW);
    expect(await press(confirmation?.confirmation_url ?? '', { act: 'pay', card: '12' })).toContain('role="alert"');
    expect((await call('GET', `/payments/${id}`)).status).toBe('pending');
    expect((await fetch(`${sandbox.url}/yookassa/pay?orderId=none`)).status).toBe(404);
  });
});

describe('a notification', () => {
  it('comes from the provider’s address and is repeated until it is answered 200', async () => {
    answers = [500, 302];
    const { id } = await call('POST', '/payments', NEW);
    await shop.act(id);
    for (const count of [1, 2, 3]) {
      clock.advance(5_000);
      await until('the merchant hears it', () => inbox.length >= count);
      await until('the answer is noted', async () => {
        const { refused, acknowledged } = (await shop.record()).notifications;
        return refused + acknowledged === count;
      });
    }
    expect(inbox).toEqual(Array(3).fill({ event: 'payment.succeeded', id, from: '185.71.76.1' }));
    clock.advance(3_600_000);
    expect((await shop.record()).notifications).toMatchObject({ sent: 3, acknowledged: 1, refused: 2, waiting: 0 });
  });

  it('is lost, doubled, or invented when that is asked for', async () => {
    await shop.configure({ loseRate: 1 });
    await shop.act((await call('POST', '/payments', NEW)).id);
    expect((await shop.record()).notifications).toMatchObject({ sent: 0, lost: 1 });
    await shop.configure({ loseRate: 0, duplicates: 20, lateMs: 1_000 });
    await shop.act((await call('POST', '/payments', NEW)).id);
    clock.advance(1_000);
    await until('copies', async () => (await shop.record()).notifications.acknowledged > 0);
    const forged = { event: 'payment.succeeded', object: { id: 'forged' } };
    expect(await shop.forge({ body: forged, source: '203.0.113.9, 185.71.76.1' })).toBe(200);
    expect(inbox).toContainEqual({ event: 'payment.succeeded', id: 'forged', from: '203.0.113.9, 185.71.76.1' });
  });
});

describe('trouble on order', () => {
  it('loses the answer to what was done, refuses what was not, or is not there', async () => {
    const key = randomUUID();
    await shop.configure({ lostAnswerRate: 1 });
    await expect(call('POST', '/payments', NEW, { key })).rejects.toThrow();
    await shop.configure({ lostAnswerRate: 0 });
    expect(await shop.payments()).toHaveLength(1);
    expect((await call('POST', '/payments', NEW, { key })).id).toBe((await shop.payments())[0]?.id);
    await shop.configure({ errorRate: 1 });
    expect(await call('POST', '/payments', NEW)).toMatchObject({ http: 500, code: 'internal_server_error' });
    await shop.configure({ errorRate: 0, unreachable: true });
    await expect(call('GET', '/me')).rejects.toThrow();
    expect(await shop.payments()).toHaveLength(1);
  });

  it('does not make the shop forget: payments, keys and methods outlast a restart', async () => {
    const dataFile = `${await makeRunFolder()}/sandbox.json`;
    const key = randomUUID();
    const restart = async (): Promise<void> => {
      await sandbox.close();
      sandbox = await startSandbox({ clock, dataFile });
      shop = createSandboxClient(sandbox.url).shop;
    };
    await restart();
    const { id } = await call('POST', '/payments', { ...NEW, save_payment_method: true }, { key });
    await shop.act(id);
    await restart();
    expect(await call('POST', '/payments', { ...NEW, save_payment_method: true }, { key })).toMatchObject({ id });
    const charge = { amount: NEW.amount, capture: true, payment_method_id: id };
    expect(await call('POST', '/payments', charge)).toMatchObject({ status: 'succeeded' });
  });
});

function receipt(value: string): object {
  const amount = { value, currency: 'RUB' };
  return {
    customer: { email: 'anna@example.com' },
    items: [{ description: 'Bot', quantity: '1', amount, vat_code: 1 }],
  };
}

async function press(url: string, form: Record<string, string>): Promise<string> {
  return await (await fetch(url, { method: 'POST', body: new URLSearchParams(form) })).text();
}
