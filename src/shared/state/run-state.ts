/** The states of one run of a schedule, and which may follow which. */

/** `missed`: nobody could begin it in time. `skipped`: the run before it had not ended. `replaced`: a newer one took its place. */
export const RUN_STATES = ['queued', 'running', 'succeeded', 'failed', 'missed', 'skipped', 'replaced'] as const;

/** See {@link RUN_STATES}. */
export type RunState = (typeof RUN_STATES)[number];

/** What may follow. A failed try that is to be repeated goes back to `queued`; a missed or skipped run is born so. */
export const RUN_TRANSITIONS: Readonly<Record<RunState, readonly RunState[]>> = {
  queued: ['running', 'replaced'],
  running: ['succeeded', 'failed', 'queued', 'replaced'],
  succeeded: [],
  failed: [],
  missed: [],
  skipped: [],
  replaced: [],
};

/** States that nobody may overlook. */
export function isRedRun(state: RunState): boolean {
  return state === 'failed' || state === 'missed';
}
