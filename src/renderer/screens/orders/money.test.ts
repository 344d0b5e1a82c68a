import { expect, it } from 'vitest';
import { money } from './money.ts';

it('writes sums in the currency and the language of the reader, and a dash where nothing is agreed', () => {
  expect(money(149_000, 'RUB', 'ru').replace(/\s/gu, ' ')).toBe('1 490 ₽');
  expect(money(149_050, 'RUB', 'en').replace(/\s/gu, ' ')).toBe('RUB 1,490.50');
  expect(money(null, 'RUB', 'en')).toBe('–');
  expect(money(1, null, 'en')).toBe('–');
});
