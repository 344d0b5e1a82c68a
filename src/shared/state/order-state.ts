/** The states of an order and of a payment, and the steps between them: used by services, bots, screens and tests alike. */

/** What an order can be. `failed`: it is paid, and only somebody's decision (another token, an operator) helps. */
export const ORDER_STATES = [
  'draft',
  'awaiting_token',
  'awaiting_payment',
  'paid',
  'activating',
  'active',
  'failed',
  'refunded',
  'cancelled',
] as const;

/** See {@link ORDER_STATES}. */
export type OrderState = (typeof ORDER_STATES)[number];

/** Where an order may go from where; the database holds the same table. Nothing that is paid is ever cancelled. */
export const ORDER_MOVES: Readonly<Record<OrderState, readonly OrderState[]>> = {
  draft: ['awaiting_token', 'awaiting_payment', 'cancelled'],
  awaiting_token: ['awaiting_payment', 'cancelled'],
  awaiting_payment: ['paid', 'cancelled'],
  // A renewal of a bot that serves has nothing to activate.
  paid: ['activating', 'active', 'failed', 'refunded'],
  activating: ['active', 'failed', 'refunded'],
  failed: ['activating', 'active', 'refunded'],
  active: ['refunded'],
  refunded: [],
  // Its link was paid all the same: the money goes back.
  cancelled: ['refunded'],
};

/** What an order is for. */
export const ORDER_PURPOSES = ['new', 'renewal'] as const;

/**
 * What a payment can be. `creating`: asked for, and nobody knows yet what came of it. `abandoned`: its key grew too old
 * to be used again, and the provider knows nothing of it.
 */
export const PAYMENT_STATUSES = [
  'creating',
  'pending',
  'waiting_for_capture',
  'succeeded',
  'canceled',
  'abandoned',
] as const;

/** See {@link PAYMENT_STATUSES}. */
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** Where a payment may go from where; the database holds the same table. `succeeded` and `canceled` are for ever. */
export const PAYMENT_MOVES: Readonly<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  creating: ['pending', 'waiting_for_capture', 'succeeded', 'canceled', 'abandoned'],
  pending: ['waiting_for_capture', 'succeeded', 'canceled'],
  waiting_for_capture: ['succeeded', 'canceled'],
  succeeded: [],
  canceled: [],
  // What nobody could find turned up late.
  abandoned: ['pending', 'waiting_for_capture', 'succeeded', 'canceled'],
};

/** What a buyer may ask for about a bot. */
export const BUYER_ACTIONS = ['suspend', 'resume', 'new_token', 'export', 'delete'] as const;

/** See {@link BUYER_ACTIONS}. */
export type BuyerAction = (typeof BUYER_ACTIONS)[number];
