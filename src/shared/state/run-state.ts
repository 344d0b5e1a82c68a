/** The states of one run of a schedule, as PostgreSQL keeps them. */

/** `missed`: nobody could begin it in time. `skipped`: the run before it had not ended. `replaced`: a newer one took its place. */
export const RUN_STATES = ['queued', 'running', 'succeeded', 'failed', 'missed', 'skipped', 'replaced'] as const;

/** See {@link RUN_STATES}. */
export type RunState = (typeof RUN_STATES)[number];
