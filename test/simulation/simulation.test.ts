/** The protocol of the pool over thousands of seeded histories, and the bugs that such histories find. */
import { describe, expect, it } from 'vitest';
import { runHistory, shrinkHistory } from './history.ts';
import { judgeSeeds } from './judge.ts';
import { BUGS, type Bug, FAULTS } from './names.ts';

/** The same in every run; `npm run soak -- simulation` looks at others, and at more. */
const SEED = Number(process.env['SEED'] ?? 1);
const SEEDS = 1_000;
/** A bug that so many histories do not show is not found. */
const MOST_SEEDS = 1_000;

describe('the pool in simulated histories', () => {
  it(`keeps every promise over ${SEEDS} seeds, and comes to rest`, () => {
    console.log(`seeds from ${SEED} (replay with SEED=${SEED})`);
    const verdict = judgeSeeds(SEED, SEEDS);
    expect(verdict.broken, verdict.story).toEqual([]);
    // A history without bad luck or without customers would promise nothing.
    expect([...verdict.seen].sort()).toEqual([...FAULTS].sort());
    expect(verdict.updates).toBeGreaterThan(SEEDS);
  });

  it('is the same for the same seed', () => {
    const [one, other] = [runHistory(SEED), runHistory(SEED)];
    expect(one.history).toEqual(other.history);
    expect(one.updates).toBe(other.updates);
  });

  it('finds what was planted, and tells it in a shorter history', () => {
    const found = Object.keys(BUGS).filter((name) => {
      const bugs = [name as Bug];
      for (let seed = 1; seed <= MOST_SEEDS; seed += 1)
        if (runHistory(seed, { bugs }).broken !== undefined) return true;
      return false;
    });
    expect(found).toEqual(Object.keys(BUGS));
    const bugs = ['payment_credited_twice'] as const;
    const shorter = shrinkHistory(1, { bugs });
    expect(runHistory(1, shorter).broken).toBe('a payment is applied once');
    expect(shorter.without?.length).toBeGreaterThan(FAULTS.length / 2);
  });
});
