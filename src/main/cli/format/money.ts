/** Sums as people write and read them. */
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { Locale } from '#shared/schemas/tenant.ts';

/** 99000 as `990 ₽`: kopecks only where there are any. */
export function money(amount: number, currency: string, locale: Locale): string {
  const minimumFractionDigits = amount % 100 === 0 ? 0 : 2;
  const style = { style: 'currency', currency, minimumFractionDigits, maximumFractionDigits: 2 } as const;
  return new Intl.NumberFormat(locale, style).format(amount / 100);
}

/** `90.50` as 9050. Fails with `input_invalid`. */
export function parseMoney(text: string): number {
  const match = /^(\d{1,7})(?:[.,](\d{1,2}))?$/.exec(text.trim());
  if (match === null) {
    throw new BotpoolError('input_invalid', { field: '--amount', problem: 'expected a sum such as 990 or 90.50' });
  }
  const [, whole = '0', part = ''] = match;
  return Number(whole) * 100 + Number(part.padEnd(2, '0'));
}
