/** One shop at the simulated YooKassa: its payments, refunds and saved methods, and what payers do. */
import { randomUUID } from 'node:crypto';
import { SANDBOX_SHOP, type ShopPatch, type ShopRecord, type ShopSettings } from '#shared/schemas/sandbox-shop.ts';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { FetchLike } from '../telegram/webhooks.ts';
import { outcomeOfCard } from './cards.ts';
import { Idempotence, type IdempotenceEntry } from './idempotence.ts';
import { Notifier } from './notifier.ts';
import {
  kopecks,
  type NewPayment,
  type NewRefund,
  type Payment,
  paymentObject,
  type Refund,
  refundObject,
} from './objects.ts';
import { ShopError } from './shop-error.ts';

/** What a shop takes from outside. */
export interface ShopParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: FetchLike;
  /** Told when something worth saving has changed. */
  readonly changed: () => void;
}

/** Everything of a shop that outlasts its process. */
export interface ShopState {
  readonly settings: ShopSettings;
  readonly payments: readonly Payment[];
  readonly refunds: readonly Refund[];
  /** Method by its id: the card, and whether its owner still agrees. */
  readonly methods: readonly (readonly [string, SavedMethod])[];
  readonly keys: readonly (readonly [string, IdempotenceEntry])[];
}

interface SavedMethod {
  readonly card: string;
  revoked: boolean;
}

/** The shop that `npm start` sells through. */
export const DEFAULT_SHOP: ShopSettings = {
  ...SANDBOX_SHOP,
  notificationUrl: '',
  notificationSource: '185.71.76.1',
  latencyMs: 0,
  errorRate: 0,
  lostAnswerRate: 0,
  unreachable: false,
  loseRate: 0,
  duplicates: 0,
  lateMs: 0,
  autopayments: true,
  otherBody: 'refuse',
};

/** Time to pay by card. */
const PAY_WITHIN_MS = 3_600_000;
const HOLD_MS = 7 * 24 * 3_600_000;

/** See the file's head. */
export class Shop {
  readonly notifier: Notifier;
  readonly keys: Idempotence;
  settings: ShopSettings = DEFAULT_SHOP;
  calls = 0;
  answersLost = 0;
  /** Where the payment pages are, such as `http://127.0.0.1:8081`. */
  pageRoot = '';
  readonly #parts: ShopParts;
  readonly #payments = new Map<string, Payment>();
  readonly #refunds = new Map<string, Refund>();
  readonly #methods = new Map<string, SavedMethod>();
  readonly #timers = new Map<string, () => void>();

  constructor(parts: ShopParts) {
    this.#parts = parts;
    const { clock, random, fetch } = parts;
    this.notifier = new Notifier({ clock, random, fetch, settings: () => this.settings });
    this.keys = new Idempotence(clock);
  }

  get random(): Random {
    return this.#parts.random;
  }

  configure(patch: ShopPatch): void {
    const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    this.settings = { ...this.settings, ...given };
    this.#parts.changed();
  }

  list(): readonly Payment[] {
    return [...this.#payments.values()];
  }

  payment(id: string): Payment {
    const payment = this.#payments.get(id);
    if (payment === undefined)
      throw new ShopError('not_found', 'Payment doesn’t exist or access is denied.', 'payment_id');
    return payment;
  }

  refund(id: string): Refund {
    const refund = this.#refunds.get(id);
    if (refund === undefined)
      throw new ShopError('not_found', 'Refund doesn’t exist or access is denied.', 'refund_id');
    return refund;
  }

  pageOf({ id }: Payment): string {
    return `${this.pageRoot}/yookassa/pay?orderId=${id}`;
  }

  /** A payment as the API shows it now. */
  show(payment: Payment): object {
    return paymentObject(payment, this.settings.shopId, this.pageOf(payment));
  }

  create(request: NewPayment): Payment {
    const method = request.payment_method_id;
    if (method === undefined && request.confirmation === undefined) {
      throw new ShopError('invalid_request', 'The way to confirm the payment is missing.', 'confirmation');
    }
    if (method !== undefined && !this.settings.autopayments) {
      throw new ShopError('forbidden', 'The shop may not charge saved methods.', 'payment_method_id');
    }
    const now = this.#parts.clock.now();
    const payment: Payment = {
      id: newId(),
      status: 'pending',
      amount: kopecks(request.amount),
      currency: request.amount.currency,
      capture: request.capture,
      createdAt: now,
      description: request.description,
      metadata: request.metadata,
      returnUrl: method === undefined ? request.confirmation?.return_url : undefined,
      locale: request.confirmation?.locale,
      wantsSaving: request.save_payment_method ?? false,
      customerId: request.merchant_customer_id,
      hasReceipt: request.receipt !== undefined,
      chargedMethod: method,
      refunded: 0,
      capturedAt: undefined,
      expiresAt: now + PAY_WITHIN_MS,
      cancellation: undefined,
      card: undefined,
      saved: false,
    };
    this.#payments.set(payment.id, payment);
    if (method === undefined) this.#expireLater(payment);
    else this.#charge(payment, method);
    this.#parts.changed();
    return payment;
  }

  /** The payer's card is tried. Returns `asks` when the bank wants a code first. */
  pay(payment: Payment, card: string, codeGiven: boolean | undefined): 'done' | 'asks' {
    this.#assertOpen(payment);
    const outcome = outcomeOfCard(card);
    if (outcome === undefined) throw new ShopError('invalid_request', 'A card has 16 to 19 digits.', 'card');
    payment.card = card;
    if (outcome.kind === 'declines') this.#cancel(payment, outcome.party, outcome.reason);
    else if (outcome.asks && codeGiven === undefined) return 'asks';
    else if (outcome.asks && codeGiven === false) this.#cancel(payment, 'payment_network', '3d_secure_failed');
    else this.#succeed(payment);
    return 'done';
  }

  /** The bank says no. */
  decline(payment: Payment): void {
    this.#assertOpen(payment);
    this.#cancel(payment, 'payment_network', 'general_decline');
  }

  /** Nobody has paid in time. */
  expire(payment: Payment): void {
    if (payment.status === 'pending') this.#cancel(payment, 'yoo_money', 'expired_on_confirmation');
  }

  capture(payment: Payment): void {
    if (payment.status !== 'waiting_for_capture') {
      throw new ShopError('invalid_request', 'The payment does not wait for capture.', 'payment_id');
    }
    this.#settle(payment);
  }

  cancel(payment: Payment): void {
    if (payment.status !== 'waiting_for_capture') {
      throw new ShopError('invalid_request', 'The payment does not wait for capture.', 'payment_id');
    }
    this.#cancel(payment, 'merchant', 'canceled_by_merchant');
  }

  giveBack(request: NewRefund): Refund {
    const payment = this.payment(request.payment_id);
    const amount = kopecks(request.amount);
    if (payment.status !== 'succeeded')
      throw new ShopError('invalid_request', 'The payment is not paid.', 'payment_id');
    if (request.amount.currency !== payment.currency || amount <= 0 || amount > payment.amount - payment.refunded) {
      throw new ShopError(
        'invalid_request',
        'The refund’s amount is larger than what is left of the payment.',
        'amount',
      );
    }
    const { currency, id: paymentId } = payment;
    const createdAt = this.#parts.clock.now();
    const refund = { id: newId(), paymentId, amount, currency, createdAt, description: request.description };
    payment.refunded += amount;
    this.#refunds.set(refund.id, refund);
    this.#parts.changed();
    this.notifier.tell('refund.succeeded', refundObject(refund));
    return refund;
  }

  /** The payer no longer agrees that the method is charged. */
  revokeMethod(id: string): void {
    const method = this.#methods.get(id);
    if (method === undefined) throw new ShopError('not_found', 'There is no such saved method.', 'payment_method_id');
    method.revoked = true;
    this.#parts.changed();
  }

  record(): ShopRecord {
    const payments: Record<string, number> = {};
    let kept = 0;
    for (const { status, amount, refunded } of this.#payments.values()) {
      payments[status] = (payments[status] ?? 0) + 1;
      if (status === 'succeeded') kept += amount - refunded;
    }
    const { counters, waiting } = this.notifier;
    const { calls, answersLost } = this;
    return { payments, kept, refunds: this.#refunds.size, calls, answersLost, notifications: { ...counters, waiting } };
  }

  state(): ShopState {
    return {
      settings: this.settings,
      payments: this.list(),
      refunds: [...this.#refunds.values()],
      methods: [...this.#methods],
      keys: this.keys.state(),
    };
  }

  restore(state: ShopState): void {
    this.settings = { ...DEFAULT_SHOP, ...state.settings };
    for (const payment of state.payments) {
      this.#payments.set(payment.id, payment);
      if (payment.status === 'pending') this.#expireLater(payment);
    }
    for (const refund of state.refunds) this.#refunds.set(refund.id, refund);
    for (const [id, method] of state.methods) this.#methods.set(id, method);
    this.keys.restore(state.keys);
  }

  clear(): void {
    for (const stop of this.#timers.values()) stop();
    this.#timers.clear();
    this.#payments.clear();
    this.#refunds.clear();
    this.#methods.clear();
    this.keys.restore([]);
    this.settings = { ...DEFAULT_SHOP, notificationUrl: this.settings.notificationUrl };
    this.#parts.changed();
  }

  close(): void {
    for (const stop of this.#timers.values()) stop();
    this.notifier.close();
  }

  #assertOpen({ status }: Payment): void {
    if (status !== 'pending') throw new ShopError('invalid_request', 'The payment is over.', 'payment_id');
  }

  #charge(payment: Payment, methodId: string): void {
    const method = this.#methods.get(methodId);
    if (method === undefined) {
      this.#payments.delete(payment.id);
      throw new ShopError('invalid_request', 'There is no such saved method.', 'payment_method_id');
    }
    payment.card = method.card;
    const outcome = outcomeOfCard(method.card);
    if (method.revoked) this.#cancel(payment, 'yoo_money', 'permission_revoked');
    else if (outcome?.kind === 'declines') this.#cancel(payment, outcome.party, outcome.reason);
    else this.#succeed(payment);
  }

  #succeed(payment: Payment): void {
    if (payment.capture) {
      this.#settle(payment);
      return;
    }
    payment.status = 'waiting_for_capture';
    payment.expiresAt = this.#parts.clock.now() + HOLD_MS;
    this.#over(payment, 'payment.waiting_for_capture');
  }

  #settle(payment: Payment): void {
    payment.status = 'succeeded';
    payment.capturedAt = this.#parts.clock.now();
    const { card, chargedMethod, id } = payment;
    if (card !== undefined && (payment.wantsSaving || chargedMethod !== undefined)) {
      payment.saved = true;
      if (chargedMethod === undefined) this.#methods.set(id, { card, revoked: false });
    }
    this.#over(payment, 'payment.succeeded');
  }

  #cancel(payment: Payment, party: string, reason: string): void {
    payment.status = 'canceled';
    payment.cancellation = { party, reason };
    this.#over(payment, 'payment.canceled');
  }

  #over(payment: Payment, event: string): void {
    this.#timers.get(payment.id)?.();
    this.#timers.delete(payment.id);
    this.#parts.changed();
    this.notifier.tell(event, this.show(payment));
  }

  #expireLater(payment: Payment): void {
    const left = Math.max(0, payment.createdAt + PAY_WITHIN_MS - this.#parts.clock.now());
    this.#timers.set(
      payment.id,
      this.#parts.clock.after(left, () => this.expire(payment)),
    );
  }
}

function newId(): string {
  return randomUUID();
}
