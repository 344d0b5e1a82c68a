import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overlaps } from './interval.ts';
import { type BookingRules, datesOf, type Member, offerAt, offersBetween } from './offers.ts';
import type { DayInterval } from './open-hours.ts';
import { heldBy } from './slots.ts';
import { addDays, zoneOf } from './zone.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const anyDay: fc.Arbitrary<DayInterval[]> = fc.constantFrom(
  [],
  [{ opens: 0, closes: 1_440 }],
  [{ opens: 540, closes: 1_080 }],
  [
    { opens: 120, closes: 190 },
    { opens: 1_200, closes: 1_440 },
  ],
);
const anyMember = (id: number, now: number): fc.Arbitrary<Member> =>
  fc
    .record({
      days: fc.array(anyDay, { minLength: 7, maxLength: 7 }),
      busy: fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 30 })), { maxLength: 8 }),
    })
    .map(({ days, busy }) => ({
      id,
      name: `Member ${id}`,
      hours: { weekly: new Map(days.map((day, index) => [index + 1, day])), dated: new Map() },
      busy: busy.map(([from, hours]) => ({ from: now + from * HOUR, to: now + (from + hours) * HOUR })),
    }));

// Around the changes of the clocks, when there are any.
const anyMoment = fc.constantFrom(
  ['Europe/Berlin', '2026-03-27'],
  ['Europe/Berlin', '2026-10-23'],
  ['America/New_York', '2026-10-30'],
  ['Europe/Moscow', '2026-11-28'],
);
const anyCase = anyMoment.chain(([name = 'UTC', today = '2026-01-01']) => {
  const now = Date.parse(`${today}T10:00:00Z`);
  return fc.record({
    now: fc.constant(now),
    today: fc.constant(today),
    rules: fc.record({
      zone: fc.constant(zoneOf(name)),
      slotStepMinutes: fc.constantFrom(15, 30, 50, 60),
      leadMinutes: fc.constantFrom(0, 60, 1_000),
      horizonDays: fc.constantFrom(3, 60),
    }) satisfies fc.Arbitrary<BookingRules>,
    service: fc.record({
      id: fc.constant(1),
      durationMinutes: fc.constantFrom(30, 90, 600),
      bufferBeforeMinutes: fc.constantFrom(0, 15),
      bufferAfterMinutes: fc.constantFrom(0, 20),
      capacity: fc.constant(1),
    }),
    members: fc.tuple(anyMember(1, now), anyMember(2, now)),
  });
});

describe('what a customer may choose', () => {
  test('is the same whether a month or a moment is asked for, so that a shown time can be confirmed', () => {
    fc.assert(
      fc.property(anyCase, ({ service, members, rules, now, today }) => {
        const offers = offersBetween(service, members, rules, now, [today, addDays(today, 5)]);
        for (const offer of offers) {
          expect(offerAt(service, members, rules, now, offer.start)).toEqual(offer);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('is with members who are at work and free, in time, on the dates that were asked for', () => {
    fc.assert(
      fc.property(anyCase, ({ service, members, rules, now, today }) => {
        const last = addDays(today, 5);
        for (const { start, end, memberIds } of offersBetween(service, members, rules, now, [today, last])) {
          const clock = rules.zone.wallClock(start);
          expect(clock.date >= today && clock.date <= last).toBe(true);
          expect(start).toBeGreaterThanOrEqual(now + rules.leadMinutes * 60_000);
          expect(start).toBeLessThan(now + rules.horizonDays * DAY);
          for (const member of members.filter(({ id }) => memberIds.includes(id))) {
            expect(member.busy.some((busy) => overlaps(busy, heldBy(service, start)))).toBe(false);
            for (let at = start; at < end; at += 5 * 60_000) {
              const { minutes, weekday } = rules.zone.wallClock(at);
              const day = member.hours.weekly.get(weekday) ?? [];
              expect(day.some(({ opens, closes }) => opens <= minutes && minutes < closes)).toBe(true);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('names first who has the least to do, and each date once', () => {
    const rules = { zone: zoneOf('UTC'), slotStepMinutes: 60, leadMinutes: 0, horizonDays: 9 };
    const service = { id: 1, durationMinutes: 60, bufferBeforeMinutes: 0, bufferAfterMinutes: 0, capacity: 1 };
    const now = Date.parse('2026-11-23T00:00:00Z');
    const hours = { weekly: new Map([1, 2].map((day) => [day, [{ opens: 540, closes: 660 }]])), dated: new Map() };
    const busy = [{ from: now + 9 * HOUR, to: now + 10 * HOUR }];
    const members = [
      { id: 1, name: 'A', hours, busy },
      { id: 2, name: 'B', hours, busy: [] },
    ];
    const offers = offersBetween(service, members, rules, now, ['2026-11-23', '2026-11-24']);
    expect(offers.map(({ memberIds }) => memberIds)).toEqual([[2], [2, 1], [2, 1], [2, 1]]);
    expect(datesOf(offers, rules.zone)).toEqual(['2026-11-23', '2026-11-24']);
  });
});
