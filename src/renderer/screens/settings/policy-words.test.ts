import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ScalingPolicy } from '#shared/schemas/scaling.ts';
import { parseScalingPolicy } from '#shared/schemas/scaling-policy.ts';
import { policyWords } from './policy-words.ts';

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const schedule = fc.record({
  days: fc.subarray(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const, { minLength: 1 }),
  from: time,
  until: time,
  zone: fc.constantFrom('UTC', 'Europe/Moscow', 'America/New_York'),
  free: fc.nat(500),
});
const policy: fc.Arbitrary<ScalingPolicy> = fc.record({
  enabled: fc.boolean(),
  minFree: fc.nat(1_000),
  batch: fc.integer({ min: 1, max: 100 }),
  maxTotal: fc.nat(5_000),
  percentage: fc.integer({ min: 0, max: 100 }),
  schedules: fc.array(schedule, { maxLength: 4 }),
  forecast: fc.boolean(),
  coolDownMs: fc.nat(86_400).map((seconds) => seconds * 1_000),
});

it('says the whole policy, whatever is in force', () => {
  fc.assert(
    fc.property(policy, policy, (wanted, present) => {
      expect(parseScalingPolicy(policyWords(wanted), present)).toEqual(wanted);
    }),
  );
});
