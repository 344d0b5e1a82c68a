import { describe, expect, it } from 'vitest';
import {
  dueReminder,
  expectedIn,
  isSamePayment,
  lookAgainIn,
  type PayableOrder,
  pauseAfter,
  paymentRequest,
  periodOf,
} from './rules.ts';
import { kopecks, sumText } from './yookassa.ts';

const ORDER: PayableOrder = {
  id: 'order',
  number: 7,
  amount: 99_000,
  currency: 'RUB',
  locale: 'ru',
  company: 'Маникюр у Анны',
  planName: 'Старт: 1 месяц',
  buyerId: 42,
  receiptContact: null,
  saveMethod: false,
  methodId: null,
};
const RECEIPT = { vatCode: 1, taxSystemCode: undefined };

describe('a request for a payment', () => {
  it('names the order, is paid at once, and says where to go afterwards', () => {
    expect(paymentRequest(ORDER, 'payment', 'https://t.me/x', RECEIPT)).toEqual({
      amount: { value: '990.00', currency: 'RUB' },
      capture: true,
      confirmation: { type: 'redirect', return_url: 'https://t.me/x', locale: 'ru_RU' },
      description: 'Заказ 7: Старт: 1 месяц, Маникюр у Анны',
      metadata: { order_id: 'order', payment_id: 'payment' },
      merchant_customer_id: '42',
    });
  });

  it('needs nobody when a saved card pays, and has a receipt that adds up', () => {
    const order = { ...ORDER, methodId: 'card', receiptContact: '79000000000' };
    const body = paymentRequest(order, 'payment', 'https://t.me/x', { vatCode: 4, taxSystemCode: 2 });
    expect(body).toMatchObject({
      payment_method_id: 'card',
      receipt: {
        customer: { phone: '79000000000' },
        items: [{ quantity: '1', amount: { value: '990.00' }, vat_code: 4 }],
        tax_system_code: 2,
      },
    });
    expect(body).not.toHaveProperty('confirmation');
  });

  it('keeps within 128 characters and cuts none in two', () => {
    const company = '🌸'.repeat(200);
    const { description } = paymentRequest({ ...ORDER, company }, 'p', 'https://t.me', RECEIPT) as {
      description: string;
    };
    expect([...description]).toHaveLength(128);
    expect(description.isWellFormed()).toBe(true);
  });
});

describe('what the shop says', () => {
  const own = { id: 'payment', orderId: 'order', amount: 99_000, currency: 'RUB' };
  const shop = { amount: 99_000, currency: 'RUB', metadata: { order_id: 'order', payment_id: 'payment' } };
  it.each([
    [{}, true],
    [{ amount: 98_999 }, false],
    [{ currency: 'USD' }, false],
    [{ metadata: { order_id: 'order', payment_id: 'another' } }, false],
    [{ metadata: { order_id: '', payment_id: 'payment' } }, false],
  ])('is about our payment with %o: %s', (change, same) => {
    expect(isSamePayment(own, { ...shop, ...change })).toBe(same);
  });
});

describe('money', () => {
  it.each([
    ['990.00', 99_000],
    ['0.29', 29],
    ['1.1', 110],
    ['350000', 35_000_000],
  ])('%s is %i', (text, amount) => {
    expect(kopecks(text)).toBe(amount);
    expect(kopecks(sumText(amount))).toBe(amount);
  });
});

describe('a paid period', () => {
  const day = (text: string): Date => new Date(`${text}T10:00:00Z`);
  it.each([
    ['2026-01-31', null, 1, '2026-01-31', '2026-02-28'],
    ['2024-01-31', null, 1, '2024-01-31', '2024-02-29'],
    ['2026-11-15', '2026-11-20', 3, '2026-11-20', '2027-02-20'],
    ['2026-11-15', '2026-11-01', 12, '2026-11-15', '2027-11-15'],
  ])('bought on %s, paid until %s, for %i months: %s to %s', (now, paid, months, from, until) => {
    const period = periodOf(day(now), paid === null ? null : day(paid), months);
    expect(period).toEqual({ from: day(from), until: day(until) });
  });

  it('is reminded of by the nearest reminder alone', () => {
    const now = day('2026-11-01');
    const ends = (text: string) => dueReminder(now, day(text));
    expect([
      ends('2026-11-09'),
      ends('2026-11-08'),
      ends('2026-11-05'),
      ends('2026-11-03'),
      ends('2026-11-02'),
    ]).toEqual([undefined, 7, 7, 3, 1]);
    expect(ends('2026-10-31')).toBeUndefined();
  });
});

describe('patience', () => {
  it('looks soon at what is fresh, seldom at what is old, and never at what is over', () => {
    expect(lookAgainIn('pending', 0)).toBe(5_000);
    expect(lookAgainIn('pending', 3_600_000)).toBe(600_000);
    expect(lookAgainIn('succeeded', 0)).toBeUndefined();
    expect([pauseAfter(0), pauseAfter(1), pauseAfter(50)]).toEqual([1_000, 2_000, 60_000]);
  });

  it('estimates by batches, and says nothing where nobody can know', () => {
    const pool = { batch: 5, startMs: 4_000, limited: false };
    expect([expectedIn(1, pool), expectedIn(5, pool), expectedIn(6, pool)]).toEqual([4_000, 4_000, 8_000]);
    expect(expectedIn(1, { ...pool, limited: true })).toBeNull();
  });
});
