import { describe, expect, it } from 'vitest';
import type { ScalingDecisionView } from '#shared/api/scaling.ts';
import { forecastOf } from './forecast.ts';

const MINUTE = 60_000;

function seen(
  snapshot: Partial<ScalingDecisionView['snapshot']>,
  claims: number,
  policy: Partial<ScalingDecisionView['policy']> = {},
): ScalingDecisionView {
  return {
    snapshot: {
      ...{ waiting: 3, starting: 0, stuck: 0, serving: 7, total: 10, queued: 0, reserved: 0, resting: 10 },
      ...{ memoryRoom: null, ...snapshot },
    },
    history: { claims, claimsWindowMs: 15 * MINUTE },
    policy: { enabled: true, maxTotal: 100, ...policy },
  } as ScalingDecisionView;
}

describe('the forecast', () => {
  it('says nothing of a time when nobody takes a bot', () => {
    expect(forecastOf(seen({}, 0))).toEqual({ claims: 0, windowMs: 15 * MINUTE, freeLastMs: null, roomLastsMs: null });
  });

  it('counts free bots and those that start, without the stuck and the spoken for, at the pace of the last minutes', () => {
    expect(forecastOf(seen({}, 5)).freeLastMs).toBe(9 * MINUTE);
    expect(forecastOf(seen({ starting: 4, stuck: 2, queued: 1 }, 5)).freeLastMs).toBe(12 * MINUTE);
    expect(forecastOf(seen({ waiting: 0, queued: 3 }, 5)).freeLastMs).toBe(0);
  });

  it('adds the bots that may still be made: to the maximum, or as far as the memory goes', () => {
    expect(forecastOf(seen({}, 5)).roomLastsMs).toBe(93 * 3 * MINUTE);
    expect(forecastOf(seen({ memoryRoom: 7 }, 5)).roomLastsMs).toBe(10 * 3 * MINUTE);
    expect(forecastOf(seen({ total: 120 }, 5)).roomLastsMs).toBe(3 * 3 * MINUTE);
    expect(forecastOf(seen({}, 5, { enabled: false })).roomLastsMs).toBeNull();
  });
});
