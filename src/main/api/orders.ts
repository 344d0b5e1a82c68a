/** The groups `orders` and `plans`: sales as operators see and steer them. */
import type { Sales } from '../orders/index.ts';
import type { ApiRoot } from './root.ts';

/** The procedures of `orders`. */
export function ordersApi(root: ApiRoot, sales: Sales) {
  return root.orders.router({
    list: root.orders.list.handler(({ input }) => sales.list(input)),
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
