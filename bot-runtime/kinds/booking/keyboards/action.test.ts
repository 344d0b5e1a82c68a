import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTION_FIELDS, type Action, dateNumber, dateOfNumber, decodeAction, encodeAction } from './action.ts';

const anyAction = fc
  .constantFrom(...ACTION_FIELDS)
  .chain(([kind, fields]) =>
    fc
      .tuple(...fields.map(() => fc.maxSafeNat()))
      .map(
        (numbers) =>
          Object.fromEntries([['kind', kind], ...fields.map((field, index) => [field, numbers[index]])]) as Action,
      ),
  );

describe('what a button carries', () => {
  test('survives the way there and back, within 64 bytes', () => {
    fc.assert(
      fc.property(anyAction, (action) => {
        const data = encodeAction(action);
        expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
        expect(decodeAction(data)).toEqual(action);
      }),
    );
  });

  test('is refused when anything else wrote it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 64 }), (data) => {
        const action = decodeAction(data);
        expect(action === undefined || encodeAction(action) === data).toBe(true);
      }),
    );
    for (const data of [
      '',
      'b1',
      'b0.h',
      'b1.v',
      'b1.v.-1',
      'b1.v.01',
      'b1.v.1.2',
      'b1.v.zzzzzzzzzzzz',
      'b1.constructor',
      'b1.v.1 ',
    ]) {
      expect(decodeAction(data), data).toBeUndefined();
    }
  });

  test('names a date by a number', () => {
    expect(dateOfNumber(dateNumber('2026-02-28'))).toBe('2026-02-28');
    expect([20260230, 0, 999, 123456789, 20261301].map(dateOfNumber)).toEqual(Array(5).fill(undefined));
  });
});
