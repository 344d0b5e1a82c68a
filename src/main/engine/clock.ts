/** Time as an engine sees it, so that tests can turn it. */

/** Reads the time and calls back later. */
export interface EngineClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back after so many milliseconds unless the returned function was called before. */
  after(ms: number, call: () => void): () => void;
}

/** The machine's own clock. Its timers keep no program alive. */
export const SYSTEM_CLOCK: EngineClock = {
  now: () => Date.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
