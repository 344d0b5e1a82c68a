/**
 * The client of YooKassa's API v3. Each call is one request: whoever repeats it brings the same key. What came of a call
 * without an answer is unknown, and said so. Source of the rules: YooKassa's developer documentation.
 */
import * as z from 'zod';
import { BotpoolError } from '#shared/errors/botpool-error.ts';

/** Where the shop is, and how it proves who it is. */
export interface YooKassaOptions {
  /** Such as `https://api.yookassa.ru/v3`. */
  readonly apiRoot: string;
  readonly shopId: string;
  readonly secretKey: string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

const sumSchema = z.object({
  value: z.string().regex(/^\d+(\.\d{1,2})?$/),
  currency: z.string(),
});

const paymentSchema = z.object({
  id: z.string().min(1).max(64),
  status: z.enum(['pending', 'waiting_for_capture', 'succeeded', 'canceled']),
  amount: sumSchema,
  created_at: z.string(),
  confirmation: z.object({ confirmation_url: z.string().optional() }).optional(),
  payment_method: z
    .object({ id: z.string(), saved: z.boolean().default(false), title: z.string().optional() })
    .optional(),
  cancellation_details: z.object({ party: z.string().optional(), reason: z.string().optional() }).optional(),
  refunded_amount: sumSchema.optional(),
  metadata: z.record(z.string(), z.string()).default({}),
  test: z.boolean().optional(),
});

const refundSchema = z.object({
  id: z.string().min(1).max(64),
  payment_id: z.string(),
  // A status that is new to us must not stop the money: it is looked at again.
  status: z.enum(['pending', 'succeeded', 'canceled']).catch('pending'),
  amount: sumSchema,
  cancellation_details: z.object({ reason: z.string().optional() }).optional(),
});

const listSchema = z.object({ items: z.array(z.unknown()), next_cursor: z.string().optional() });
const errorSchema = z.object({
  code: z.string(),
  description: z.string().optional(),
  parameter: z.string().optional(),
});

/** A payment as YooKassa has it. Sums in the hundredth part of the currency. */
export interface ShopPayment {
  readonly id: string;
  readonly status: z.infer<typeof paymentSchema>['status'];
  readonly amount: number;
  readonly currency: string;
  readonly refunded: number;
  readonly confirmationUrl: string | undefined;
  /** The method, when it may be charged again. */
  readonly savedMethod: { readonly id: string; readonly title: string | undefined } | undefined;
  readonly cancelReason: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  /** For the books: without what is nobody's business. */
  readonly raw: object;
}

/** A refund as YooKassa has it. */
export interface ShopRefund {
  readonly id: string;
  readonly paymentId: string;
  readonly status: 'pending' | 'succeeded' | 'canceled';
  readonly amount: number;
  readonly currency: string;
  readonly cancelReason: string | undefined;
}

/**
 * The API. Failures: `yookassa_unreachable` when the outcome is unknown or a later try may help, `yookassa_refused` when
 * the request itself was refused.
 */
export interface YooKassa {
  createPayment(body: object, key: string): Promise<ShopPayment>;
  /** Undefined when the shop has no such payment. */
  getPayment(id: string): Promise<ShopPayment | undefined>;
  /** The shop's payments of this time, one page after the other. */
  listPayments(since: Date): AsyncIterable<ShopPayment>;
  createRefund(body: object, key: string): Promise<ShopRefund>;
  getRefund(id: string): Promise<ShopRefund | undefined>;
}

/** The API answers within 30 s, or with 500. */
const ANSWER_MS = 35_000;
const PAGE = 100;

/** Makes a client. */
export function createYooKassa(options: YooKassaOptions): YooKassa {
  const call = (verb: 'GET' | 'POST', path: string, more: { body?: object; key?: string } = {}) =>
    ask(options, verb, path, more);
  return {
    createPayment: async (body, key) => paymentOf(await call('POST', '/payments', { body, key })),
    async getPayment(id) {
      const answer = await call('GET', `/payments/${encodeURIComponent(id)}`);
      return answer === undefined ? undefined : paymentOf(answer);
    },
    async *listPayments(since) {
      for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
        const query = new URLSearchParams({ 'created_at.gte': since.toISOString(), limit: String(PAGE) });
        if (cursor !== undefined) query.set('cursor', cursor);
        const page = listSchema.parse(await call('GET', `/payments?${query}`));
        for (const item of page.items) yield paymentOf(item);
        cursor = page.next_cursor;
      }
    },
    createRefund: async (body, key) => refundOf(await call('POST', '/refunds', { body, key })),
    async getRefund(id) {
      const answer = await call('GET', `/refunds/${encodeURIComponent(id)}`);
      return answer === undefined ? undefined : refundOf(answer);
    },
  };
}

/** Where no shop is named: everything is refused with a word about what is missing. */
export function noShop(): YooKassa {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new BotpoolError('yookassa_refused', { detail: 'YOOKASSA_SHOP_ID and YOOKASSA_SECRET_KEY are not set' }),
    );
  return {
    createPayment: refuse,
    getPayment: refuse,
    async *listPayments() {},
    createRefund: refuse,
    getRefund: refuse,
  };
}

/** One request. Undefined: there is no such object. */
async function ask(
  { apiRoot, shopId, secretKey, fetch }: YooKassaOptions,
  verb: 'GET' | 'POST',
  path: string,
  { body, key }: { readonly body?: object; readonly key?: string },
): Promise<unknown> {
  let response: Response;
  let json: unknown;
  try {
    response = await fetch(`${apiRoot}${path}`, {
      method: verb,
      headers: {
        authorization: `Basic ${Buffer.from(`${shopId}:${secretKey}`).toString('base64')}`,
        ...(key === undefined ? {} : { 'idempotence-key': key }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    json = await response.json();
  } catch (error) {
    throw new BotpoolError('yookassa_unreachable', { detail: shortOf(error) }, { cause: error });
  }
  if (response.status === 200) return json;
  if (response.status === 404 && verb === 'GET') return undefined;
  throw refusal(response.status, json);
}

/** 202, 429 and 5xx say nothing of what came of it, or ask for another try; the rest is a refusal. */
function refusal(status: number, json: unknown): BotpoolError {
  const { code = '', description = '', parameter = '' } = errorSchema.safeParse(json).data ?? {};
  const detail = [String(status), code, parameter, description]
    .filter((part) => part !== '')
    .join(' ')
    .slice(0, 300);
  const again = status === 202 || status === 429 || status >= 500;
  return new BotpoolError(again ? 'yookassa_unreachable' : 'yookassa_refused', { detail });
}

function paymentOf(answer: unknown): ShopPayment {
  const parsed = paymentSchema.safeParse(answer);
  if (!parsed.success) throw notUnderstood(parsed.error);
  const { id, status, amount, confirmation, payment_method: method, metadata } = parsed.data;
  const refunded = parsed.data.refunded_amount;
  return {
    id,
    status,
    amount: kopecks(amount.value),
    currency: amount.currency,
    refunded: refunded === undefined ? 0 : kopecks(refunded.value),
    confirmationUrl: confirmation?.confirmation_url,
    savedMethod: method?.saved === true ? { id: method.id, title: method.title } : undefined,
    cancelReason: parsed.data.cancellation_details?.reason,
    metadata,
    createdAt: new Date(parsed.data.created_at),
    raw: parsed.data,
  };
}

function refundOf(answer: unknown): ShopRefund {
  const parsed = refundSchema.safeParse(answer);
  if (!parsed.success) throw notUnderstood(parsed.error);
  const { id, payment_id: paymentId, status, amount, cancellation_details: why } = parsed.data;
  return { id, paymentId, status, amount: kopecks(amount.value), currency: amount.currency, cancelReason: why?.reason };
}

function notUnderstood(error: z.ZodError): BotpoolError {
  const detail = `an answer that is not understood: ${z.prettifyError(error).slice(0, 200)}`;
  return new BotpoolError('yookassa_unreachable', { detail }, { cause: error });
}

/** `990.00` as 99000, without the rounding of binary fractions. */
export function kopecks(value: string): number {
  const [whole = '0', part = ''] = value.split('.');
  return Number(whole) * 100 + Number(part.padEnd(2, '0'));
}

/** 99000 as `990.00`. */
export function sumText(amount: number): string {
  return `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`;
}

function shortOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const cause: unknown = error.cause;
  return cause instanceof Error ? cause.message : error.message;
}
