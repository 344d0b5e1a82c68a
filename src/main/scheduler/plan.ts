/** Decides what becomes of the instants at which a schedule was due. Pure: plain data in, decisions out. */
import type { OverlapPolicy } from '#shared/schemas/schedule.ts';
import type { RunState } from '#shared/state/run-state.ts';
import { dueBetween, type Rule } from './expression.ts';

/** A run that has not ended. */
export interface OpenRun {
  readonly id: string;
  readonly state: Extract<RunState, 'queued' | 'running'>;
}

/** A schedule as the planner sees it. Instants and times in milliseconds. */
export interface PlanInput {
  readonly rule: Rule;
  readonly overlap: OverlapPolicy;
  readonly startDeadlineMs: number;
  readonly catchUp: boolean;
  /** Everything due up to here has been decided. */
  readonly decidedTo: number;
  readonly open: readonly OpenRun[];
}

/** A run to be written down. */
export interface PlannedRun {
  readonly dueAt: number;
  readonly cause: 'schedule' | 'catch-up';
  readonly state: Extract<RunState, 'queued' | 'missed' | 'skipped'>;
  /** How many instants a missed run stands for. */
  readonly missed: number;
}

/** What to do about a schedule now. */
export interface Plan {
  readonly decidedTo: number;
  readonly runs: readonly PlannedRun[];
  /** Runs that give way to the new one. */
  readonly replace: readonly string[];
  /** The clock has gone back: what lies between is looked at again, and each instant still has one run at most. */
  readonly clockWentBack: boolean;
}

/** A clock that is corrected by less is not worth a word. */
const TOLERANCE_MS = 60_000;

/** Plans one schedule. Running it twice with the same `now` plans nothing the second time. */
export function planSchedule(input: PlanInput, now: number): Plan {
  if (input.decidedTo > now + TOLERANCE_MS) {
    return { decidedTo: now, runs: [], replace: [], clockWentBack: true };
  }
  const due = dueBetween(input.rule, input.decidedTo, now);
  if (due === undefined) return { decidedTo: input.decidedTo, runs: [], replace: [], clockWentBack: false };
  const late = now - due.last > input.startDeadlineMs;
  const starts = !late || input.catchUp;
  const lost = starts ? due.count - 1 : due.count;
  const runs: PlannedRun[] = [];
  if (lost > 0) runs.push({ dueAt: due.first, cause: 'schedule', state: 'missed', missed: lost });
  const replace: string[] = [];
  if (starts) {
    const cause = late ? 'catch-up' : 'schedule';
    const fate = fateOf(input);
    if (fate === 'replace') replace.push(...input.open.map((run) => run.id));
    runs.push({ dueAt: due.last, cause, state: fate === 'skip' ? 'skipped' : 'queued', missed: 0 });
  }
  return { decidedTo: due.last, runs, replace, clockWentBack: false };
}

function fateOf({ overlap, open }: PlanInput): 'start' | 'skip' | 'replace' {
  if (open.length === 0) return 'start';
  if (overlap === 'replace') return 'replace';
  // One waits at most: a slow job must not pile up a night of runs.
  if (overlap === 'queue' && open.every((run) => run.state === 'running')) return 'start';
  return 'skip';
}

/** How long to wait before the next try; the first retry is number 1. Doubles up to a day. */
export function backOff(backOffMs: number, retry: number): number {
  return Math.min(backOffMs * 2 ** Math.min(retry - 1, 30), 86_400_000);
}
