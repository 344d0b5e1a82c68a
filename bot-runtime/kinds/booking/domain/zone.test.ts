import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openIntervals, type WorkingHours } from './open-hours.ts';
import { freeSlots } from './slots.ts';
import { addDays, datesBetween, isZoneName, weekdayOf, zoneOf } from './zone.ts';

const MINUTE = 60_000;
const ZONES = [
  'UTC',
  'Europe/Moscow',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'Africa/Casablanca',
  'America/Santiago',
];
const anyZone = fc.constantFrom(...ZONES);
const anyDate = fc.integer({ min: 0, max: 365 * 6 }).map((days) => addDays('2024-01-01', days));
const dstDates = fc.constantFrom(
  ...([
    ['Europe/Berlin', '2026-03-29'],
    ['Europe/Berlin', '2026-10-25'],
    ['America/New_York', '2026-03-08'],
    ['America/New_York', '2026-11-01'],
  ] as const),
);

const everyDay = (opens: number, closes: number): WorkingHours => ({
  weekly: new Map([1, 2, 3, 4, 5, 6, 7].map((day) => [day, [{ opens, closes }]])),
  dated: new Map(),
});

const hoursFrom = ([a, b]: [number, number]) => ({ opens: Math.min(a, b), closes: Math.max(a, b) });
const anyHours = fc
  .tuple(fc.integer({ min: 0, max: 288 }), fc.integer({ min: 0, max: 288 }))
  .map(([a, b]) => hoursFrom([a * 5, b * 5]));

const total = (intervals: readonly { from: number; to: number }[]) =>
  intervals.reduce((sum, { from, to }) => sum + (to - from), 0) / MINUTE;

describe('the wall clock of a zone', () => {
  test('finds exactly the instants at which the clock shows a time inside the hours', () => {
    fc.assert(
      fc.property(anyZone, anyDate, anyHours, (name, date, { opens, closes }) => {
        const zone = zoneOf(name);
        const found = zone.instants(date, opens, closes);
        for (
          let at = Date.parse(`${date}T00:00:00Z`) - 15 * 60 * MINUTE, end = at + 54 * 60 * MINUTE;
          at < end;
          at += 15 * MINUTE
        ) {
          const clock = zone.wallClock(at);
          const inside = clock.date === date && clock.minutes >= opens && clock.minutes < closes;
          expect(found.some(({ from, to }) => from <= at && at < to)).toBe(inside);
        }
      }),
      { numRuns: 120 },
    );
  });

  test('knows that a day has 23, 24 or 25 hours', () => {
    const hours = (zone: string, date: string) => total(zoneOf(zone).instants(date, 0, 1_440)) / 60;
    expect(hours('Europe/Berlin', '2026-03-29')).toBe(23);
    expect(hours('Europe/Berlin', '2026-10-25')).toBe(25);
    expect(hours('America/New_York', '2026-03-08')).toBe(23);
    expect(hours('America/New_York', '2026-11-01')).toBe(25);
    expect(hours('Australia/Lord_Howe', '2026-04-05')).toBe(24.5);
    expect(hours('Europe/Moscow', '2026-03-29')).toBe(24);
  });

  test('lays the days of a zone side by side without a gap', () => {
    fc.assert(
      fc.property(anyZone, anyDate, (name, date) => {
        const open = openIntervals(everyDay(0, 1_440), zoneOf(name), date, addDays(date, 8));
        expect(open.every(({ to }, index) => index === open.length - 1 || to === open[index + 1]?.from)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('keeps every slot of a day with a clock change inside the hours on the wall', () => {
    fc.assert(
      fc.property(dstDates, anyHours, fc.integer({ min: 5, max: 120 }), ([name, date], { opens, closes }, duration) => {
        const zone = zoneOf(name);
        const open = openIntervals(everyDay(opens, closes), zone, date, date);
        const service = {
          id: 1,
          durationMinutes: duration,
          bufferBeforeMinutes: 0,
          bufferAfterMinutes: 0,
          capacity: 1,
        };
        const slots = freeSlots({
          service,
          open,
          busy: [],
          earliest: 0,
          latest: Number.MAX_SAFE_INTEGER,
          stepMinutes: 15,
        });
        for (const { start, end } of slots) {
          for (const at of [start, end - 1]) {
            const clock = zone.wallClock(at);
            expect(clock.date).toBe(date);
            expect(clock.minutes).toBeGreaterThanOrEqual(opens);
            expect(clock.minutes).toBeLessThan(closes);
          }
        }
      }),
    );
  });

  test('shows office hours at the same wall-clock times before and after a change', () => {
    for (const [name, dates] of [
      ['Europe/Berlin', ['2026-03-28', '2026-03-29', '2026-03-30', '2026-10-25']],
      ['America/New_York', ['2026-03-07', '2026-03-08', '2026-11-01']],
    ] as const) {
      const zone = zoneOf(name);
      for (const date of dates) {
        const [only] = zone.instants(date, 9 * 60, 18 * 60);
        expect(only === undefined ? undefined : zone.wallClock(only.from).minutes).toBe(9 * 60);
        expect(total(zone.instants(date, 9 * 60, 18 * 60))).toBe(9 * 60);
      }
    }
  });

  test('lets the rows of a date replace the week', () => {
    const hours = {
      weekly: everyDay(540, 1_080).weekly,
      dated: new Map([
        ['2026-11-23', []],
        ['2026-11-24', [{ opens: 600, closes: 660 }]],
      ]),
    };
    const open = openIntervals(hours, zoneOf('UTC'), '2026-11-23', '2026-11-25');
    expect(open.map(({ from }) => new Date(from).toISOString())).toEqual([
      '2026-11-24T10:00:00.000Z',
      '2026-11-25T09:00:00.000Z',
    ]);
  });

  test('counts days and weekdays', () => {
    expect(weekdayOf('2026-11-23')).toBe(1);
    expect(weekdayOf('2026-11-22')).toBe(7);
    expect(datesBetween('2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
    expect(datesBetween('2026-03-02', '2026-03-01')).toEqual([]);
    expect(isZoneName('Europe/Moscow')).toBe(true);
    expect(isZoneName('Mars/Base')).toBe(false);
  });
});
