/** Time as a parameter: everything in the sandbox that waits or stamps does it through a `Clock`. */

/** What the sandbox needs of time. All values are milliseconds. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Runs `task` once after `ms` milliseconds; the returned function cancels it (calling it late is harmless). */
  after(ms: number, task: () => void): () => void;
}

/** The machine's own clock. Its timers do not keep a process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** A clock that stands still until it is told to move: for tests of lifetimes and waits. */
export interface ManualClock extends Clock {
  /** Moves time on by `ms` and runs, in order, all tasks that fall due on the way. */
  advance(ms: number): void;
}

/** Makes a manual clock that starts at `start` (ms since the epoch). */
export function createManualClock(start = 1_760_000_000_000): ManualClock {
  let now = start;
  let order = 0;
  const tasks = new Map<number, { readonly at: number; readonly run: () => void }>();
  function nextDue(limit: number): number | undefined {
    let found: number | undefined;
    let earliest = Number.POSITIVE_INFINITY;
    for (const [id, task] of tasks) {
      if (task.at <= limit && task.at < earliest) {
        found = id;
        earliest = task.at;
      }
    }
    return found;
  }
  return {
    now: () => now,
    after(ms, run) {
      order += 1;
      const id = order;
      tasks.set(id, { at: now + Math.max(0, ms), run });
      return () => tasks.delete(id);
    },
    advance(ms) {
      const end = now + ms;
      for (let id = nextDue(end); id !== undefined; id = nextDue(end)) {
        const task = tasks.get(id);
        tasks.delete(id);
        now = Math.max(now, task?.at ?? now);
        task?.run();
      }
      now = end;
    },
  };
}
