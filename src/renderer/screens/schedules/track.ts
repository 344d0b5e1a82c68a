/** Where the marks of one schedule stand on the timeline. Pure. */
import type { RunView } from '#shared/api/schedules.ts';
import type { RunState } from '#shared/state/run-state.ts';

/** So far back and so far on. */
export const HALF_MS = 12 * 3_600_000;
/** More marks than this on one side become a band. */
const MOST_MARKS = 40;

/** A run or an instant to come; `left` and `width` in percent of the track. */
export interface Mark {
  readonly key: string;
  readonly left: number;
  readonly width: number;
  readonly state: RunState | 'due';
}

/** See the file. `dense`: so many that single marks say nothing any more. */
export interface Track {
  readonly past: readonly Mark[];
  readonly due: readonly Mark[];
  readonly dense: { readonly past: boolean; readonly due: boolean };
  readonly troubled: number;
}

const TROUBLE: readonly RunState[] = ['failed', 'missed', 'skipped', 'replaced'];

/** True when it did not do what it was to do. */
export function isTrouble(state: RunState): boolean {
  return TROUBLE.includes(state);
}

/** The marks that lie between `now` less and `now` plus half the track. */
export function trackOf(runs: readonly RunView[], next: readonly Date[], now: number): Track {
  const place = (at: number): number => ((at - now + HALF_MS) / (2 * HALF_MS)) * 100;
  const past = runs
    .filter(({ dueAt, startedAt }) => Math.abs((startedAt ?? dueAt).getTime() - now) <= HALF_MS)
    .map(({ id, dueAt, startedAt, endedAt, state }): Mark => {
      const from = (startedAt ?? dueAt).getTime();
      const to = endedAt?.getTime() ?? (state === 'running' ? now : from);
      return { key: id, left: place(from), width: Math.max(0, place(to) - place(from)), state };
    });
  const due = next
    .map((at) => at.getTime())
    .filter((at) => at > now && at <= now + HALF_MS)
    .map((at): Mark => ({ key: String(at), left: place(at), width: 0, state: 'due' }));
  const troubled = past.filter(({ state }) => state !== 'due' && isTrouble(state)).length;
  return { past, due, troubled, dense: { past: past.length > MOST_MARKS, due: due.length > MOST_MARKS } };
}
