/** The simulated YooKassa over HTTP: the API below `/yookassa/v3`, and the page where buyers pay. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../telegram/http/body.ts';
import { Idempotence } from './idempotence.ts';
import { readNewPayment, readNewRefund, refundObject } from './objects.ts';
import { answerPage } from './page.ts';
import type { Shop } from './shop.ts';
import { ShopError } from './shop-error.ts';

const API = '/yookassa/v3';
const LARGEST_BODY = 256 * 1024;

/** One call, as far as its route needs it. */
interface ShopCall {
  readonly id: string;
  readonly body: unknown;
  readonly text: string;
  readonly query: URLSearchParams;
  readonly key: string | undefined;
}

type ShopRoute = (shop: Shop, call: ShopCall) => object;

const ROUTES: Readonly<Record<string, ShopRoute>> = {
  'POST /payments': (shop, call) => createPayment(shop, call),
  'GET /payments': (shop, { query }) => listPayments(shop, query),
  'GET /payments/:id': (shop, { id }) => shop.show(shop.payment(id)),
  'POST /payments/:id/capture': (shop, { id, key }) => {
    Idempotence.read(key);
    const payment = shop.payment(id);
    if (payment.status !== 'succeeded') shop.capture(payment);
    return shop.show(payment);
  },
  'POST /payments/:id/cancel': (shop, { id, key }) => {
    Idempotence.read(key);
    const payment = shop.payment(id);
    if (payment.status !== 'canceled') shop.cancel(payment);
    return shop.show(payment);
  },
  'POST /refunds': (shop, call) => createRefund(shop, call),
  'GET /refunds/:id': (shop, { id }) => refundObject(shop.refund(id)),
  'GET /me': ({ settings }) => ({
    account_id: settings.shopId,
    status: 'enabled',
    test: true,
    fiscalization_enabled: false,
    payment_methods: ['bank_card', 'yoo_money'],
  }),
};

/** See the file's head. */
export class YooKassaFace {
  readonly #shop: Shop;

  constructor(shop: Shop) {
    this.#shop = shop;
  }

  /** Serves one request. Never fails. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    try {
      if (url.pathname.startsWith(`${API}/`)) await this.#call(request, response, url);
      else await answerPage(this.#shop, request, response, url);
    } catch (error) {
      answer(response, 500, errorBody(new ShopError('internal_server_error', shortOf(error))));
    }
  }

  async #call(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const shop = this.#shop;
    const { settings } = shop;
    shop.calls += 1;
    if (settings.unreachable) {
      request.socket.destroy();
      return;
    }
    const text = (await readBody(request, LARGEST_BODY)).toString('utf8');
    await pause(settings.latencyMs);
    const { status, body } = this.#serve(request, url, text);
    if (status === 200 && settings.lostAnswerRate > 0 && shop.random() < settings.lostAnswerRate) {
      // It is done, and the caller will never hear of it.
      shop.answersLost += 1;
      request.socket.destroy();
      return;
    }
    answer(response, status, body);
  }

  #serve(request: IncomingMessage, url: URL, text: string): { readonly status: number; readonly body: object } {
    try {
      const shop = this.#shop;
      this.#authorize(request.headers.authorization);
      if (shop.settings.errorRate > 0 && shop.random() < shop.settings.errorRate) {
        throw new ShopError('internal_server_error', 'Internal error. Try again.');
      }
      const path = url.pathname.slice(API.length);
      const [, collection = '', id = '', act] = path.split('/');
      const pattern = `/${collection}${id === '' ? '' : '/:id'}${act === undefined ? '' : `/${act}`}`;
      const route = ROUTES[`${request.method} ${pattern}`];
      if (route === undefined) throw new ShopError('not_found', `There is no ${request.method} ${path}.`);
      const header = request.headers['idempotence-key'];
      const key = Array.isArray(header) ? header[0] : header;
      const call = { id, query: url.searchParams, text: `${path} ${text}`, body: parse(text), key };
      return { status: 200, body: route(shop, call) };
    } catch (error) {
      if (!(error instanceof ShopError)) throw error;
      return { status: error.status, body: errorBody(error) };
    }
  }

  #authorize(header = ''): void {
    const { shopId, secretKey } = this.#shop.settings;
    const expected = `Basic ${Buffer.from(`${shopId}:${secretKey}`).toString('base64')}`;
    if (header !== expected) throw new ShopError('invalid_credentials', 'Authentication by shopId and key failed.');
  }
}

function createPayment(shop: Shop, call: ShopCall): object {
  const key = Idempotence.read(call.key);
  const known = shop.keys.find(key, call.text, shop.settings.otherBody);
  if (known !== undefined) return shop.show(shop.payment(known));
  const payment = shop.create(readNewPayment(call.body));
  shop.keys.keep(key, call.text, payment.id);
  return shop.show(payment);
}

function createRefund(shop: Shop, call: ShopCall): object {
  const key = Idempotence.read(call.key);
  const known = shop.keys.find(key, call.text, shop.settings.otherBody);
  if (known !== undefined) return refundObject(shop.refund(known));
  const refund = shop.giveBack(readNewRefund(call.body));
  shop.keys.keep(key, call.text, refund.id);
  return refundObject(refund);
}

function listPayments(shop: Shop, query: URLSearchParams): object {
  const limit = Math.min(100, Math.max(1, Number(query.get('limit') ?? 10) || 10));
  const from = Date.parse(query.get('created_at.gte') ?? '') || 0;
  const status = query.get('status');
  const newest = shop
    .list()
    .filter((payment) => payment.createdAt >= from && (status === null || payment.status === status))
    .toReversed();
  const start = query.get('cursor') === null ? 0 : newest.findIndex(({ id }) => id === query.get('cursor'));
  const items = newest.slice(Math.max(0, start), Math.max(0, start) + limit);
  const next = newest[Math.max(0, start) + limit];
  return {
    type: 'list',
    items: items.map((payment) => shop.show(payment)),
    ...(next === undefined ? {} : { next_cursor: next.id }),
  };
}

function parse(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ShopError('invalid_request', 'The body is not JSON.');
  }
}

function errorBody({ code, message, parameter }: ShopError): object {
  const about = parameter === undefined ? {} : { parameter };
  return { type: 'error', id: randomUUID(), code, description: message, ...about };
}

function answer(response: ServerResponse, status: number, body: object): void {
  if (response.destroyed || response.writableEnded) return;
  const json = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) });
  response.end(json);
}

function shortOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown error';
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}
