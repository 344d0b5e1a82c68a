/** The decisions of the sales worker over plain data: what is asked for, when to look again, what a payment comes to. Pure. */
import type { PaymentStatus } from '#shared/state/order-state.ts';
import { type ShopPayment, sumText } from './yookassa.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A key is good for 24 hours; near the end of it nothing new is tried with it. */
export const KEY_MS = 24 * HOUR - 5 * MINUTE;

/** An order that nobody has paid for so long, and that has no open payment, is cancelled. */
export const UNPAID_MS = 25 * HOUR;

/** What lost notifications have left is found within this time. */
export const SWEEP_MS = 25 * HOUR;

/** The facts of an order that a payment is made of. */
export interface PayableOrder {
  readonly id: string;
  readonly number: number;
  readonly amount: number;
  readonly currency: string;
  readonly locale: 'ru' | 'en';
  readonly company: string | null;
  readonly planName: string;
  readonly buyerId: number;
  readonly receiptContact: string | null;
  readonly saveMethod: boolean;
  /** The saved method that pays without anybody. */
  readonly methodId: string | null;
}

/** What the shop is told of receipts. Codes of YooKassa: VAT 1 to 12, tax system 1 to 6. */
export interface ReceiptRules {
  readonly vatCode: number;
  readonly taxSystemCode: number | undefined;
}

/** The body of the request for a payment; stored with it, so that a repetition is the same to the letter. */
export function paymentRequest(
  order: PayableOrder,
  paymentId: string,
  returnUrl: string,
  receipt: ReceiptRules,
): object {
  const amount = { value: sumText(order.amount), currency: order.currency };
  const word = order.locale === 'ru' ? 'Заказ' : 'Order';
  const description = clip(
    `${word} ${order.number}: ${order.planName}${order.company === null ? '' : `, ${order.company}`}`,
    128,
  );
  const confirmation = { type: 'redirect', return_url: returnUrl, locale: order.locale === 'ru' ? 'ru_RU' : 'en_US' };
  return {
    amount,
    capture: true,
    description,
    metadata: { order_id: order.id, payment_id: paymentId },
    merchant_customer_id: String(order.buyerId),
    ...(order.methodId === null
      ? { confirmation, ...(order.saveMethod ? { save_payment_method: true } : {}) }
      : { payment_method_id: order.methodId }),
    ...(order.receiptContact === null ? {} : { receipt: receiptOf(order, amount, receipt) }),
  };
}

function receiptOf(order: PayableOrder, amount: object, { vatCode, taxSystemCode }: ReceiptRules): object {
  const contact = order.receiptContact ?? '';
  return {
    customer: contact.includes('@') ? { email: contact } : { phone: contact },
    items: [
      {
        description: clip(order.planName, 128),
        quantity: '1',
        amount,
        vat_code: vatCode,
        payment_mode: 'full_payment',
        payment_subject: 'service',
      },
    ],
    ...(taxSystemCode === undefined ? {} : { tax_system_code: taxSystemCode }),
  };
}

/** Cuts by characters, not by halves of them. */
function clip(text: string, most: number): string {
  const signs = [...text];
  return signs.length <= most ? text : `${signs.slice(0, most - 1).join('')}…`;
}

/** The facts of our payment that what the shop says is held against. */
export interface OwnPayment {
  readonly id: string;
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
}

/** Whether the shop speaks of this payment: the same sum, the same currency, the same order. */
export function isSamePayment(own: OwnPayment, shop: Pick<ShopPayment, 'amount' | 'currency' | 'metadata'>): boolean {
  const { metadata, amount, currency } = shop;
  const sameOrder = metadata['payment_id'] === own.id && metadata['order_id'] === own.orderId;
  return sameOrder && amount === own.amount && currency === own.currency;
}

/** How long after now a payment is looked at again, though nothing was heard; undefined: never. Milliseconds. */
export function lookAgainIn(status: PaymentStatus, ageMs: number): number | undefined {
  if (status === 'succeeded' || status === 'canceled' || status === 'abandoned') return undefined;
  // Most pay within minutes; who has a link open for an hour may still pay.
  return Math.min(Math.max(5 * SECOND, ageMs / 4), 10 * MINUTE);
}

/** The pause after so many tries in a row that failed. Milliseconds. */
export function pauseAfter(tries: number): number {
  return Math.min(SECOND * 2 ** Math.min(tries, 20), MINUTE);
}

/** The period that an order pays: from now, or right after what is paid already. UTC months; the last day is kept within its month. */
export function periodOf(
  now: Date,
  paidUntil: Date | null,
  months: number,
): { readonly from: Date; readonly until: Date } {
  const from = paidUntil !== null && paidUntil > now ? paidUntil : now;
  const until = new Date(from);
  until.setUTCDate(1);
  until.setUTCMonth(from.getUTCMonth() + months);
  const days = new Date(Date.UTC(until.getUTCFullYear(), until.getUTCMonth() + 1, 0)).getUTCDate();
  until.setUTCDate(Math.min(from.getUTCDate(), days));
  return { from, until };
}

/** Days before the end on which a buyer is reminded. */
const REMINDERS = [7, 3, 1] as const;

/** Which reminder is due: the nearest one only, so that who was away gets one and not three. */
export function dueReminder(now: Date, until: Date): (typeof REMINDERS)[number] | undefined {
  const left = until.getTime() - now.getTime();
  if (left <= 0) return undefined;
  return REMINDERS.filter((days) => left <= days * DAY).at(-1);
}

/** When the order at this place may have its bot; null when nobody can say. `place` from 1. */
export function expectedIn(
  place: number,
  pool: { readonly batch: number; readonly startMs: number; readonly limited: boolean },
): number | null {
  if (pool.limited) return null;
  return Math.ceil(place / Math.max(1, pool.batch)) * pool.startMs;
}
