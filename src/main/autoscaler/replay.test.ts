import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DemandEvent, replay } from './replay.ts';

const POLICY = {
  ...{ enabled: true, minFree: 3, batch: 5, maxTotal: 100, percentage: 0, schedules: [], forecast: false },
  coolDownMs: 600_000,
};
const OPTIONS = { from: 0, until: 3_600_000, resting: 10, serving: 0, startMs: 2_000, checkMs: 30_000 };

function burst(count: number, at: number): DemandEvent[] {
  return Array.from({ length: count }, () => ({ at, type: 'claim' as const }));
}

describe('a replay', () => {
  it('fills up after a burst, and nobody waits who need not', () => {
    expect(replay(burst(8, 1_000), POLICY, OPTIONS)).toMatchObject({
      ...{ botsStarted: 5, clientsWaited: 0, peakBots: 15, belowLineMs: 2_000, emptyMs: 0 },
    });
  });

  it('shows whom a smaller buffer lets wait, and for how long', () => {
    const demand = burst(12, 1_000);
    expect(replay(demand, POLICY, OPTIONS)).toMatchObject({ clientsWaited: 2, longestWaitMs: 2_000 });
    expect(replay(demand, { ...POLICY, minFree: 12 }, OPTIONS)).toMatchObject({ clientsWaited: 2, peakBots: 25 });
    expect(replay(demand, { ...POLICY, enabled: false }, OPTIONS)).toMatchObject({
      ...{ botsStarted: 0, clientsWaited: 2, longestWaitMs: 3_599_000 },
    });
  });

  it('removes what was only needed for a while', () => {
    const demand = [...burst(20, 1_000), ...burst(20, 60_000).map(({ at }) => ({ at, type: 'end' as const }))];
    const figures = replay(demand, POLICY, OPTIONS);
    expect(figures.botsRemoved).toBe(figures.botsStarted);
  });

  it('never has more bots than the maximum, nor loses one', () => {
    const events = fc.array(fc.tuple(fc.integer({ min: 0, max: 3_500_000 }), fc.boolean()), { maxLength: 80 });
    fc.assert(
      fc.property(events, (list) => {
        const demand = list
          .map(([at, claim]) => ({ at, type: claim ? ('claim' as const) : ('end' as const) }))
          .sort((a, b) => a.at - b.at);
        const figures = replay(demand, { ...POLICY, maxTotal: 20 }, OPTIONS);
        expect(figures.peakBots).toBeLessThanOrEqual(20);
        expect(figures.botsRemoved).toBeLessThanOrEqual(figures.botsStarted);
      }),
      { numRuns: 200 },
    );
  });
});
