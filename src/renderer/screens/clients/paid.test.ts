import { expect, it } from 'vitest';
import { daysLeft } from './paid.ts';

const NOW = Date.UTC(2026, 10, 27, 12);
const at = (hours: number): Date => new Date(NOW + hours * 3_600_000);

it('counts whole days that are left, and those since the end', () => {
  expect([at(49), at(24), at(23), at(0)].map((until) => daysLeft(until, NOW))).toEqual([2, 1, 0, 0]);
  expect([at(-1), at(-24), at(-25)].map((until) => daysLeft(until, NOW))).toEqual([-1, -1, -2]);
});
