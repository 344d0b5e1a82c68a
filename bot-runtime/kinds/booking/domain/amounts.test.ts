import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanName, MAX_PRICE_KOPECKS, parseDuration, parseNewcomer, parsePrice } from './amounts.ts';
import { mayChange, statusesBefore } from './booking-status.ts';

describe('what an owner types', () => {
  test('is a duration in minutes, hours or both', () => {
    const texts = ['90', '1:30', '1 h 30 min', '1h30m', '1,5 ч', '1.5 hours', '90 минут', '1 час 30 мин.'];
    expect(texts.map(parseDuration)).toEqual(texts.map(() => 90));
    expect(['', 'soon', '0', '4', '1441', '25 h', '-30', '1:60', '1e3'].map(parseDuration)).toEqual(
      Array(9).fill(undefined),
    );
  });

  test('is a price with or without a sign', () => {
    const texts = ['1500', '1 500 ₽', '1500.00', '1500,00 руб.', '1 500 р', '1500 RUB'];
    expect(texts.map(parsePrice)).toEqual(texts.map(() => 150_000));
    expect(['', 'free', '-1', '1.234', '99999999999', '1e5', '10 000 001'].map(parsePrice)).toEqual(
      Array(7).fill(undefined),
    );
    expect(parsePrice('0')).toBe(0);
    expect(parsePrice('10000000')).toBe(MAX_PRICE_KOPECKS);
  });

  test('keeps every kopeck', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_PRICE_KOPECKS }), (kopecks) => {
        const text = `${Math.floor(kopecks / 100)}.${String(kopecks % 100).padStart(2, '0')}`;
        expect(parsePrice(text)).toBe(kopecks);
      }),
    );
  });

  test('is a name on one line that PostgreSQL can store', () => {
    expect(cleanName('  Hair\n\u0000cut  ')).toBe('Hair cut');
    expect(cleanName(' \n\t ')).toBeUndefined();
    expect(cleanName('💇'.repeat(100))).toBe('💇'.repeat(64));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const name = cleanName(text);
        expect(name === undefined || ([...name].length <= 64 && name !== '' && !/\p{Cc}/u.test(name))).toBe(true);
      }),
    );
  });
});

describe('somebody who is written down by hand', () => {
  test.each([
    ['Anna', { name: 'Anna', phone: undefined }],
    ['Anna Maria, +7 (916) 123-45-67', { name: 'Anna Maria', phone: '+79161234567' }],
    ['Анна 8 916 123 45 67', { name: 'Анна', phone: '89161234567' }],
    ['Anna 2', { name: 'Anna 2', phone: undefined }],
    ['+79161234567', undefined],
    [', +79161234567', undefined],
    ['  ', undefined],
  ])('%s', (text, expected) => {
    expect(parseNewcomer(text)).toEqual(expected);
  });
});

describe('a booking', () => {
  test('may be cancelled until so many hours before, and never once it began', () => {
    const hour = 3_600_000;
    const visit = { start: 10 * hour, askedToMove: false };
    expect(mayChange(visit, 8 * hour, 2)).toBe(true);
    expect(mayChange(visit, 8 * hour + 1, 2)).toBe(false);
    expect(mayChange(visit, 10 * hour - 1, 0)).toBe(true);
    expect(mayChange(visit, 10 * hour, 0)).toBe(false);
    expect(mayChange({ ...visit, askedToMove: true }, 10 * hour - 1, 24)).toBe(true);
    expect(mayChange({ ...visit, askedToMove: true }, 10 * hour, 24)).toBe(false);
  });

  test('is cancelled only from states that lie ahead', () => {
    expect(statusesBefore('cancelled')).toEqual(['pending', 'confirmed']);
    expect(statusesBefore('done')).toEqual(['confirmed', 'no_show']);
  });
});
