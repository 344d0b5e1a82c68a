/** Where the bars of a waterfall stand. Pure. */
import type { StageTimings } from '#shared/schemas/pool.ts';
import { ACTIVATION_STAGES, type ActivationStage } from '#shared/state/tenant-state.ts';

/** The stages that are shown. */
export type ShownStage = Exclude<ActivationStage, 'claimed' | 'delivered'>;

/** One bar; `left` and `width` in percent of the whole. `ms`: how long the stage took; undefined when it is not over. */
export interface Bar {
  readonly stage: ShownStage;
  readonly left: number;
  readonly width: number;
  readonly ms: number | undefined;
  readonly running: boolean;
}

/** A first guess of how long an activation takes, so that a running bar does not fill everything at once. */
const SCALE_MS = 400;

/**
 * `claimed` is where the clock starts and has no bar. `prepared` and `delivered` follow each other; what the bot does
 * afterwards runs side by side, each from the end of the stage before it in the order of time.
 */
export function barsOf(stages: StageTimings, runningMs?: number): readonly Bar[] {
  const shown = ACTIVATION_STAGES.filter((stage): stage is ShownStage => stage !== 'claimed' && stage !== 'delivered');
  const known = shown.flatMap((stage) => stages[stage] ?? []);
  const end = Math.max(runningMs === undefined ? 1 : SCALE_MS, ...known, runningMs ?? 0);
  const current = runningMs === undefined ? undefined : shown.find((stage) => stages[stage] === undefined);
  const before = (at: number): number => Math.max(0, ...known.filter((other) => other < at));
  return shown.map((stage) => {
    const at = stages[stage];
    const running = stage === current;
    const from = at === undefined ? Math.max(0, ...known) : before(at);
    const to = at ?? (running ? Math.max(runningMs ?? 0, from) : from);
    return {
      stage,
      left: (from / end) * 100,
      width: ((to - from) / end) * 100,
      ms: at === undefined ? undefined : at - from,
      running,
    };
  });
}
