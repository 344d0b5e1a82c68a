/** What happened to an order, oldest first: from its times, its payments and its refunds. Pure. */
import type { OrderDetails } from '#shared/schemas/sales.ts';

/** One event. `amount` in the hundredth part of the currency. */
export interface OrderEvent {
  readonly id: string;
  readonly at: number;
  readonly what: 'created' | 'asked' | 'payment' | 'paid' | 'active' | 'refund';
  readonly amount?: number;
  /** A status or a reason, as it is stored. */
  readonly note?: string;
}

/** See the file. */
export function timelineOf({ order, payments, refunds }: OrderDetails): readonly OrderEvent[] {
  const moment = (what: 'created' | 'asked' | 'paid' | 'active', at: Date | null): OrderEvent[] =>
    at === null ? [] : [{ id: what, at: at.getTime(), what }];
  const events: OrderEvent[] = [
    ...moment('created', order.createdAt),
    ...moment('asked', order.askedAt),
    ...payments.map(({ id, createdAt, amount, status, cancelReason }) => ({
      ...{ id, at: createdAt.getTime(), what: 'payment' as const, amount },
      note: cancelReason === null ? status : `${status}: ${cancelReason}`,
    })),
    ...moment('paid', order.paidAt),
    ...moment('active', order.activeAt),
    ...refunds.map(({ id, createdAt, amount, status, reason }) => ({
      ...{ id, at: createdAt.getTime(), what: 'refund' as const, amount },
      note: `${status}: ${reason}`,
    })),
  ];
  return events.sort((a, b) => a.at - b.at);
}
