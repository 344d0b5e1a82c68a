import { describe, expect, it } from 'vitest';
import { meaningOf } from './cron-words.ts';

describe('what people write most', () => {
  it.each([
    ['* * * * *', { kind: 'minute' }],
    ['*/15 * * * *', { kind: 'minutes', n: 15 }],
    ['*/20 * * * * *', { kind: 'second', n: 20 }],
    ['0 * * * *', { kind: 'hour', minute: 0 }],
    ['30 */6 * * *', { kind: 'hours', n: 6, minute: 30 }],
    ['0 2 * * *', { kind: 'day', hour: 2, minute: 0 }],
    ['0 5 2 * * *', { kind: 'day', hour: 2, minute: 5 }],
    ['0 5 * * 0', { kind: 'week', days: [0], hour: 5, minute: 0 }],
    ['0 9 * * 1-5', { kind: 'week', days: [1, 2, 3, 4, 5], hour: 9, minute: 0 }],
    ['0 9 * * MON,fri', { kind: 'week', days: [1, 5], hour: 9, minute: 0 }],
    ['0 9 * * 6-7', { kind: 'week', days: [6, 0], hour: 9, minute: 0 }],
    ['15 3 1 * *', { kind: 'month', day: 1, hour: 3, minute: 15 }],
  ])('%s is said in a sentence', (expression, meaning) => {
    expect(meaningOf(expression)).toEqual(meaning);
  });
});

it.each([
  '',
  '5',
  '0 2 * 1 *',
  '0 2 1 * 1',
  '0-30 2 * * *',
  '61 2 * * *',
  '0 2 L * *',
  '*/5 2 * * *',
  '5 0 2 * * *',
  'a b c d e',
])('%j is shown as it is: a wrong sentence would be worse', (expression) => {
  expect(meaningOf(expression)).toEqual({ kind: 'other' });
});
