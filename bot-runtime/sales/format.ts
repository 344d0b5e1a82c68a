/** Owns how prices, days and periods read in both languages. Pure. */
import type { PlanView } from '#shared/schemas/sales.ts';
import type { Locale } from '#shared/schemas/tenant.ts';

const TAGS: Readonly<Record<Locale, string>> = { ru: 'ru-RU', en: 'en-GB' };
const DAY_MS = 86_400_000;

/** `990 ₽`, `₽990`: kopecks only where there are some. */
export function money(amount: number, currency: string, locale: Locale): string {
  return new Intl.NumberFormat(TAGS[locale], {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: amount % 100 === 0 ? 0 : 2,
  }).format(amount / 100);
}

/** `5 November 2026`. */
export function day(at: Date, locale: Locale, timeZone = 'Europe/Moscow'): string {
  return new Intl.DateTimeFormat(TAGS[locale], { day: 'numeric', month: 'long', year: 'numeric', timeZone }).format(at);
}

/** `14:05`. */
export function clock(at: Date, locale: Locale, timeZone = 'Europe/Moscow'): string {
  return new Intl.DateTimeFormat(TAGS[locale], { hour: '2-digit', minute: '2-digit', timeZone }).format(at);
}

/** Whole days until then, the begun one included; 0 when it is over. */
export function daysLeft(until: Date, now: number): number {
  return Math.max(0, Math.ceil((until.getTime() - now) / DAY_MS));
}

/** A plan's name in a language. */
export function planName(plan: Pick<PlanView, 'nameRu' | 'nameEn'>, locale: Locale): string {
  return locale === 'ru' ? plan.nameRu : plan.nameEn;
}

const LETTERS: Readonly<Record<string, string>> = {
  ...{
    а: 'a',
    б: 'b',
    в: 'v',
    г: 'g',
    д: 'd',
    е: 'e',
    ё: 'e',
    ж: 'zh',
    з: 'z',
    и: 'i',
    й: 'y',
    к: 'k',
    л: 'l',
    м: 'm',
  },
  ...{ н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'h', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'sch' },
  ...{ ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya' },
};

/** A username for a company's bot that Telegram accepts and nobody has by chance. */
export function suggestUsername(company: string, number: number): string {
  const latin = [...company.toLowerCase()].map((letter) => LETTERS[letter] ?? letter).join('');
  const words = latin
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[_0-9]+|_+$/g, '')
    .slice(0, 20)
    .replace(/_+$/, '');
  return `${words === '' ? 'my' : words}_${number}_bot`;
}
