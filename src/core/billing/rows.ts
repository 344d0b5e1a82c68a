/** Rows of the sales desk's views as plain data. */
import * as z from 'zod';
import {
  type BuyerBot,
  type BuyerRequest,
  buyerBotSchema,
  buyerRequestSchema,
  type Notice,
  noticeSchema,
  type OrderView,
  orderViewSchema,
  type PlanView,
  planViewSchema,
} from '#shared/schemas/sales.ts';

/** `bigint` columns come as strings; ours are all within what a number holds exactly. */
const BIGINTS = new Set(['price', 'number', 'buyerId', 'chatId', 'amount', 'messageId', 'refunded']);

function plain(row: object): Record<string, unknown> {
  const entries = Object.entries(row).map(([name, value]): [string, unknown] => {
    const key = name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
    return [key, BIGINTS.has(key) && typeof value === 'string' ? Number(value) : value];
  });
  return Object.fromEntries(entries);
}

/** A row of `desk_plans`. */
export function planOf(row: object): PlanView {
  return planViewSchema.parse(plain(row));
}

/** A row of `desk_orders`. */
export function orderOf(row: object): OrderView {
  return orderViewSchema.parse(plain(row));
}

/** A row of `desk_bots`. */
export function botOf(row: object): BuyerBot {
  const values = plain(row);
  return buyerBotSchema.parse({ ...values, autoRenew: values['autoRenew'] ?? false });
}

/** A row of `desk_requests`. */
export function requestOf(row: object): BuyerRequest {
  return buyerRequestSchema.parse(plain(row));
}

/** A row of `desk_claim_notices`. */
export function noticeOf(row: object): Notice {
  return noticeSchema.parse(plain(row));
}

/** What a function of the desk answers: `ok`, a code, or an id. */
export const answerSchema = z.object({ answer: z.string() });
