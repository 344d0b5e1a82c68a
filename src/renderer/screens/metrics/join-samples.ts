/** Joins what is kept of the metrics with what has come: each moment once, the newest `MOST`. Pure. */

/** How many moments the lines show. */
export const MOST = 900;

/** `before` and `came` oldest first. After a reconnect the same moments may come again. */
export function joinSamples<T extends { readonly at: number }>(before: readonly T[], came: readonly T[]): readonly T[] {
  const last = before.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  const fresh = came.filter(({ at }) => at > last);
  return fresh.length === 0 ? before : [...before, ...fresh].slice(-MOST);
}
