/** Time as the runtime sees it. */
import { setTimeout as delay } from 'node:timers/promises';

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
    sleep: async (ms, signal) => {
      await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    },
  };
}
