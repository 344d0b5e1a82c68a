/** Bots that do not come up: since when each has been silent, and when it is made anew. Times in milliseconds. */

/** Each time that a bot was made anew in vain doubles the wait for the next one, so often at most. */
const DOUBLINGS = 4;

/** What one look shows of a container that is to run. */
export interface Sound {
  readonly container: string;
  /** Neither a status in Redis that says that it works, nor a client that it serves. */
  readonly silent: boolean;
}

/** Remembers from look to look. */
export interface Silence {
  /** Those that have been silent for at least `patienceMs`, with how long. */
  look(sounds: readonly Sound[], now: number): ReadonlyMap<string, number>;
}

/** Remembers who has been silent since when. */
export function rememberSilence(patienceMs: number): Silence {
  let since = new Map<string, number>();
  return {
    look(sounds, now) {
      const silent = sounds.filter((one) => one.silent);
      since = new Map(silent.map(({ container }) => [container, Math.min(now, since.get(container) ?? now)]));
      const long = [...since].map(([container, at]) => [container, now - at] as const);
      return new Map(long.filter(([, ms]) => ms >= patienceMs));
    },
  };
}

/** When bots that stay silent are made anew: at once when they are found, then more rarely each time. */
export interface Remakes {
  due(stuck: readonly string[], now: number): readonly string[];
}

/** Remembers how often each was made anew. One that is not stuck any more begins anew. */
export function rememberRemakes(patienceMs: number): Remakes {
  let made = new Map<string, { readonly times: number; readonly at: number }>();
  return {
    due(stuck, now) {
      const due = stuck.filter((container) => {
        const last = made.get(container);
        return last === undefined || now - last.at >= patienceMs * 2 ** Math.min(last.times, DOUBLINGS);
      });
      const kept = stuck.flatMap((container) => {
        const last = made.get(container);
        return last === undefined ? [] : [[container, last] as const];
      });
      made = new Map(kept);
      for (const container of due) made.set(container, { times: (made.get(container)?.times ?? 0) + 1, at: now });
      return due;
    },
  };
}
