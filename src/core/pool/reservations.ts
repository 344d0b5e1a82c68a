/** Bots that somebody is about to buy: a reservation keeps one from being scaled down, and does nothing else. */
import type { Queryable } from '#core/postgres/database.ts';

/** Reserves a bot for so many ms from now on, under a key of the caller's (an order's id). Repeated: prolonged. */
export async function reserveBot(db: Queryable, key: string, ms: number): Promise<void> {
  await db.query(
    `INSERT INTO control.reservations (key, until) VALUES ($1, clock_timestamp() + $2 * interval '1 millisecond')
     ON CONFLICT (key) DO UPDATE SET until = excluded.until`,
    [key, ms],
  );
}

/** Ends a reservation before its time; nothing happens when there is none. */
export async function endReservation(db: Queryable, key: string): Promise<void> {
  await db.query('DELETE FROM control.reservations WHERE key = $1 OR until < clock_timestamp()', [key]);
}
