import { expect, test } from 'vitest';
import { parseAddress, parseClock, parseMinutes, parseReminders, parseSeconds } from './setting-values.ts';

test('reminders', () => {
  expect(parseReminders('24h, 2 h; 30m')).toEqual(['24h', '2h', '30m']);
  expect(parseReminders('1 д, 90 мин., 2ч, 2 ч')).toEqual(['1d', '90m', '2h']);
  expect(parseReminders('-')).toEqual([]);
  for (const text of ['', '0h', '5', 'soon', '24h 2h', '1h,2h,3h,4h,5h,6h', '24x'])
    expect(parseReminders(text), text).toBe(undefined);
});

test('minutes, clocks, seconds and addresses', () => {
  expect(['0', '90', '1:30', '2 h', '1441', '-5', 'x'].map((text) => parseMinutes(text, 0, 1_440))).toEqual([
    ...[0, 90, 90, 120, undefined, undefined, undefined],
  ]);
  expect(parseMinutes('4', 5, 60)).toBe(undefined);
  expect(['8', '8:30', '23.59', '-', '24', '8:60', 'x'].map(parseClock)).toEqual([
    ...[480, 510, 1_439, null, undefined, undefined, undefined],
  ]);
  expect(['0', '0,5', '10', '10.1', '-1', '0.55'].map(parseSeconds)).toEqual([
    0,
    0.5,
    10,
    undefined,
    undefined,
    undefined,
  ]);
  expect(parseAddress(' Lenina 5,\n floor 2 ')).toBe('Lenina 5, floor 2');
});
