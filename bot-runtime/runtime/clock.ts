/** Time as the runtime sees it. */

/** Wall clock, a clock that never jumps, and a wait that an abort ends early without an error. */
export interface RuntimeClock {
  now(): number;
  monotonic(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export function systemClock(): RuntimeClock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    // Every update takes and drops one of these: an error made for each abort would cost more than the wait.
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const end = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', end);
          resolve();
        };
        const timer = setTimeout(end, ms);
        signal?.addEventListener('abort', end);
      }),
  };
}
