import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BACKUP_STATES, retentionPolicySchema } from '#shared/schemas/backup.ts';
import { type Keepable, planRetention } from './retention.ts';

const NOW = Date.UTC(2026, 5, 1);
const HOUR = 3_600_000;

function daily(count: number, change: Partial<Keepable> = {}): Keepable[] {
  return Array.from({ length: count }, (_, day) => ({
    id: `d${day}`,
    scope: 'all',
    state: 'verified' as const,
    cause: 'schedule' as const,
    takenAt: new Date(NOW - day * 24 * HOUR),
    pinned: false,
    ...change,
  }));
}

const none = { last: 1, hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 };

describe('retention', () => {
  it('keeps one of each day, week, month and year, and says by which rule', () => {
    const plan = planRetention(daily(800), { ...none, last: 2, daily: 3, weekly: 2, monthly: 3, yearly: 5 }, NOW);
    expect(plan.keep['d0']).toEqual(['newest', 'last', 'daily', 'weekly', 'monthly', 'yearly']);
    expect(plan.keep['d2']).toEqual(['daily']);
    // 1 June, 31 May, 30 April; and the last days of 2025 and 2024.
    expect(plan.keep['d1']).toContain('monthly');
    expect(plan.keep['d32']).toEqual(['monthly']);
    expect(Object.values(plan.keep).filter((rules) => rules.includes('yearly'))).toHaveLength(3);
    expect(Object.keys(plan.keep).length + plan.remove.length).toBe(800);
  });

  it('never removes anything on the strength of a backup that was not verified', () => {
    const stored = daily(5, { state: 'stored' });
    expect(planRetention(stored, none, NOW).remove).toEqual([]);
    const mixed = stored.map((backup, day) => ({ ...backup, state: day === 2 ? ('verified' as const) : backup.state }));
    expect(planRetention(mixed, none, NOW).remove).toEqual(['d4', 'd3']);
  });

  it('keeps what is pinned, and what was made before a restore for a week', () => {
    const [first, second, third] = daily(3);
    if (first === undefined || second === undefined || third === undefined) throw new Error('three were made');
    const plan = planRetention([first, { ...second, pinned: true }, { ...third, cause: 'safety' }], none, NOW);
    expect(plan.remove).toEqual([]);
    expect(planRetention([first, { ...third, cause: 'safety' }], none, NOW + 8 * 24 * HOUR).remove).toEqual(['d2']);
  });

  it('for any history keeps the newest verified one of each scope, and loses no backup from its account', () => {
    const backup = fc.record({
      scope: fc.constantFrom('all', 'client_001'),
      state: fc.constantFrom(...BACKUP_STATES),
      cause: fc.constantFrom('manual' as const, 'schedule' as const, 'safety' as const),
      takenAt: fc.integer({ min: 0, max: 20_000 }).map((hours) => new Date(NOW - hours * HOUR)),
      pinned: fc.boolean(),
    });
    const rule = fc.integer({ min: 0, max: 5 });
    const policy = fc.record({
      last: fc.integer({ min: 1, max: 5 }),
      hourly: rule,
      daily: rule,
      weekly: rule,
      monthly: rule,
      yearly: rule,
    });
    fc.assert(
      fc.property(fc.array(backup, { maxLength: 40 }), policy, (made, rules) => {
        const backups = made.map((each, place) => ({ ...each, id: `b${String(place).padStart(2, '0')}` }));
        const { keep, remove } = planRetention(backups, retentionPolicySchema.parse(rules), NOW);
        expect([...Object.keys(keep), ...remove].sort()).toEqual(backups.map(({ id }) => id).sort());
        for (const scope of ['all', 'client_001']) {
          const verified = backups.filter((each) => each.scope === scope && each.state === 'verified');
          const newest = Math.max(...verified.map(({ takenAt }) => takenAt.getTime()));
          if (verified.length > 0) {
            expect(verified.some(({ id, takenAt }) => takenAt.getTime() === newest && id in keep)).toBe(true);
          } else {
            expect(
              backups.filter(
                ({ id, state }) =>
                  remove.includes(id) &&
                  ['stored', 'suspect'].includes(state) &&
                  backups.find((each) => each.id === id)?.scope === scope,
              ),
            ).toEqual([]);
          }
        }
        expect(
          backups.filter(({ id, pinned, state }) => (pinned || state === 'running') && remove.includes(id)),
        ).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
