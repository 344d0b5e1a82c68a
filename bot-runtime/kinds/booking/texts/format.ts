/** Owns how dates, times, money and durations look in a language, in the tenant's zone, by Intl. */
import { type LocalDate, utcMidnight } from '../domain/zone.ts';
import type { Locale } from './locale.ts';
import type { Texts } from './texts.ts';

/** Instants in milliseconds since the epoch. */
export interface Formats {
  /** `Mon, 23 November` */
  day(instant: number): string;
  /** `14:30` */
  time(instant: number): string;
  /** `Mon, 23 November` of a calendar date. */
  date(date: LocalDate): string;
  /** `November 2026` */
  month(date: LocalDate): string;
  /** `Mon` for 1 … `Sun` for 7. */
  weekday(day: number): string;
  /** `1 500 ₽`; kopecks only where there are any. */
  money(kopecks: number, currency: string): string;
}

// 24-hour clock and day before month in both languages.
const TAGS: Readonly<Record<Locale, string>> = { en: 'en-GB', ru: 'ru-RU' };
const DAY = { weekday: 'short', day: 'numeric', month: 'long' } as const;
const TIME = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const made = new Map<string, Formats>();

/** The formats of a language in a zone. They are dear to make, so they are kept. */
export function formatsFor(locale: Locale, timeZone: string): Formats {
  const id = `${locale} ${timeZone}`;
  const kept = made.get(id) ?? makeFormats(TAGS[locale], timeZone);
  made.set(id, kept);
  return kept;
}

/** `45 min`, `1 h`, `1 h 30 min` */
export function durationText(texts: Texts, minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) {
    return texts.plain('duration-minutes', { minutes: rest });
  }
  return rest === 0 ? texts.plain('duration-hours', { hours }) : texts.plain('duration-both', { hours, minutes: rest });
}

function makeFormats(tag: string, timeZone: string): Formats {
  const day = lazy(() => new Intl.DateTimeFormat(tag, { ...DAY, timeZone }));
  const time = lazy(() => new Intl.DateTimeFormat(tag, { ...TIME, timeZone }));
  const date = lazy(() => new Intl.DateTimeFormat(tag, { ...DAY, timeZone: 'UTC' }));
  const month = lazy(() => new Intl.DateTimeFormat(tag, { month: 'long', year: 'numeric', timeZone: 'UTC' }));
  const weekday = lazy(() => new Intl.DateTimeFormat(tag, { weekday: 'short', timeZone: 'UTC' }));
  return {
    day: (instant) => capital(day().format(instant)),
    time: (instant) => time().format(instant),
    date: (value) => capital(date().format(utcMidnight(value))),
    month: (value) => capital(month().format(utcMidnight(value))).replace(' г.', ''),
    // 5 January 1970 was a Monday.
    weekday: (value) => capital(weekday().format((value + 3) * 86_400_000)),
    money: (kopecks, currency) =>
      new Intl.NumberFormat(tag, {
        style: 'currency',
        currencyDisplay: 'narrowSymbol',
        currency,
        minimumFractionDigits: kopecks % 100 === 0 ? 0 : 2,
      }).format(kopecks / 100),
  };
}

function lazy<T>(make: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= make();
    return value;
  };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
