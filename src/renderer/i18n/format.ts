/** Numbers, sizes and times as people of one language write them. Pure. */
import type { Locale } from '#shared/schemas/tenant.ts';

const formats = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat | Intl.RelativeTimeFormat>();

function kept<T extends Intl.DateTimeFormat | Intl.NumberFormat | Intl.RelativeTimeFormat>(
  key: string,
  make: () => T,
): T {
  const known = formats.get(key);
  if (known !== undefined) return known as T;
  const made = make();
  formats.set(key, made);
  return made;
}

/** A whole date with its time, for what is shown on hover. */
export function exactTime(at: number, locale: Locale): string {
  return kept(
    `exact ${locale}`,
    () => new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }),
  ).format(at);
}

/** Hours, minutes and seconds with milliseconds, for logs. */
export function logTime(at: number, locale: Locale): string {
  return kept(
    `log ${locale}`,
    () =>
      new Intl.DateTimeFormat(locale, {
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        fractionalSecondDigits: 3,
        hourCycle: 'h23',
      }),
  ).format(at);
}

/** Hours and minutes, for chats and charts. */
export function clockTime(at: number, locale: Locale): string {
  return kept(
    `clock ${locale}`,
    () => new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  ).format(at);
}

const STEPS: readonly { readonly unit: Intl.RelativeTimeFormatUnit; readonly ms: number }[] = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
];

/** "5 minutes ago", "in 2 hours"; what is nearer than a minute is "now". */
export function relativeTime(at: number, now: number, locale: Locale): string {
  const distance = at - now;
  const step = STEPS.find(({ ms }) => Math.abs(distance) >= ms);
  const format = kept(
    `relative ${locale}`,
    () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }),
  );
  return step === undefined ? format.format(0, 'second') : format.format(Math.trunc(distance / step.ms), step.unit);
}

/** A duration in words that fit a cell: `850 ms`, `12 s`, `5 min`, `3 h`, `2 d`. */
export function duration(ms: number, locale: Locale): string {
  const rows = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1_000],
  ] as const;
  const [unit, size] = rows.find(([, unitMs]) => ms >= unitMs) ?? (['millisecond', 1] as const);
  return kept(
    `duration ${unit} ${locale}`,
    () =>
      new Intl.NumberFormat(locale, {
        style: 'unit',
        unit,
        unitDisplay: unit === 'day' ? 'long' : 'short',
        maximumFractionDigits: unit === 'second' && ms < 10_000 ? 1 : 0,
      }),
  ).format(ms / size);
}

/** Hours as they are, also more than a day of them. */
export function hours(count: number, locale: Locale): string {
  return kept(
    `hours ${locale}`,
    () => new Intl.NumberFormat(locale, { style: 'unit', unit: 'hour', unitDisplay: 'short' }),
  ).format(count);
}

/** Bytes as KiB, MiB, GiB. */
export function bytes(count: number, locale: Locale): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(count) / 10));
  return `${number(count / 1024 ** power, locale, power > 1 ? 1 : 0)} ${units[power]}`;
}

/** A number with its thousands grouped. */
export function number(value: number, locale: Locale, digits = 0): string {
  return kept(
    `number ${digits} ${locale}`,
    () => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }),
  ).format(value);
}

/** A share from 0 to 1 as a percentage. */
export function percent(share: number, locale: Locale): string {
  return kept(
    `percent ${locale}`,
    () => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }),
  ).format(share);
}

/** A day and a time on the clocks of a zone: "Sat, Mar 28, 02:00". */
export function zonedTime(at: number, zone: string, locale: Locale): string {
  return kept(
    `zoned ${zone} ${locale}`,
    () =>
      new Intl.DateTimeFormat(locale, {
        ...{ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
        timeZone: zone,
      }),
  ).format(at);
}

/** Days of the week by their numbers, 0 for Sunday: "Monday and Friday". */
export function weekdays(days: readonly number[], locale: Locale): string {
  const name = kept(`weekday ${locale}`, () => new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }));
  // The first of February 2026 was a Sunday.
  const words = days.map((day) => name.format(Date.UTC(2026, 1, 1 + day)));
  const text = new Intl.ListFormat(locale, { type: 'conjunction' }).format(words);
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}
