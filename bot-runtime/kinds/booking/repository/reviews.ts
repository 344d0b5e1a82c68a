/** Owns what customers said about their visits. */
import type { Queryable } from '#core/postgres/database.ts';

const MOST_CHARACTERS = 1_024;

/** Writes the stars of a visit down, in place of earlier ones. */
export async function giveStars(source: Queryable, bookingId: number, stars: number, now: number): Promise<void> {
  await source.query(
    `INSERT INTO reviews (booking_id, stars, at) VALUES ($1, $2, $3)
     ON CONFLICT (booking_id) DO UPDATE SET stars = excluded.stars, at = excluded.at`,
    [bookingId, stars, new Date(now)],
  );
}

/** Adds words to the stars of one's own visit; too many are cut. */
export async function addWords(
  source: Queryable,
  { userId, bookingId }: { readonly userId: number; readonly bookingId: number },
  text: string,
): Promise<void> {
  const words = [...text.toWellFormed().replaceAll('\0', '').trim()].slice(0, MOST_CHARACTERS).join('');
  await source.query(
    `UPDATE reviews SET words = $3 FROM bookings b
     WHERE reviews.booking_id = $1 AND b.id = $1 AND b.user_id = $2 AND $3 <> ''`,
    [bookingId, userId, words],
  );
}
