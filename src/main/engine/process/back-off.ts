/** When a program that ended is started again. Pure. */

/** The first pause after a failure, in milliseconds; each further failure doubles it. */
const FIRST_PAUSE_MS = 100;
/** The longest pause, in milliseconds. */
export const LONGEST_PAUSE_MS = 30_000;
/** A program that ran so long is healthy: its earlier failures are forgotten. */
export const HEALTHY_AFTER_MS = 10_000;
/** A clean end sooner than this after the start is suspicious: a program with nothing to do would spin. */
const QUICK_END_MS = 1_000;
/** So many quick clean ends in a row are forgiven. */
const FORGIVEN_QUICK_ENDS = 3;

/** What is remembered from one end to the next. */
export interface RestartMemory {
  readonly failures: number;
  readonly quickEnds: number;
}

/** Nothing has gone wrong yet. */
export const NO_MEMORY: RestartMemory = { failures: 0, quickEnds: 0 };

/** How a run ended. */
export interface EndedRun {
  readonly exitCode: number;
  readonly ranMs: number;
}

/** When to start again. */
export interface RestartDecision {
  readonly pauseMs: number;
  /** To be handed in after the next end. */
  readonly memory: RestartMemory;
}

/**
 * A clean exit starts again at once: that is how a deactivated bot makes itself fresh. A failure waits 100 ms, 200 ms …
 * 30 s; ten seconds of running wipe the slate. Clean exits in quick succession count as failures after the third.
 */
export function afterEnd({ exitCode, ranMs }: EndedRun, before: RestartMemory): RestartDecision {
  const memory = ranMs >= HEALTHY_AFTER_MS ? NO_MEMORY : before;
  if (exitCode === 0 && ranMs >= QUICK_END_MS) return { pauseMs: 0, memory: NO_MEMORY };
  if (exitCode === 0 && memory.quickEnds < FORGIVEN_QUICK_ENDS) {
    return { pauseMs: 0, memory: { ...memory, quickEnds: memory.quickEnds + 1 } };
  }
  const failures = memory.failures + 1;
  return { pauseMs: pauseAfter(failures), memory: { ...memory, failures } };
}

function pauseAfter(failures: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 20), LONGEST_PAUSE_MS);
}
