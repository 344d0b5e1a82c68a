import { expect, it } from 'vitest';
import { differencesOf } from './differences.ts';

it('tells what comes and what goes, the greatest first, and counts what stays', () => {
  const row = (table: string, now: number | null, backup: number | null) => ({
    schema: 'client_001',
    table,
    now,
    backup,
  });
  expect(
    differencesOf([row('users', 5, 5), row('bookings', 12, 10), row('notes', null, 4), row('extra', 0, null)]),
  ).toEqual({
    changed: [
      { ...row('notes', null, 4), change: 4 },
      { ...row('bookings', 12, 10), change: -2 },
      { ...row('extra', 0, null), change: 0 },
    ],
    same: 1,
  });
});
