/** The gateway under attack: what strangers, neighbours and forgers try, and what of it is written down. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '#bot-runtime/gateway/gateway.ts';
import { openDatabase, type Queryable } from '#core/postgres/database.ts';
import { createLogger } from '#core/telemetry/logger.ts';
import { openSalesStores, type SalesStores } from '../support/sales-world.ts';

const SENDER = '185.71.76.1';
const logger = createLogger('gateway', 'silent');

let world: SalesStores;
let gateway: Gateway;
let url: string;

beforeAll(async () => {
  world = await openSalesStores();
  gateway = await open(world.asGateway);
  url = addressOf(gateway);
});

afterAll(async () => {
  await gateway?.close();
  await world?.[Symbol.asyncDispose]();
});

async function open(database: Queryable): Promise<Gateway> {
  const ports = { host: '127.0.0.1', port: 0, healthPort: 0 };
  return await startGateway({ ...ports, database, logger, trusted: ['127.0.0.1/32'] });
}

function addressOf({ port }: Gateway): string {
  return `http://127.0.0.1:${port}/yookassa`;
}

function notification(id: string, event = 'payment.succeeded'): string {
  return JSON.stringify({ type: 'notification', event, object: { id, status: 'succeeded' } });
}

async function post(body: string, headers: Record<string, string> = {}, to = url): Promise<Response> {
  return await fetch(to, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-forwarded-for': SENDER, ...headers },
  });
}

async function hints(id: string): Promise<object[]> {
  const { rows } = await world.database.query(
    'SELECT event, seen, host(source) AS source FROM control.payment_hints WHERE object_id = $1 ORDER BY event',
    [id],
  );
  return rows;
}

describe('a notification', () => {
  it('is answered 200 when its hint is in the inbox, however often it comes', async () => {
    const id = randomUUID();
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(notification(id))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await answers[0]?.text()).toBe('');
    await post(notification(id, 'payment.canceled'));
    expect(await hints(id)).toEqual([
      { event: 'payment.canceled', seen: 1, source: SENDER },
      { event: 'payment.succeeded', seen: 5, source: SENDER },
    ]);
  });

  it.each([
    ['from nobody', { 'x-forwarded-for': '' }],
    ['from this machine itself', { 'x-forwarded-for': '127.0.0.1' }],
    ['from a neighbour of the provider', { 'x-forwarded-for': '185.71.76.200' }],
    ['whose sender is only claimed', { 'x-forwarded-for': `${SENDER}, 6.6.6.6` }],
    ['with an invented signature', { 'x-forwarded-for': '6.6.6.6', 'x-yookassa-signature': 'v1 abc' }],
    ['with the shop’s own password', { 'x-forwarded-for': '6.6.6.6', authorization: 'Basic MTAwNTAwOnRlc3Q=' }],
    ['whose sender is claimed by another header', { 'x-forwarded-for': '6.6.6.6', 'x-real-ip': SENDER }],
  ])('%s is refused, and nothing is written down', async (_who, headers) => {
    const id = randomUUID();
    expect((await post(notification(id), headers)).status).toBe(403);
    expect(await hints(id)).toEqual([]);
  });

  it('is taken without any signature or password: the sender is what counts', async () => {
    const id = randomUUID();
    expect((await post(notification(id), { authorization: 'Basic bm9ib2R5Og==' })).status).toBe(200);
    expect(await hints(id)).toHaveLength(1);
  });

  it.each([
    ['no JSON', '{"event":', 400],
    ['nothing', '', 400],
    ['a list', '[]', 400],
    ['no object', '{"event":"payment.succeeded"}', 400],
    ['an id that is a path', notification('../../admin'), 400],
    ['an id that is too long', notification('x'.repeat(65)), 400],
    ['an event of nobody’s making', notification('x', "'; DROP TABLE"), 400],
    ['a body without end', notification('x'.repeat(70_000)), 413],
  ])('that is %s is refused', async (_what, body, status) => {
    expect((await post(body)).status).toBe(status);
  });

  it('is taken as JSON alone', async () => {
    const id = randomUUID();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      expect([400, 415]).toContain((await post(notification(id), { 'content-type': type })).status);
    }
    expect(await hints(id)).toEqual([]);
  });

  it('comes again when the inbox does not answer', async () => {
    const gone = openDatabase({ ...world.facts, port: 1, max: 1, applicationName: 'gone' });
    const lost = await open(gone);
    expect((await post(notification(randomUUID()), {}, addressOf(lost))).status).toBe(503);
    expect((await fetch(`http://127.0.0.1:${lost.healthPort}/ready`)).status).toBe(503);
    await lost.close();
    await gone.close();
  });
});

describe('the gateway', () => {
  it('has one path and one verb, and nothing else', async () => {
    const root = new URL('/', url).href;
    for (const path of ['', 'health', 'webhooks', 'yookassa/', 'keycrm', 'yookassa/x', 'metrics']) {
      expect((await post(notification('x'), {}, `${root}${path}`)).status, path).toBe(404);
    }
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await fetch(url, { method, headers: { 'x-forwarded-for': SENDER } })).status, method).toBe(404);
    }
  });
});
