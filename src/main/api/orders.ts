/** The groups `orders` and `plans`: sales as operators see and steer them. */
import type { Pool } from '#core/pool/index.ts';
import type { Sales } from '../orders/index.ts';
import { watchChanges } from './changes.ts';
import type { ApiRoot } from './root.ts';

/** What `orders` needs. */
export interface OrdersApiServices {
  readonly sales: Sales;
  readonly pool: Pick<Pool, 'listen'>;
  /** Resolves after a time, or at once when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** How many orders are watched, and how often at most and at least they are looked at. */
const WATCHED = 100;
const PACE_MS = 500;
/** Payments tell no event of the pool. */
const SAFETY_MS = 2_000;

/** The procedures of `orders`. */
export function ordersApi(root: ApiRoot, { sales, pool, sleep }: OrdersApiServices) {
  return root.orders.router({
    list: root.orders.list.handler(({ input }) => sales.list(input)),
    watch: root.orders.watch.handler(({ signal = new AbortController().signal }) =>
      watchChanges({
        listen: (changed) => pool.listen(changed),
        read: () => sales.list({ limit: WATCHED }),
        paceMs: PACE_MS,
        safetyMs: SAFETY_MS,
        sleep,
        signal,
      }),
    ),
    show: root.orders.show.handler(({ input }) => sales.show(input.order)),
    retry: root.orders.retry.handler(({ input, context }) => sales.retry(input.order, context.actor)),
    refund: root.orders.refund.handler(({ input: { order, amount, reason }, context }) =>
      sales.refund(order, { amount, reason, actor: context.actor }),
    ),
  });
}

/** The procedures of `plans`. */
export function plansApi(root: ApiRoot, sales: Sales) {
  return root.plans.router({
    list: root.plans.list.handler(() => sales.plans()),
    set: root.plans.set.handler(({ input, context }) => sales.setPlan(input, context.actor)),
  });
}
