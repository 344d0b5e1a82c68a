/** A policy as the words that the server takes. Every word is there, so that nothing of the present policy stays by accident. Pure. */
import type { ScalingPolicy, ScalingSchedule } from '#shared/schemas/scaling.ts';

const SECOND = 1_000;

/** See the file. */
export function policyWords(policy: ScalingPolicy): string {
  const { enabled, minFree, batch, maxTotal, percentage, forecast, coolDownMs, schedules } = policy;
  return [
    `autoscaler=${enabled ? 'on' : 'off'}`,
    `min=${minFree}`,
    `batch=${batch}`,
    `max=${maxTotal}`,
    `percent=${percentage}`,
    `forecast=${forecast ? 'on' : 'off'}`,
    `cooldown=${Math.round(coolDownMs / SECOND)}`,
    ...(schedules.length === 0 ? ['schedule=off'] : schedules.map(scheduleWords)),
  ].join(', ');
}

function scheduleWords({ days, from, until, zone, free }: ScalingSchedule): string {
  return `schedule=${days.join('+')} ${from}-${until} ${zone} ${free}`;
}
