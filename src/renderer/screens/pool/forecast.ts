/** How long the free bots last at the present pace, and how long there is room for more. Pure. */
import type { ScalingDecisionView } from '#shared/api/scaling.ts';

/** What is foreseen. */
export interface Forecast {
  /** Activations within the time that was looked at, and that time in milliseconds. */
  readonly claims: number;
  readonly windowMs: number;
  /** How long until the last free bot is taken when none is added, in milliseconds; null: nobody takes any. */
  readonly freeLastMs: number | null;
  /** How long until neither free bots nor room for new ones are left, in milliseconds; null: nobody takes any, or none are added. */
  readonly roomLastsMs: number | null;
}

/** See the file. */
export function forecastOf({ snapshot, history, policy }: ScalingDecisionView): Forecast {
  const { claims, claimsWindowMs: windowMs } = history;
  const nobody = { claims, windowMs, freeLastMs: null, roomLastsMs: null };
  if (claims === 0 || windowMs === 0) return nobody;
  const perBot = windowMs / claims;
  const free = Math.max(0, snapshot.waiting + snapshot.starting - snapshot.stuck - snapshot.queued);
  const room = Math.max(0, Math.min(policy.maxTotal - snapshot.total, snapshot.memoryRoom ?? Infinity));
  return {
    claims,
    windowMs,
    freeLastMs: free * perBot,
    roomLastsMs: policy.enabled ? (free + room) * perBot : null,
  };
}
