import { expect, test } from 'vitest';
import { parseAway, parseDatedHours } from './day-text.ts';

const FROM = '2026-11-24';

test.each([
  ['13-15', { kind: 'hours', opens: 780, closes: 900, reason: undefined }],
  ['13:30 – 15.00 dentist, upstairs', { kind: 'hours', opens: 810, closes: 900, reason: 'dentist, upstairs' }],
  ['9 до 24 ремонт', { kind: 'hours', opens: 540, closes: 1_440, reason: 'ремонт' }],
  ['24.11', { kind: 'until', date: '2026-11-24', reason: undefined }],
  ['по 8.1 каникулы', { kind: 'until', date: '2027-01-08', reason: 'каникулы' }],
  ['29.02.2028', { kind: 'until', date: '2028-02-29', reason: undefined }],
])('%s is understood', (text, expected) => {
  expect(parseAway(text, FROM)).toEqual(expected);
});

test.each([
  '',
  'tomorrow',
  '15-13',
  '13-13',
  '25-26',
  '12:60-13',
  '30.02',
  '23.11.2026',
  '32.1',
  '13',
  '1.1.27',
  '9-1800',
])('%s is not', (text) => {
  expect(parseAway(text, FROM)).toBeUndefined();
});

test.each([
  ['31.12 10-15', { date: '2026-12-31', intervals: [{ opens: 600, closes: 900 }] }],
  [
    '1.1: 10-12, 13:30-15',
    {
      date: '2027-01-01',
      intervals: [
        { opens: 600, closes: 720 },
        { opens: 810, closes: 900 },
      ],
    },
  ],
  ['8.3 выходной', { date: '2027-03-08', intervals: [] }],
])('the hours of a date: %s', (text, expected) => {
  expect(parseDatedHours(text, FROM)).toEqual(expected);
});

test.each(['31.12', '10-15', '31.12 15-10', '30.02 10-12', '31.12 10-15; tue 9-10', ''])(
  'no hours of a date: %s',
  (text) => {
    expect(parseDatedHours(text, FROM)).toBeUndefined();
  },
);
