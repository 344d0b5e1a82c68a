import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterEnd, HEALTHY_AFTER_MS, LONGEST_PAUSE_MS, NO_MEMORY, type RestartMemory } from './back-off.ts';

/** The pauses after a history of ends. */
function pauses(ends: readonly { readonly exitCode: number; readonly ranMs: number }[]): number[] {
  let memory: RestartMemory = NO_MEMORY;
  return ends.map((end) => {
    const decision = afterEnd(end, memory);
    memory = decision.memory;
    return decision.pauseMs;
  });
}

const failed = { exitCode: 1, ranMs: 5 };
const clean = { exitCode: 0, ranMs: 5_000 };
const quick = { exitCode: 0, ranMs: 5 };

describe('the pause before a restart', () => {
  it('is nothing after a clean end', () => {
    expect(pauses([clean, clean, clean, clean, clean])).toEqual([0, 0, 0, 0, 0]);
  });

  it('doubles with each failure up to half a minute', () => {
    const expected = [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000];
    expect(pauses(Array.from(expected, () => failed))).toEqual(expected);
  });

  it('starts over after ten seconds of running', () => {
    expect(pauses([failed, failed, { exitCode: 1, ranMs: HEALTHY_AFTER_MS }, failed])).toEqual([100, 200, 100, 200]);
  });

  it('grows when a program ends cleanly again and again at once', () => {
    expect(pauses([quick, quick, quick, quick, quick, clean, quick])).toEqual([0, 0, 0, 100, 200, 0, 0]);
  });

  it('is never longer than the longest, and never nothing after a failure', () => {
    const end = fc.record({ exitCode: fc.integer({ min: 0, max: 255 }), ranMs: fc.nat(20_000) });
    fc.assert(
      fc.property(fc.array(end, { maxLength: 60 }), (ends) => {
        for (const [index, pause] of pauses(ends).entries()) {
          expect(pause).toBeLessThanOrEqual(LONGEST_PAUSE_MS);
          if (ends[index]?.exitCode !== 0) expect(pause).toBeGreaterThan(0);
        }
      }),
    );
  });
});
