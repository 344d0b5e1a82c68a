/** What the sales desk, the API and the bots say of plans, orders and bots of buyers. Nothing secret is in it. */
import * as z from 'zod';
import { BUYER_ACTIONS, ORDER_PURPOSES, ORDER_STATES, PAYMENT_STATUSES } from '../state/order-state.ts';
import { LOCALES } from './tenant.ts';

/** What can be bought. `price` in the hundredth part of the currency. */
export const planViewSchema = z.object({
  id: z.string(),
  nameRu: z.string(),
  nameEn: z.string(),
  price: z.number().int(),
  currency: z.string(),
  months: z.number().int(),
  kinds: z.array(z.string()),
  limits: z.record(z.string(), z.unknown()),
  position: z.number().int(),
  /** False: it is not sold any more. */
  active: z.boolean().default(true),
});

/** See {@link planViewSchema}. */
export type PlanView = z.infer<typeof planViewSchema>;

/** An order as its buyer and the operator may see it. */
export const orderViewSchema = z.object({
  id: z.string(),
  number: z.number().int(),
  purpose: z.enum(ORDER_PURPOSES),
  state: z.enum(ORDER_STATES),
  /** Why it is where it is: a code of the error table, or a word such as `buyer`, `expired`, `pool_empty`. */
  reason: z.string().nullable(),
  buyerId: z.number().int(),
  chatId: z.number().int(),
  buyerName: z.string().nullable(),
  locale: z.enum(LOCALES),
  kind: z.string(),
  company: z.string().nullable(),
  timeZone: z.string(),
  planId: z.string().nullable(),
  /** As agreed; null before the buyer has asked to pay. */
  amount: z.number().int().nullable(),
  currency: z.string().nullable(),
  months: z.number().int().nullable(),
  receiptContact: z.string().nullable(),
  saveMethod: z.boolean(),
  /** Paid from a saved method, without anybody pressing anything. */
  automatic: z.boolean(),
  clientId: z.string().nullable(),
  hasToken: z.boolean(),
  botUsername: z.string().nullable(),
  managed: z.boolean(),
  /** Place among the orders that wait for a bot, from 1; null when it does not wait. */
  place: z.number().int().nullable(),
  /** When a bot is expected for it; null when nobody can say. */
  expectedAt: z.date().nullable(),
  messageId: z.number().int().nullable(),
  revision: z.number().int(),
  createdAt: z.date(),
  updatedAt: z.date(),
  askedAt: z.date().nullable(),
  paidAt: z.date().nullable(),
  activeAt: z.date().nullable(),
  /** Of the newest payment. */
  paymentStatus: z.enum(PAYMENT_STATUSES).nullable(),
  /** Why the newest payment was cancelled, as YooKassa names it. */
  paymentReason: z.string().nullable(),
  /** Where to pay; null when there is nothing to pay now, or the link is being made. */
  confirmationUrl: z.string().nullable(),
  refunded: z.number().int(),
});

/** See {@link orderViewSchema}. */
export type OrderView = z.infer<typeof orderViewSchema>;

/** One attempt to have an order paid. Sums in the hundredth part of the currency. */
export const paymentViewSchema = z.object({
  id: z.string(),
  /** As YooKassa knows it; null before it has answered. */
  providerId: z.string().nullable(),
  status: z.enum(PAYMENT_STATUSES),
  amount: z.number().int(),
  currency: z.string(),
  automatic: z.boolean(),
  /** What a success came to: it paid, it was one too many, or it was not what was agreed. */
  effect: z.enum(['paid', 'surplus', 'mismatch']).nullable(),
  cancelReason: z.string().nullable(),
  refunded: z.number().int(),
  createdAt: z.date(),
});

/** Money that goes back. */
export const refundViewSchema = z.object({
  id: z.string(),
  providerId: z.string().nullable(),
  status: z.enum(['creating', 'pending', 'succeeded', 'canceled']),
  amount: z.number().int(),
  currency: z.string(),
  reason: z.string(),
  actor: z.string(),
  cancelReason: z.string().nullable(),
  createdAt: z.date(),
});

/** An order with its payments and refunds, oldest first. */
export const orderDetailsSchema = z.object({
  order: orderViewSchema,
  payments: z.array(paymentViewSchema),
  refunds: z.array(refundViewSchema),
});

/** See {@link orderDetailsSchema}. */
export type OrderDetails = z.infer<typeof orderDetailsSchema>;

/** A plan to make, or what to change of it. `price` in the hundredth part of a rouble: a card pays 1 to 350,000. */
export const planChangeSchema = z.object({
  id: z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'expected a small letter, then small letters, digits and _'),
  nameRu: z.string().min(1).max(60).optional(),
  nameEn: z.string().min(1).max(60).optional(),
  price: z.number().int().min(100).max(35_000_000).optional(),
  months: z.number().int().min(1).max(36).optional(),
  position: z.number().int().min(0).max(10_000).optional(),
  active: z.boolean().optional(),
});

/** See {@link planChangeSchema}. */
export type PlanChange = z.infer<typeof planChangeSchema>;

/** A bot of a buyer. */
export const buyerBotSchema = z.object({
  clientId: z.string(),
  buyerId: z.number().int(),
  company: z.string(),
  kind: z.string(),
  locale: z.enum(LOCALES),
  timeZone: z.string(),
  /** What is wanted of it. */
  state: z.enum(['active', 'suspended']),
  botUsername: z.string().nullable(),
  serving: z.boolean(),
  queued: z.boolean(),
  createdAt: z.date(),
  planId: z.string().nullable(),
  paidUntil: z.date().nullable(),
  /** Until then it serves without having been paid. */
  graceUntil: z.date().nullable(),
  autoRenew: z.boolean(),
  /** How a person recognises the saved method; null when there is none. */
  methodTitle: z.string().nullable(),
});

/** See {@link buyerBotSchema}. */
export type BuyerBot = z.infer<typeof buyerBotSchema>;

/** What a buyer has asked for about a bot. */
export const buyerRequestSchema = z.object({
  id: z.string(),
  clientId: z.string(),
  buyerId: z.number().int(),
  chatId: z.number().int(),
  action: z.enum(BUYER_ACTIONS),
  state: z.enum(['open', 'done', 'failed']),
  /** Of a failed one: a code of the error table. */
  outcome: z.string().nullable(),
  /** Of an export: the file, JSON. */
  result: z.instanceof(Uint8Array).nullable(),
  createdAt: z.date(),
  doneAt: z.date().nullable(),
});

/** See {@link buyerRequestSchema}. */
export type BuyerRequest = z.infer<typeof buyerRequestSchema>;

/**
 * What a buyer is to be told without having asked.
 * `reminder`: the paid period ends in `data.days` days. `grace`: it has ended, the bot serves until `data.until`.
 * `suspended`: the grace has ended. `renewed`: a saved method has paid; `renewal_failed`: it could not (`data.reason`).
 * `refunded`: money went back (`data.amount`, `data.currency`, `data.reason`).
 * `paid_twice`: a second payment of an order goes back. `paid_cancelled`: a cancelled order was paid, and it goes back.
 */
export const NOTICE_KINDS = [
  'reminder',
  'grace',
  'suspended',
  'renewed',
  'extended',
  'renewal_failed',
  'refunded',
  'paid_twice',
  'paid_cancelled',
] as const;

/** One notice to send. */
export const noticeSchema = z.object({
  id: z.string(),
  buyerId: z.number().int(),
  chatId: z.number().int(),
  kind: z.enum(NOTICE_KINDS),
  orderId: z.string().nullable(),
  clientId: z.string().nullable(),
  data: z.record(z.string(), z.union([z.string(), z.number()])),
  /** How often it has been given out, this time included. */
  tries: z.number().int(),
});

/** See {@link noticeSchema}. */
export type Notice = z.infer<typeof noticeSchema>;

/** Channels of PostgreSQL's NOTIFY that speak of sales. */
export const SALES_CHANNELS = {
  /** `{"id","buyer","state","revision"}` after each change of an order. */
  orders: 'sales_orders',
  /** The id of a notice that has been written down; it may be due later. */
  notices: 'sales_notices',
  /** `{"id","buyer","state"}` after each change of a buyer's request. */
  requests: 'sales_requests',
  /** The provider's id of what a hint is about. */
  hints: 'payment_hints',
} as const;

/** The payload of the channel `sales_orders`. */
export const orderSignalSchema = z.object({
  id: z.string(),
  buyer: z.number().int(),
  state: z.enum(ORDER_STATES),
  revision: z.number().int(),
});
