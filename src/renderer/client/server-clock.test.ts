import { expect, it } from 'vitest';
import { clockAhead } from './server-clock.ts';

const AT = Date.parse('2026-02-01T10:00:00Z');
const DATE = new Date(AT).toUTCString();
const HOUR_MS = 3_600_000;

it('takes clocks that are close for the same, also when the answer was long on its way', () => {
  expect(clockAhead(DATE, AT + 300, AT + 400)).toBe(0);
  expect(clockAhead(DATE, AT - 30_000, AT + 20)).toBe(0);
  expect(clockAhead(null, AT, AT)).toBe(0);
  expect(clockAhead('yesterday', AT, AT)).toBe(0);
});

it('finds a clock that is an hour behind or ahead', () => {
  expect(clockAhead(DATE, AT - HOUR_MS, AT - HOUR_MS + 40)).toBeCloseTo(HOUR_MS, -4);
  expect(clockAhead(DATE, AT + HOUR_MS, AT + HOUR_MS + 40)).toBeCloseTo(-HOUR_MS, -4);
});
