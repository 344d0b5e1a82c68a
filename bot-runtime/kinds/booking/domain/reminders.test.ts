/** When a customer is reminded: exact instants, over the days on which clocks change, and never after the visit. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeReminder, planReminders } from './reminders.ts';
import { zoneOf } from './zone.ts';

const berlin = zoneOf('Europe/Berlin');
const HOUR = 3_600_000;

test('hours are hours, and a day before is the same time on the wall, also when clocks have changed in between', () => {
  // Clocks go forward on 29 March 2026 at 2:00: the visit is at 12:00 on that day.
  const start = Date.parse('2026-03-29T10:00:00Z');
  const plan = planReminders(['24h', '1d', '2h', '30m'], berlin, start, start - 72 * HOUR);
  expect(plan).toEqual([
    { kind: '24h', due: Date.parse('2026-03-28T10:00:00Z') },
    { kind: '1d', due: Date.parse('2026-03-28T11:00:00Z') },
    { kind: '2h', due: Date.parse('2026-03-29T08:00:00Z') },
    { kind: '30m', due: Date.parse('2026-03-29T09:30:00Z') },
  ]);
});

test('a time that the wall clock skips is followed by the next one that it shows', () => {
  const start = Date.parse('2026-03-30T00:30:00Z');
  expect(planReminders(['1d'], berlin, start, start - 72 * HOUR)).toEqual([
    { kind: '1d', due: Date.parse('2026-03-29T01:00:00Z') },
  ]);
});

test('whatever the kinds and the time: every reminder lies between now and the visit, each instant once', () => {
  const kind = fc
    .tuple(fc.integer({ min: 0, max: 9_999 }), fc.constantFrom('m', 'h', 'd', 'x'))
    .map((it) => it.join(''));
  fc.assert(
    fc.property(fc.array(kind), fc.nat(400 * 24), fc.nat(4_000), (kinds, begin, ahead) => {
      const now = Date.parse('2026-01-01T00:00:00Z') + begin * HOUR;
      const start = now + ahead * 600_000;
      const dues = planReminders(kinds, berlin, start, now).map(({ due }) => due);
      expect(dues.every((due) => due > now && due < start)).toBe(true);
      expect(new Set(dues).size).toBe(dues.length);
    }),
  );
});

test('a late reminder is of use until the visit begins, and only the last of several', () => {
  expect(judgeReminder({ start: 10, now: 9, laterIsDue: false })).toBe('send');
  expect(judgeReminder({ start: 10, now: 9, laterIsDue: true })).toBe('superseded');
  expect(judgeReminder({ start: 10, now: 10, laterIsDue: true })).toBe('too_late');
});
