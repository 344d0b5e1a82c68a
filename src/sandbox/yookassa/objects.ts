/** Payments, refunds and saved methods: what a request for one may say, and what an object looks like. */
import * as z from 'zod';
import { ShopError } from './shop-error.ts';

/** A sum as YooKassa writes it: `{"value":"990.00","currency":"RUB"}`. */
export interface Sum {
  readonly value: string;
  readonly currency: string;
}

const sumSchema = z.object({
  value: z.string().regex(/^\d{1,9}(\.\d{1,2})?$/, 'must be a number with up to two decimals'),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be three capital letters'),
});

const receiptSchema = z.looseObject({
  customer: z
    .looseObject({ email: z.string().optional(), phone: z.string().optional() })
    .refine(({ email, phone }) => email !== undefined || phone !== undefined, 'email or phone must be given'),
  items: z
    .array(
      z.looseObject({
        description: z.string().min(1).max(128),
        quantity: z.coerce.number().positive().max(99_999.999),
        amount: sumSchema,
        vat_code: z.int().min(1).max(12),
      }),
    )
    .min(1),
});

const newPaymentSchema = z.looseObject({
  amount: sumSchema,
  capture: z.boolean().default(false),
  confirmation: z
    .looseObject({ type: z.literal('redirect'), return_url: z.url().max(2_048), locale: z.string().optional() })
    .optional(),
  payment_method_id: z.string().optional(),
  save_payment_method: z.boolean().optional(),
  description: z.string().max(128).optional(),
  metadata: z
    .record(z.string().max(32), z.string().max(512))
    .refine((value) => Object.keys(value).length <= 16, 'at most 16 keys')
    .default({}),
  merchant_customer_id: z.string().max(200).optional(),
  receipt: receiptSchema.optional(),
});

/** A request for a payment, checked. */
export type NewPayment = z.output<typeof newPaymentSchema>;

const newRefundSchema = z.looseObject({
  payment_id: z.string(),
  amount: sumSchema,
  description: z.string().max(250).optional(),
  metadata: z.record(z.string(), z.string()).default({}),
  receipt: receiptSchema.optional(),
});

/** A request for a refund, checked. */
export type NewRefund = z.output<typeof newRefundSchema>;

/** A payment of the shop. */
export interface Payment {
  readonly id: string;
  status: 'pending' | 'waiting_for_capture' | 'succeeded' | 'canceled';
  readonly amount: number;
  readonly currency: string;
  readonly capture: boolean;
  readonly createdAt: number;
  readonly description: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly returnUrl: string | undefined;
  readonly locale: string | undefined;
  readonly wantsSaving: boolean;
  readonly customerId: string | undefined;
  readonly hasReceipt: boolean;
  /** The saved method that is charged; it needs nobody. */
  readonly chargedMethod: string | undefined;
  refunded: number;
  capturedAt: number | undefined;
  expiresAt: number | undefined;
  cancellation: { readonly party: string; readonly reason: string } | undefined;
  card: string | undefined;
  saved: boolean;
}

/** A refund of the shop. */
export interface Refund {
  readonly id: string;
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
  readonly createdAt: number;
  readonly description: string | undefined;
}

/** `990.00` as 99000. */
export function kopecks({ value }: Sum): number {
  return Math.round(Number(value) * 100);
}

/** 99000 as `990.00`. */
export function sumOf(amount: number, currency: string): Sum {
  return { value: (amount / 100).toFixed(2), currency };
}

/** Checks a request for a payment. Throws `invalid_request`. */
export function readNewPayment(body: unknown): NewPayment {
  const request = read(newPaymentSchema, body);
  const amount = kopecks(request.amount);
  if (amount < 100) throw new ShopError('invalid_request', 'The amount is below the least sum.', 'amount');
  if (amount > 35_000_000) throw new ShopError('invalid_request', 'The amount is above the limit.', 'amount');
  if (request.receipt !== undefined) checkReceipt(request.receipt, amount);
  return request;
}

/** Checks a request for a refund. Throws `invalid_request`. */
export function readNewRefund(body: unknown): NewRefund {
  const request = read(newRefundSchema, body);
  if (request.receipt !== undefined) checkReceipt(request.receipt, kopecks(request.amount));
  return request;
}

function checkReceipt({ items }: z.output<typeof receiptSchema>, amount: number): void {
  const total = items.reduce((sum, item) => sum + kopecks(item.amount) * item.quantity, 0);
  if (Math.round(total) === amount) return;
  throw new ShopError('invalid_request', 'The receipt’s items do not add up to the amount.', 'receipt.items');
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ShopError('invalid_request', issue?.message ?? 'Invalid request.', issue?.path.map(String).join('.'));
}

/** A payment as the API shows it. */
export function paymentObject(payment: Payment, shopId: string, pageUrl: string): object {
  const { id, status, amount, currency, cancellation, card, chargedMethod } = payment;
  const succeeded = status === 'succeeded';
  const open = status === 'pending' && payment.returnUrl !== undefined;
  return {
    id,
    status,
    paid: succeeded || status === 'waiting_for_capture',
    amount: sumOf(amount, currency),
    ...(succeeded ? { income_amount: sumOf(Math.round(amount * 0.965), currency) } : {}),
    ...(payment.description === undefined ? {} : { description: payment.description }),
    recipient: { account_id: shopId, gateway_id: '100700' },
    ...(card === undefined ? {} : { payment_method: methodObject(payment, chargedMethod ?? id, card) }),
    ...(payment.capturedAt === undefined ? {} : { captured_at: iso(payment.capturedAt) }),
    created_at: iso(payment.createdAt),
    ...(status === 'waiting_for_capture' && payment.expiresAt !== undefined
      ? { expires_at: iso(payment.expiresAt) }
      : {}),
    ...(open ? { confirmation: { type: 'redirect', return_url: payment.returnUrl, confirmation_url: pageUrl } } : {}),
    test: true,
    ...(succeeded ? { refunded_amount: sumOf(payment.refunded, currency) } : {}),
    refundable: succeeded && payment.refunded < amount,
    ...(payment.hasReceipt && succeeded ? { receipt_registration: 'succeeded' } : {}),
    metadata: payment.metadata,
    ...(cancellation === undefined ? {} : { cancellation_details: cancellation }),
    ...(payment.customerId === undefined ? {} : { merchant_customer_id: payment.customerId }),
  };
}

function methodObject({ saved }: Payment, id: string, card: string): object {
  const last4 = card.slice(-4);
  return {
    type: 'bank_card',
    id,
    saved,
    status: saved ? 'active' : 'inactive',
    title: `Bank card *${last4}`,
    card: {
      first6: card.slice(0, 6),
      last4,
      expiry_month: '12',
      expiry_year: '2030',
      card_type: card.startsWith('4') ? 'Visa' : card.startsWith('2') ? 'Mir' : 'MasterCard',
    },
  };
}

/** A refund as the API shows it. */
export function refundObject(refund: Refund): object {
  return {
    id: refund.id,
    payment_id: refund.paymentId,
    status: 'succeeded',
    amount: sumOf(refund.amount, refund.currency),
    created_at: iso(refund.createdAt),
    ...(refund.description === undefined ? {} : { description: refund.description }),
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
