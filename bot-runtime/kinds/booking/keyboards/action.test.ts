import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ACTION_FIELDS,
  type Action,
  dateNumber,
  dateOfNumber,
  decodeAction,
  encodeAction,
  MOST_SERVICES,
} from './action.ts';

// As large as they ever get: ids of rows, and minutes since 1970.
const anyNumber = fc.nat(2 ** 31 - 1);
const anyServices = fc.uniqueArray(fc.nat(36 ** 5 - 1), { minLength: 1, maxLength: MOST_SERVICES });
const anyAction = fc
  .constantFrom(...ACTION_FIELDS)
  .chain(([kind, fields]) =>
    fc
      .tuple(...fields.map((field): fc.Arbitrary<unknown> => (field === 'services' ? anyServices : anyNumber)))
      .map(
        (values) =>
          Object.fromEntries([['kind', kind], ...fields.map((field, index) => [field, values[index]])]) as Action,
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

  test('has a code of its own for each action', () => {
    const codes = [...ACTION_FIELDS].map(([kind, fields]) =>
      encodeAction({ kind, ...Object.fromEntries(fields.map((field) => [field, 1])) } as Action)
        .split('.')
        .at(1),
    );
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
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
      'b1.v.1-1',
      'b1.v.1-2-3-4-5',
      'b1.v.1-',
      'b1.f.1.2-3',
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
