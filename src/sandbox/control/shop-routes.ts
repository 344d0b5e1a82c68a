/** Control routes about the simulated YooKassa: its settings, what payers do, and notifications that nobody meant. */
import {
  forgedNotificationSchema,
  payerActSchema,
  type ShopPayment,
  shopPatchSchema,
} from '#shared/schemas/sandbox-shop.ts';
import { ActError } from '../telegram/acts/act-error.ts';
import type { Payment } from '../yookassa/objects.ts';
import type { Shop } from '../yookassa/shop.ts';
import { ShopError } from '../yookassa/shop-error.ts';
import { type ControlRoutes, check } from './router.ts';

/** See the file's head. */
export function shopRoutes(shop: Shop): ControlRoutes {
  const view = (payment: Payment): ShopPayment => ({
    id: payment.id,
    status: payment.status,
    amount: payment.amount,
    currency: payment.currency,
    refunded: payment.refunded,
    ...(payment.description === undefined ? {} : { description: payment.description }),
    metadata: payment.metadata,
    ...(payment.cancellation === undefined ? {} : { cancelReason: payment.cancellation.reason }),
    methodSaved: payment.saved,
    automatic: payment.chargedMethod !== undefined,
    url: payment.chargedMethod === undefined ? shop.pageOf(payment) : '',
    createdAt: payment.createdAt,
  });
  return {
    'GET /control/shop': () => shop.settings,
    'PATCH /control/shop': ({ body }) => {
      shop.configure(check(shopPatchSchema, body));
      return shop.settings;
    },
    'GET /control/shop/payments': () => shop.list().map(view),
    'GET /control/shop/payments/:payment': ({ path }) => told(() => view(shop.payment(path['payment'] ?? ''))),
    'POST /control/shop/payments/:payment/act': ({ path, body }) => {
      const { act, card, confirm } = check(payerActSchema, body);
      return told(() => {
        const payment = shop.payment(path['payment'] ?? '');
        if (act === 'decline') shop.decline(payment);
        else if (act === 'expire') shop.expire(payment);
        else shop.pay(payment, card.replace(/\D/g, ''), confirm);
        return view(payment);
      });
    },
    'POST /control/shop/methods/:method/revoke': ({ path }) => told(() => shop.revokeMethod(path['method'] ?? '')),
    'POST /control/shop/notifications': async ({ body }) => {
      const { body: forged, source, headers } = check(forgedNotificationSchema, body);
      return { status: await shop.notifier.forge(forged, source, headers) };
    },
    'GET /control/shop/record': () => shop.record(),
    'DELETE /control/shop': () => shop.clear(),
  };
}

/** Refusals of the shop in the words of the control API. */
function told<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof ShopError)) throw error;
    throw new ActError(error.status === 404 ? 404 : 409, error.code, error.message);
  }
}
