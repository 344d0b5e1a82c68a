/** Tells every order that waits for a bot its place and when its turn may come; both are kept up to date. */
import { acting, type SalesContext, WORKER } from './context.ts';
import { expectedIn } from './rules.ts';

/** Recounts. An order's row changes only when its place does, or when its estimate is off by more than this. Milliseconds. */
const WORTH_TELLING_MS = 5_000;

/** Counts once; cheap when nobody waits. */
export async function countPlaces(context: SalesContext): Promise<void> {
  const { rows } = await context.database.query<{ id: string; place: number | null; expected_at: Date | null }>(
    `SELECT id, place, expected_at FROM control.orders WHERE state = 'activating' AND reason = 'pool_empty'
     ORDER BY paid_at, number`,
  );
  if (rows.length === 0) return;
  const pool = await context.refill();
  const now = context.clock.now();
  for (const [index, order] of rows.entries()) {
    const place = index + 1;
    const wait = expectedIn(place, pool);
    const expected = wait === null ? null : now + wait;
    const was = order.expected_at?.getTime() ?? null;
    const same = expected === null ? was === null : was !== null && was > now && was - expected < WORTH_TELLING_MS;
    if (order.place === place && same) continue;
    await acting(context.database, WORKER, async (tx) => {
      await tx.query(
        `UPDATE control.orders SET place = $2, expected_at = $3 WHERE id = $1 AND state = 'activating' AND reason = 'pool_empty'`,
        [order.id, place, expected === null ? null : new Date(expected)],
      );
    });
  }
}
