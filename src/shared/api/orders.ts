/** What the API says of sales: orders with their payments, and the plans that are sold. Nothing secret is in it. */
import { eventIterator } from '@orpc/contract';
import * as z from 'zod';
import { orderDetailsSchema, orderViewSchema, planChangeSchema, planViewSchema } from '../schemas/sales.ts';
import { ORDER_STATES } from '../state/order-state.ts';
import { procedure } from './failure.ts';

/** An order is named by its number or by its id. */
const ref = z.object({ order: z.string().min(1).max(64) });

/** Orders. */
export const ordersContract = {
  /** The newest orders, of these states or of all. */
  list: procedure.read
    .input(
      z.object({
        states: z.array(z.enum(ORDER_STATES)).optional(),
        limit: z.number().int().min(1).max(500).default(50),
      }),
    )
    .output(z.array(orderViewSchema)),
  /** The newest hundred, now and after every change. */
  watch: procedure.read.output(eventIterator(z.array(orderViewSchema))),
  /** Fails with `order_unknown`. */
  show: procedure.read.input(ref).output(orderDetailsSchema),
  /** Tries a paid order again at once. Fails with `order_closed`. */
  retry: procedure.operate.input(ref).output(orderViewSchema),
  /** Gives money back: all that is left, or `amount` in the hundredth part of the currency. Fails with `refund_impossible`. */
  refund: procedure.admin
    .input(ref.extend({ amount: z.number().int().positive().optional(), reason: z.string().min(1).max(200) }))
    .output(orderDetailsSchema),
};

/** Plans. */
export const plansContract = {
  /** All of them, in the order of the price list. */
  list: procedure.read.output(z.array(planViewSchema)),
  /** Makes one, or changes what is named of it. Agreed orders keep what was agreed. */
  set: procedure.admin.input(planChangeSchema).output(planViewSchema),
};
