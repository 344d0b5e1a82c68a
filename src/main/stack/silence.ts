/** Since when bots have not come up, remembered from look to look. Times in milliseconds. */

/** A bot that has not come up after this time is stuck. */
export const STUCK_MS = 60_000;

/** Remembers who has been silent since when. */
export interface Silence {
  /** Of those that are silent now, the ones that have been for at least `patienceMs`, with how long. */
  look(silent: readonly string[], now: number): ReadonlyMap<string, number>;
}

/** See {@link Silence}. */
export function rememberSilence(patienceMs: number): Silence {
  let since = new Map<string, number>();
  return {
    look(silent, now) {
      // The clock may have been set back since.
      since = new Map(silent.map((container) => [container, Math.min(now, since.get(container) ?? now)]));
      const long = [...since].map(([container, at]) => [container, now - at] as const);
      return new Map(long.filter(([, ms]) => ms >= patienceMs));
    },
  };
}
