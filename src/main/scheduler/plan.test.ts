import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { dueBetween, MOST_COUNTED, nextDue, parseRule } from './expression.ts';
import { backOff, type PlanInput, planSchedule } from './plan.ts';

const at = (text: string): number => Date.parse(text);
const iso = (times: readonly number[]): string[] => times.map((time) => new Date(time).toISOString());
const rule = (expression: string, zone = 'UTC') => ({ expression, zone });

describe('a rule', () => {
  it('is due once on the day that skips its hour, and once on the day that has it twice', () => {
    const night = rule('30 2 * * *', 'Europe/Berlin');
    expect(iso(nextDue(night, at('2026-03-28T12:00:00Z'), 2))).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
    expect(iso(nextDue(night, at('2026-10-24T12:00:00Z'), 2))).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  it('of every half hour follows real time through both changes', () => {
    for (const from of ['2026-03-28T22:00:00Z', '2026-10-24T22:00:00Z']) {
      const times = nextDue(rule('*/30 * * * *', 'Europe/Berlin'), at(from), 20);
      expect(new Set(times.slice(1).map((time, index) => time - (times[index] ?? 0)))).toEqual(new Set([1_800_000]));
    }
  });

  it('may have seconds, and is refused when it cannot be read or is never due', () => {
    expect(iso(nextDue(rule('*/20 * * * * *'), at('2026-01-01T00:00:01Z'), 2))).toEqual([
      '2026-01-01T00:00:20.000Z',
      '2026-01-01T00:00:40.000Z',
    ]);
    const refused = (text: string, zone = 'UTC'): boolean => {
      try {
        parseRule(rule(text, zone), 0);
        return false;
      } catch (error) {
        return isBotpoolError(error, 'schedule_invalid');
      }
    };
    expect(['every day', '61 * * * *', '* * *', '0 0 30 2 *', ''].map((text) => refused(text))).toEqual(
      Array(5).fill(true),
    );
    expect(refused('0 0 * * *', 'Mars/Phobos')).toBe(true);
  });

  it('is counted to the limit at the cost of the limit, and its last instant is still the right one', () => {
    const due = dueBetween(rule('* * * * * *'), 0, 10_000_000_500);
    expect(due).toEqual({ count: MOST_COUNTED, first: 1_000, last: 10_000_000_000 });
  });
});

const EXPRESSIONS = [
  '* * * * *',
  '*/7 * * * *',
  '0 2 * * *',
  '30 2 * * *',
  '0 9-18 * * 1-5',
  '15 3 1 * *',
  '*/20 * * * * *',
];
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia'];

const inputs = fc.record({
  rule: fc.record({ expression: fc.constantFrom(...EXPRESSIONS), zone: fc.constantFrom(...ZONES) }),
  overlap: fc.constantFrom('forbid', 'queue', 'replace'),
  startDeadlineMs: fc.integer({ min: 1_000, max: 7_200_000 }),
  catchUp: fc.boolean(),
  decidedTo: fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2026-12-31T00:00:00Z') }),
  open: fc.constant([] as PlanInput['open']),
});

describe('a plan', () => {
  it('is the same whether one looks once or often, and repeats nothing', () => {
    fc.assert(
      fc.property(
        inputs,
        fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 1, maxLength: 30 }),
        (input, steps) => {
          let cursor = input.decidedTo;
          let now = input.decidedTo;
          const decided: number[] = [];
          let missed = 0;
          for (const step of steps) {
            now += step;
            const plan = planSchedule({ ...input, decidedTo: cursor, startDeadlineMs: 7_200_000 }, now);
            expect(plan.decidedTo).toBeGreaterThanOrEqual(cursor);
            expect(planSchedule({ ...input, decidedTo: plan.decidedTo }, now).runs).toEqual([]);
            cursor = plan.decidedTo;
            decided.push(...plan.runs.filter((run) => run.state === 'queued').map((run) => run.dueAt));
            missed += plan.runs.reduce((sum, run) => sum + run.missed, 0);
          }
          const due = dueBetween(input.rule, input.decidedTo, now);
          expect(new Set(decided).size).toBe(decided.length);
          // Every instant is decided exactly once: begun, or counted as missed.
          expect(decided.length + missed).toBe(due?.count ?? 0);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('after any outage starts at most one run, and tells all the others as missed', () => {
    fc.assert(
      fc.property(inputs, fc.integer({ min: 1, max: 40 * 86_400_000 }), (input, outage) => {
        const now = input.decidedTo + outage;
        const { runs } = planSchedule(input, now);
        const begun = runs.filter((run) => run.state === 'queued');
        const due = dueBetween(input.rule, input.decidedTo, now);
        expect(begun.length).toBeLessThanOrEqual(1);
        expect(runs.reduce((sum, run) => sum + run.missed, 0) + begun.length).toBe(due?.count ?? 0);
        const late = due !== undefined && now - due.last > input.startDeadlineMs;
        if (due !== undefined) expect(begun.length).toBe(late && !input.catchUp ? 0 : 1);
        if (begun[0] !== undefined) expect(begun[0].cause).toBe(late ? 'catch-up' : 'schedule');
      }),
      { numRuns: 25 },
    );
  });

  const hourly = {
    rule: rule('0 * * * *'),
    startDeadlineMs: 60_000,
    catchUp: true,
    decidedTo: at('2026-01-01T00:00:00Z'),
  };
  const now = at('2026-01-01T01:00:01Z');

  it('keeps to the policy when the run before has not ended', () => {
    const running = { id: 'a', state: 'running' } as const;
    const queued = { id: 'b', state: 'queued' } as const;
    const fate = (overlap: PlanInput['overlap'], open: PlanInput['open']): readonly unknown[] => {
      const plan = planSchedule({ ...hourly, overlap, open }, now);
      return [plan.runs.map((run) => run.state), plan.replace];
    };
    expect(fate('forbid', [running])).toEqual([['skipped'], []]);
    expect(fate('queue', [running])).toEqual([['queued'], []]);
    expect(fate('queue', [running, queued])).toEqual([['skipped'], []]);
    expect(fate('replace', [running, queued])).toEqual([['queued'], ['a', 'b']]);
  });

  it('does not fall silent when a clock that was ahead goes back', () => {
    const ahead = { ...hourly, overlap: 'forbid', open: [], decidedTo: at('2030-01-01T00:00:00Z') } as const;
    const plan = planSchedule(ahead, now);
    expect([plan.clockWentBack, plan.decidedTo, plan.runs]).toEqual([true, now, []]);
    expect(planSchedule({ ...ahead, decidedTo: plan.decidedTo }, at('2026-01-01T02:00:00Z')).runs).toHaveLength(1);
  });
});

it('the back-off doubles, and ends at a day', () => {
  expect([1, 2, 3, 40].map((retry) => backOff(60_000, retry))).toEqual([60_000, 120_000, 240_000, 86_400_000]);
});
