/** Owns keeping an answer for a while, so that not every update asks PostgreSQL for what changes once a month. */

/** An answer that is asked for again when it is old. */
export interface Cached<T> {
  get(): Promise<T>;
  /** Forgets it: the next one who asks gets a new answer. */
  drop(): void;
}

/** Keeps what `load` answers for `ttlMs`. Callers at the same time share one question; a failure is not kept. */
export function createCached<T>(load: () => Promise<T>, ttlMs: number, now: () => number): Cached<T> {
  let kept: { readonly until: number; readonly value: Promise<T> } | undefined;
  return {
    get() {
      if (kept !== undefined && now() < kept.until) {
        return kept.value;
      }
      const value = load();
      const mine = { until: now() + ttlMs, value };
      kept = mine;
      value.catch(() => {
        kept = kept === mine ? undefined : kept;
      });
      return value;
    },
    drop() {
      kept = undefined;
    },
  };
}
