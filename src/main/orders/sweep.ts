/** Finds what notifications have lost: every payment of the last 25 hours is held against the books. */
import { writeAudit } from '#core/tenants/tenants.ts';
import { type SalesContext, WORKER } from './context.ts';
import { adoptPayment } from './payments.ts';
import { SWEEP_MS } from './rules.ts';

/** Looks once. Returns how many payments were behind. */
export async function sweepPayments(context: SalesContext): Promise<number> {
  const since = new Date(context.clock.now() - SWEEP_MS);
  let behind = 0;
  for await (const shop of context.yookassa.listPayments(since)) {
    const { rows } = await context.database.query<{ status: string; effect: string | null }>(
      'SELECT status, effect FROM control.payments WHERE id::text = $1',
      [shop.metadata['payment_id'] ?? ''],
    );
    const [known] = rows;
    // What is not ours, for instance of another installation of the same shop, is left alone.
    if (known === undefined || known.status === shop.status) continue;
    if (known.effect !== null) continue;
    if (await adoptPayment(context, shop)) behind += 1;
  }
  if (behind > 0) {
    context.logger.warn({ payments: behind }, 'payments were found that no notification has told of');
    await writeAudit(context.database, WORKER, 'payments.swept', 'payments', null, { found: behind });
  }
  return behind;
}
