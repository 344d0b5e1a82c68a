/** Sums as people of one language write them. Pure. */
import type { Locale } from '#shared/schemas/tenant.ts';

/** `amount` in the hundredth part of the currency; a dash while nothing is agreed. */
export function money(amount: number | null, currency: string | null, locale: Locale): string {
  if (amount === null || currency === null) return '–';
  return new Intl.NumberFormat(locale, { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' }).format(
    amount / 100,
  );
}
