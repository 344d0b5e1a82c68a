/** The gateway: what providers may say to it, who may say it, and what becomes of that. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '#bot-runtime/gateway/gateway.ts';
import { createLogger } from '#core/telemetry/logger.ts';
import { openSalesStores, type SalesStores } from '../support/sales-world.ts';

const THEIRS = '185.71.76.9';

let stores: SalesStores;
let gateway: Gateway;

beforeAll(async () => {
  stores = await openSalesStores();
  const logger = createLogger('gateway', 'silent');
  gateway = await startGateway({
    ...{ host: '127.0.0.1', port: 0, healthPort: 0, logger },
    trusted: ['127.0.0.0/8'],
    database: stores.asGateway,
  });
});

afterAll(async () => {
  await gateway?.close();
  await stores?.[Symbol.asyncDispose]();
});

interface Call {
  readonly body?: string;
  readonly from?: string | undefined;
  readonly verb?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
}

function notification(id: string, event = 'payment.succeeded'): string {
  return JSON.stringify({
    type: 'notification',
    event,
    object: { id, status: 'succeeded', amount: { value: '1.00' } },
  });
}

async function call({ body, from = THEIRS, verb = 'POST', path = '/yookassa', headers = {} }: Call): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${gateway.port}${path}`, {
    method: verb,
    headers: { 'content-type': 'application/json', ...(from === '' ? {} : { 'x-forwarded-for': from }), ...headers },
    ...(body === undefined ? {} : { body }),
  });
  await response.arrayBuffer();
  return response.status;
}

async function hints(id: string): Promise<{ event: string; seen: number; source: string }[]> {
  const { rows } = await stores.database.query<{ event: string; seen: number; source: string }>(
    'SELECT event, seen, host(source) AS source FROM control.payment_hints WHERE object_id = $1 ORDER BY event',
    [id],
  );
  return rows;
}

describe('a notification', () => {
  it('is answered 200 when it is in the inbox, once for each event however often it comes', async () => {
    const id = randomUUID();
    const again = Array.from({ length: 5 }, () => call({ body: notification(id) }));
    expect(await Promise.all([...again, call({ body: notification(id, 'payment.canceled') })])).toEqual(
      Array(6).fill(200),
    );
    expect(await hints(id)).toEqual([
      { event: 'payment.canceled', seen: 1, source: THEIRS },
      { event: 'payment.succeeded', seen: 5, source: THEIRS },
    ]);
  });

  it.each<[string, Call]>([
    ['comes from a range that was widened', { from: '185.71.76.200' }],
    ['names the provider at the left of the list', { from: `${THEIRS}, 203.0.113.9` }],
    ['comes from this machine itself', { from: '' }],
    ['comes from a private network', { from: '10.1.2.3' }],
    [
      'brings a signature that nobody has promised',
      { from: '203.0.113.9', headers: { 'x-yookassa-signature': 'v1 abc' } },
    ],
    ['brings a password', { from: '203.0.113.9', headers: { authorization: 'Basic MTAwNTAwOnRlc3Q=' } }],
    ['says nonsense of its sender', { from: 'unknown' }],
  ])('is refused when it %s', async (_how, how) => {
    const id = randomUUID();
    expect(await call({ body: notification(id), ...how })).toBe(403);
    expect(await hints(id)).toEqual([]);
  });

  it.each([
    ['no JSON', 'hello', 400],
    ['another type', JSON.stringify({ type: 'greeting', event: 'payment.succeeded', object: { id: 'x' } }), 400],
    ['an id that is none', notification("x' OR 1=1"), 400],
    ['an event of 10,000 letters', notification('x', `payment.${'a'.repeat(10_000)}`), 400],
    ['a body that is too large', JSON.stringify({ text: 'x'.repeat(70_000) }), 413],
  ])('is refused when it is %s', async (_what, body, status) => {
    expect(await call({ body })).toBe(status);
  });
});

describe('the gateway', () => {
  it('answers nothing else', async () => {
    expect(await call({ path: '/', body: '{}' })).toBe(404);
    expect(await call({ verb: 'GET' })).toBe(404);
    expect(await call({ path: '/health', verb: 'GET' })).toBe(404);
    expect(
      await call({ body: 'type=notification', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    ).toBe(415);
  });

  it('says on another port that it lives, and whether the inbox can be reached', async () => {
    const look = async (path: string) => (await fetch(`http://127.0.0.1:${gateway.healthPort}${path}`)).status;
    expect([await look('/health'), await look('/ready'), await look('/yookassa')]).toEqual([200, 200, 404]);
  });

  it('asks for a repetition when the inbox cannot be reached, and says that it is not ready', async () => {
    const away = { query: () => Promise.reject(new Error('away')) };
    const logger = createLogger('gateway', 'silent');
    const lost = await startGateway({
      host: '127.0.0.1',
      port: 0,
      healthPort: 0,
      trusted: ['127.0.0.0/8'],
      database: away,
      logger,
    });
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': THEIRS };
    const init = { method: 'POST', headers, body: notification(randomUUID()) };
    expect((await fetch(`http://127.0.0.1:${lost.port}/yookassa`, init)).status).toBe(503);
    expect((await fetch(`http://127.0.0.1:${lost.healthPort}/ready`)).status).toBe(503);
    await lost.close();
  });
});
