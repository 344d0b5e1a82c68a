/** The stages of an activation as lines, in the order in which they happen. Pure. */
import type { StageTimings } from '#shared/schemas/pool.ts';
import { ACTIVATION_STAGES } from '#shared/state/tenant-state.ts';

/** One line for each stage that was timed. */
export function stageLines(stages: StageTimings): string[] {
  return ACTIVATION_STAGES.flatMap((stage) => {
    const ms = stages[stage];
    return ms === undefined ? [] : [`${String(Math.round(ms)).padStart(7)} ms  ${stage}`];
  });
}
