import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextDigest } from './digest.ts';
import { zoneOf } from './zone.ts';

test('it is due today if its time has not come, and tomorrow otherwise', () => {
  const moscow = zoneOf('Europe/Moscow');
  const at = (text: string): number => Date.parse(text);
  expect(nextDigest(moscow, 480, at('2026-11-23T04:59:00Z'))).toEqual({
    date: '2026-11-23',
    due: at('2026-11-23T05:00:00Z'),
  });
  expect(nextDigest(moscow, 480, at('2026-11-23T05:00:00Z'))).toEqual({
    date: '2026-11-24',
    due: at('2026-11-24T05:00:00Z'),
  });
});

test('once a day in every zone, also when clocks change, never more than 25 hours and a bit away', () => {
  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata'].map(zoneOf);
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.nat(1_439),
      fc.integer({ min: 1_770_000_000, max: 1_800_000_000 }),
      (zone, minute, seconds) => {
        const first = nextDigest(zone, minute, seconds * 1_000);
        const second = nextDigest(zone, minute, first.due);
        expect(first.due - seconds * 1_000).toBeLessThanOrEqual(26 * 3_600_000);
        expect(second.date > first.date).toBe(true);
        expect(second.due - first.due).toBeGreaterThanOrEqual(22 * 3_600_000);
        expect(second.due - first.due).toBeLessThanOrEqual(26 * 3_600_000);
      },
    ),
  );
});
