import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScalingHistory, ScalingPolicy, ScalingSnapshot } from '#shared/schemas/scaling.ts';
import { backOffMs, decide, settlesIn } from './decide.ts';
import { holds } from './demand.ts';

const POLICY: ScalingPolicy = {
  ...{ enabled: true, minFree: 3, batch: 5, maxTotal: 100, percentage: 0, schedules: [], forecast: false },
  coolDownMs: 600_000,
};
const SNAPSHOT: ScalingSnapshot = {
  ...{ waiting: 10, starting: 0, stuck: 0, serving: 0, total: 10, queued: 0, reserved: 0, resting: 10 },
  memoryRoom: null,
};
const HISTORY: ScalingHistory = {
  ...{ claims: 0, claimsWindowMs: 900_000, startMs: 2_000, surplusSince: null },
  ...{ failures: 0, failedAt: null, engineFull: false },
};
const NOW = Date.UTC(2026, 10, 27, 15, 0);

function decideWith(
  snapshot: Partial<ScalingSnapshot>,
  policy: Partial<ScalingPolicy> = {},
  history: Partial<ScalingHistory> = {},
  now = NOW,
) {
  return decide({ ...SNAPSHOT, ...snapshot }, { ...POLICY, ...policy }, { ...HISTORY, ...history }, now);
}

describe('growing', () => {
  it('starts a batch when fewer than the line wait or start', () => {
    expect(decideWith({ waiting: 3, serving: 7 })).toMatchObject({ action: 'hold', reason: 'enough' });
    expect(decideWith({ waiting: 2, serving: 8 })).toMatchObject({
      ...{ action: 'grow', count: 5, reason: 'below_line', state: 'filling', missing: 1 },
      formula: '2 waiting + 0 starting < 3 free (fixed) + 0 queued',
    });
    expect(decideWith({ waiting: 0, starting: 3, serving: 7 })).toMatchObject({ action: 'hold' });
  });

  it('starts whole batches for clients that wait', () => {
    expect(decideWith({ waiting: 0, serving: 10, queued: 4 })).toMatchObject({ count: 10, missing: 7, needed: 7 });
  });

  it('says which limit held, and that the pool is limited when it cannot have what it needs', () => {
    expect(decideWith({ waiting: 0, serving: 98, total: 98 })).toMatchObject({
      ...{ action: 'grow', count: 2, limits: ['maximum'], state: 'limited' },
    });
    expect(decideWith({ waiting: 0, total: 100, memoryRoom: 0 })).toMatchObject({
      ...{ action: 'hold', reason: 'limited', limits: ['maximum', 'memory'], state: 'limited' },
    });
    expect(decideWith({ waiting: 2, total: 96, memoryRoom: 50 })).toMatchObject({
      ...{ count: 4, limits: ['maximum'], state: 'filling' },
    });
  });

  it('knows when time alone changes what it does', () => {
    const settles = (snapshot: Partial<ScalingSnapshot>, history: Partial<ScalingHistory> = {}): number => {
      const past = { ...HISTORY, ...history };
      return settlesIn(decide({ ...SNAPSHOT, ...snapshot }, POLICY, past, NOW), POLICY, past, NOW);
    };
    expect(settles({ waiting: 3 })).toBe(Infinity);
    expect(settles({ waiting: 0 }, { failures: 1, failedAt: NOW - 2_000 })).toBe(3_000);
    // The one that is tried shows whether more may be; a full pool waits for no clock.
    expect(settles({ waiting: 0 }, { failures: 1, failedAt: NOW - 6_000 })).toBe(Infinity);
    expect(settles({ waiting: 0, total: 100 }, { failures: 1, failedAt: NOW - 6_000 })).toBe(Infinity);
    expect(settles({ waiting: 20, total: 20 }, { surplusSince: NOW - 200_000 })).toBe(400_000);
  });

  it('waits longer after each failed start, then tries one', () => {
    expect([0, 1, 2, 3, 20].map(backOffMs)).toEqual([0, 5_000, 10_000, 20_000, 300_000]);
    const failed = { failures: 2, failedAt: NOW };
    expect(decideWith({ waiting: 0 }, {}, failed, NOW + 9_999)).toMatchObject({ action: 'hold', limits: ['back_off'] });
    expect(decideWith({ waiting: 0 }, {}, failed, NOW + 10_000)).toMatchObject({ action: 'grow', count: 1 });
    expect(decideWith({ waiting: 0 }, {}, { ...failed, engineFull: true })).toMatchObject({ limits: ['engine'] });
    // Set back by an hour meanwhile: nobody waits for the clock to come to that point again.
    expect(decideWith({ waiting: 0 }, {}, failed, NOW - 3_600_000)).toMatchObject({ action: 'grow' });
  });

  it('makes no more of what does not come up', () => {
    expect(decideWith({ waiting: 2, starting: 1, stuck: 1 })).toMatchObject({ count: 1, limits: ['stuck'] });
    expect(decideWith({ waiting: 0, starting: 5, stuck: 5 })).toMatchObject({ action: 'hold', state: 'limited' });
  });

  it('does nothing when it is switched off', () => {
    expect(decideWith({ waiting: 0 }, { enabled: false })).toMatchObject({ action: 'hold', state: 'off' });
  });
});

describe('the rules', () => {
  it('keep a share of what serves', () => {
    expect(decideWith({ waiting: 9, serving: 100, total: 109 }, { percentage: 10, maxTotal: 500 })).toMatchObject({
      ...{ action: 'grow', rule: 'percentage', free: 10 },
    });
  });

  it('keep what a schedule names, in its zone, also over midnight, and begin a start ahead', () => {
    const friday = { days: ['fri' as const], from: '18:00', until: '02:00', zone: 'Europe/Moscow', free: 20 };
    expect(holds(friday, NOW)).toBe(true);
    expect(holds(friday, NOW - 1)).toBe(false);
    expect(holds(friday, Date.UTC(2026, 10, 27, 22, 59))).toBe(true);
    expect(holds(friday, Date.UTC(2026, 10, 27, 23, 0))).toBe(false);
    expect(holds(friday, Date.UTC(2026, 10, 26, 16, 0))).toBe(false);
    expect(decideWith({}, { schedules: [friday] }, {}, NOW - 1_000)).toMatchObject({ rule: 'schedule', free: 20 });
  });

  it('keep the hour of the wall on the day on which clocks change', () => {
    const sunday = { days: ['sun' as const], from: '03:00', until: '04:00', zone: 'Europe/Berlin', free: 1 };
    expect(holds(sunday, Date.UTC(2026, 9, 25, 1, 59))).toBe(false);
    expect(holds(sunday, Date.UTC(2026, 9, 25, 2, 0))).toBe(true);
  });

  it('look ahead by the rate of activations and the time that a start takes', () => {
    const busy = { claims: 60, claimsWindowMs: 60_000, startMs: 4_000 };
    expect(decideWith({}, { forecast: true }, busy)).toMatchObject({ rule: 'forecast', free: 8 });
    expect(decideWith({}, { forecast: true })).toMatchObject({ rule: 'fixed', free: 3 });
  });
});

describe('shrinking', () => {
  const many = { waiting: 20, total: 20, resting: 10 };
  const long = { surplusSince: NOW - 600_000 };
  it('removes idle surplus after the cool-down, a batch above the line stays', () => {
    expect(decideWith(many)).toMatchObject({ action: 'hold', reason: 'cooling' });
    expect(decideWith(many, {}, { surplusSince: NOW - 599_999 })).toMatchObject({ reason: 'cooling' });
    expect(decideWith(many, {}, long)).toMatchObject({ action: 'shrink', count: 10 });
    expect(decideWith({ ...many, resting: 0 }, {}, long)).toMatchObject({ action: 'shrink', count: 12 });
  });

  it('stops at the resting size, and leaves what is reserved', () => {
    expect(decideWith({ waiting: 10, total: 10, resting: 10 }, {}, long)).toMatchObject({ reason: 'resting' });
    expect(decideWith({ ...many, reserved: 12 }, {}, long)).toMatchObject({ action: 'shrink', count: 5 });
    expect(decideWith({ ...many, reserved: 17 }, {}, long)).toMatchObject({ reason: 'reserved' });
  });
});

const count = (max: number) => fc.integer({ min: 0, max });
const snapshots = fc
  .record({
    waiting: count(60),
    starting: count(60),
    stuckShare: fc.double({ min: 0, max: 1, noNaN: true }),
    serving: count(200),
    queued: count(20),
    reserved: count(20),
    resting: count(100),
    memoryRoom: fc.option(count(50), { nil: null }),
  })
  .map(({ stuckShare, ...rest }): ScalingSnapshot => {
    const total = rest.waiting + rest.starting + rest.serving;
    return { ...rest, stuck: Math.floor(rest.starting * stuckShare), total };
  });
const policies = fc.record({
  enabled: fc.boolean(),
  minFree: count(30),
  batch: fc.integer({ min: 1, max: 20 }),
  maxTotal: count(300),
  percentage: count(50),
  schedules: fc.constant<ScalingPolicy['schedules']>([]),
  forecast: fc.boolean(),
  coolDownMs: count(900_000),
});
const histories = fc.record({
  claims: count(500),
  claimsWindowMs: fc.constant(900_000),
  startMs: count(60_000),
  surplusSince: fc.option(fc.integer({ min: NOW - 2_000_000, max: NOW }), { nil: null }),
  failures: count(12),
  failedAt: fc.option(fc.integer({ min: NOW - 700_000, max: NOW }), { nil: null }),
  engineFull: fc.boolean(),
});

describe('whatever happens', () => {
  const always = (check: (snapshot: ScalingSnapshot, policy: ScalingPolicy, history: ScalingHistory) => void): void =>
    fc.assert(fc.property(snapshots, policies, histories, check), { numRuns: 2_000 });

  it('the pool never grows past its maximum or the memory of its host', () => {
    always((snapshot, policy, history) => {
      const { action, count: many } = decide(snapshot, policy, history, NOW);
      if (action !== 'grow') return;
      expect(many).toBeGreaterThan(0);
      expect(snapshot.total + many).toBeLessThanOrEqual(policy.maxTotal);
      if (snapshot.memoryRoom !== null) expect(many).toBeLessThanOrEqual(snapshot.memoryRoom);
    });
  });

  it('nobody is removed who is needed, reserved, or part of the resting size', () => {
    always((snapshot, policy, history) => {
      const { action, count: many, needed } = decide(snapshot, policy, history, NOW);
      if (action !== 'shrink') return;
      expect(many).toBeGreaterThan(0);
      expect(snapshot.waiting - many).toBeGreaterThanOrEqual(needed + snapshot.reserved);
      expect(snapshot.total - many).toBeGreaterThanOrEqual(snapshot.resting);
    });
  });

  it('what is missing and not started is called limited', () => {
    always((snapshot, policy, history) => {
      const { missing, count: many, state, limits } = decide(snapshot, policy, history, NOW);
      if (!policy.enabled || missing === 0) return;
      expect(state === 'limited').toBe(many < missing);
      if (state === 'limited') expect(limits.length).toBeGreaterThan(0);
    });
  });

  it('growing leads to rest: when everything that was started waits, nothing more is started or removed', () => {
    always((snapshot, policy, history) => {
      const first = decide(snapshot, policy, history, NOW);
      if (first.action !== 'grow' || first.state === 'limited') return;
      const after = { ...snapshot, waiting: snapshot.waiting + first.count, total: snapshot.total + first.count };
      expect(decide(after, policy, history, NOW).action).toBe('hold');
    });
  });
});
