/** Turns "something has changed" into a stream of snapshots that never comes faster than its reader or its pace. */

/** Where snapshots come from, and how often at most and at least they are taken. */
export interface ChangesOptions<T> {
  /** Calls back at every change; the function that comes back ends it. */
  readonly listen: (changed: () => void) => () => void;
  readonly read: () => Promise<T>;
  /** Changes within this time are told as one. */
  readonly paceMs: number;
  /** Looks without being told after this time: for what tells no events. */
  readonly safetyMs: number;
  /** Resolves after a time, or at once when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** A snapshot now, and one after every change until the signal aborts. Equal ones are told once. */
export async function* watchChanges<T>(options: ChangesOptions<T>): AsyncGenerator<T, void, void> {
  const { signal } = options;
  let wake = new AbortController();
  const stopListening = options.listen(() => wake.abort());
  const end = (): void => wake.abort();
  signal.addEventListener('abort', end, { once: true });
  try {
    let told: string | undefined;
    while (!signal.aborted) {
      // Armed before reading: what changes while it is being read is told by the next one.
      wake = new AbortController();
      const snapshot = await options.read();
      const text = JSON.stringify(snapshot);
      if (text !== told) yield snapshot;
      told = text;
      await options.sleep(options.paceMs, signal);
      if (!signal.aborted) await options.sleep(options.safetyMs, wake.signal);
    }
  } finally {
    stopListening();
    signal.removeEventListener('abort', end);
  }
}
