/** A clock that jumps: time stands still while anybody works, and goes to the next thing to do when everybody sleeps. */

/** See {@link createFastClock}. */
export interface FastClock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Resolves when so many sleep. */
  asleep(count: number): Promise<void>;
  /** When the first of them wants to be woken. */
  nextWake(): number;
  /** Lets time pass until then; wakes whoever wanted to be woken by then. */
  moveTo(instant: number): void;
}

interface Sleeper {
  readonly until: number;
  wake(): void;
}

/** A clock that shows `start` until it is moved. */
export function createFastClock(start: number): FastClock {
  let now = start;
  const sleepers = new Set<Sleeper>();
  return {
    now: () => now,
    sleep(ms, signal) {
      if (signal?.aborted === true) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const sleeper: Sleeper = { until: now + ms, wake };
      function wake(): void {
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      }
      signal?.addEventListener('abort', wake);
      sleepers.add(sleeper);
      return promise;
    },
    async asleep(count) {
      while (sleepers.size < count) await new Promise((resolve) => setTimeout(resolve, 1));
    },
    nextWake: () => Math.min(...[...sleepers].map(({ until }) => until)),
    moveTo(instant) {
      now = Math.max(now, instant);
      for (const sleeper of [...sleepers]) if (sleeper.until <= now) sleeper.wake();
    },
  };
}
