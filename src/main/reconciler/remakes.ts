/** When bots that do not come up are made anew: at once when they are found, then more rarely each time. */

/** Each time that a bot was made anew in vain doubles the wait for the next one, so often at most. */
const DOUBLINGS = 4;

/** Remembers how often each was made anew. One that is not stuck any more begins anew. */
export interface Remakes {
  /** Those that are to be made anew now, which counts as done. `now` in milliseconds. */
  due(stuck: readonly string[], now: number): readonly string[];
}

/** See {@link Remakes}. `patienceMs`: twice this after the first time. */
export function rememberRemakes(patienceMs: number): Remakes {
  let made = new Map<string, { readonly times: number; readonly at: number }>();
  return {
    due(stuck, now) {
      const due = stuck.filter((container) => {
        const last = made.get(container);
        return last === undefined || now - last.at >= patienceMs * 2 ** Math.min(last.times, DOUBLINGS);
      });
      const again = due.map(
        (container) => [container, { times: (made.get(container)?.times ?? 0) + 1, at: now }] as const,
      );
      const kept = [...made].filter(([container]) => stuck.includes(container));
      made = new Map([...kept, ...again]);
      return due;
    },
  };
}
