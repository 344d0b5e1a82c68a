/** What providers said happened: where to look. Nothing that a hint says is believed; the payment itself is fetched. */
import * as z from 'zod';
import type { SalesContext } from './context.ts';
import { adoptPayment } from './payments.ts';
import { pauseAfter } from './rules.ts';

const hintSchema = z.object({ id: z.string(), event: z.string(), object_id: z.string(), tries: z.number() });

/** Handles one hint. */
export async function tendHint(context: SalesContext, id: string): Promise<void> {
  const { rows } = await context.database.query(
    'UPDATE control.payment_hints SET tries = tries + 1 WHERE id = $1 RETURNING id, event, object_id, tries',
    [id],
  );
  const hint = hintSchema.parse(rows[0]);
  try {
    const outcome = await follow(context, hint);
    await context.database.query(
      'UPDATE control.payment_hints SET outcome = $2, handled_at = clock_timestamp(), next_at = NULL WHERE id = $1',
      [id, outcome],
    );
  } catch (error) {
    context.logger.warn({ err: error, hint: id }, 'a notification could not be followed; trying again');
    await context.database.query(
      `UPDATE control.payment_hints SET next_at = clock_timestamp() + $2 * interval '1 millisecond' WHERE id = $1`,
      [id, pauseAfter(hint.tries)],
    );
  }
}

/** `applied`, or why nothing came of it. */
async function follow(context: SalesContext, hint: z.infer<typeof hintSchema>): Promise<string> {
  if (hint.event.startsWith('refund.')) {
    const { rowCount } = await context.database.query(
      `UPDATE control.refunds SET next_at = clock_timestamp() WHERE provider_id = $1 AND status IN ('creating', 'pending')`,
      [hint.object_id],
    );
    return rowCount === 0 ? 'unknown' : 'applied';
  }
  if (!hint.event.startsWith('payment.')) return 'ignored';
  const shop = await context.yookassa.getPayment(hint.object_id);
  if (shop === undefined) return 'unknown';
  return (await adoptPayment(context, shop)) ? 'applied' : 'foreign';
}
