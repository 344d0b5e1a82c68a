import { describe, expect, test } from 'vitest';
import { formatsFor } from '../texts/format.ts';
import { addMonths, calendarRows, datesOfMonth, monthOf } from './calendar.ts';

const formats = formatsFor('en', 'UTC');

describe('the page of a month', () => {
  test('shows whole weeks; only free days and months in range can be pressed', () => {
    const page = {
      dayAction: (date: number) => ({ kind: 'day', services: [3], staff: 0, date }) as const,
      monthAction: (month: number) => ({ kind: 'month', services: [3], staff: 0, month }) as const,
      month: 202_611,
      range: [202_611, 202_701],
      free: new Set(['2026-11-24']),
    } as const;
    const rows = calendarRows(page, formats);
    expect(rows.slice(1).every((row) => row.length === 7)).toBe(true);
    const pressable = rows.flat().filter(([, action]) => action.kind !== 'none');
    expect(pressable).toEqual([
      ['›', { kind: 'month', services: [3], staff: 0, month: 202_612 }],
      ['24', { kind: 'day', services: [3], staff: 0, date: 20_261_124 }],
    ]);
    const column = rows.find((row) => row.some(([label]) => label === '24'))?.findIndex(([label]) => label === '24');
    expect(column).toBe(1);
  });

  test('counts months over the year', () => {
    expect([addMonths(202_612, 1), addMonths(202_701, -1), addMonths(202_611, 14)]).toEqual([
      202_701, 202_612, 202_801,
    ]);
    expect(datesOfMonth(202_802)).toEqual(['2028-02-01', '2028-02-29']);
    expect(monthOf('2028-02-29')).toBe(202_802);
  });
});
