import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withPrefix } from './api-error.ts';
import { Ring } from './ring.ts';
import { retryDelay } from './webhook-lane.ts';

describe('the ring', () => {
  it('keeps the newest entries in order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer()),
        fc.integer({ min: 1, max: 30 }),
        (capacity, values, limit) => {
          const ring = new Ring<number>(capacity);
          for (const value of values) ring.push(value);
          expect(ring.newest(() => true, limit)).toEqual(values.slice(-capacity).slice(-limit));
        },
      ),
    );
  });
});

describe('error texts', () => {
  it('begin small after the prefix, but raw codes stay as they are', () => {
    expect(withPrefix('Bad Request', 'Chat not found')).toBe('Bad Request: chat not found');
    expect(withPrefix('Bad Request', 'BUTTON_DATA_INVALID')).toBe('Bad Request: BUTTON_DATA_INVALID');
    expect(withPrefix('Bad Request', 'A_b')).toBe('Bad Request: A_b');
    expect(withPrefix('Not Found', '')).toBe('Not Found');
  });
});

describe('webhook retries', () => {
  it('begin at 1 s, double, and end between 60 and 120 s', () => {
    expect([1, 2, 3, 4].map((failures) => retryDelay(failures, null, () => 0.5))).toEqual([1000, 2000, 4000, 8000]);
    expect(retryDelay(30, null, () => 0)).toBe(60_000);
    expect(retryDelay(30, null, () => 0.999_999)).toBe(120_000);
  });

  it('honour Retry-After up to an hour', () => {
    expect(retryDelay(1, '7', () => 0)).toBe(7000);
    expect(retryDelay(1, '999999', () => 0)).toBe(3_600_000);
  });
});
