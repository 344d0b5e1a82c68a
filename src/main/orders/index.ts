/** The front of sales: the worker that carries orders through, and what operators see and do of them. */
import type { OrderDetails, OrderView, PlanChange, PlanView } from '#shared/schemas/sales.ts';
import { acting } from './context.ts';
import {
  findOrder,
  listOrders,
  listPeriods,
  listPlans,
  type OrderFilter,
  ordersOf,
  type PaidPeriod,
  readDetails,
  retryOrder,
  setPlan,
} from './desk-views.ts';
import { refundOrder } from './orders.ts';
import { tendPeriods } from './renewals.ts';
import { sweepPayments } from './sweep.ts';
import { type SalesWorkerOptions, startSalesWorker } from './worker.ts';

export { extendSubscription } from './extend.ts';

/** Sales as a control plane uses them. `ref`: an order's number or id. */
export interface Sales {
  list(filter: OrderFilter): Promise<OrderView[]>;
  /** What was paid for one client, the newest first. */
  ofClient(clientId: string): Promise<{ readonly periods: PaidPeriod[]; readonly orders: OrderView[] }>;
  /** Fails with `order_unknown`. */
  show(ref: string): Promise<OrderDetails>;
  /** Tries a paid order again at once. Fails with `order_closed`. */
  retry(ref: string, actor: string): Promise<OrderView>;
  /** Gives money back: all that is left, or `amount`. Fails with `refund_impossible`. */
  refund(
    ref: string,
    wish: { readonly amount?: number | undefined; readonly reason: string; readonly actor: string },
  ): Promise<OrderDetails>;
  plans(): Promise<PlanView[]>;
  setPlan(change: PlanChange, actor: string): Promise<PlanView>;
  /** Holds the payments of the last 25 hours against the books; how many were behind. */
  sweep(): Promise<number>;
  /** Looks at every paid period that ends soon or has ended: reminders, renewals, grace, suspension. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the worker. */
export function startSales(options: SalesWorkerOptions): Sales {
  const { database } = options;
  const worker = startSalesWorker(options);
  return {
    list: (filter) => listOrders(database, filter),
    async ofClient(clientId) {
      const [periods, orders] = await Promise.all([listPeriods(database, clientId), ordersOf(database, clientId)]);
      return { periods, orders };
    },
    show: (ref) => readDetails(database, ref),
    retry: (ref, actor) => acting(database, actor, (tx) => retryOrder(tx, ref)),
    async refund(ref, wish) {
      const { id } = await findOrder(database, ref);
      await refundOrder(options, id, wish);
      return await readDetails(database, id);
    },
    plans: () => listPlans(database),
    setPlan: (change, actor) => acting(database, actor, (tx) => setPlan(tx, change)),
    sweep: () => sweepPayments(options),
    renew: () => tendPeriods(options),
    close: () => worker.close(),
  };
}
