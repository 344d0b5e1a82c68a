/** Owns how people write a duration, a price and a name, and what the code makes of it. Pure. */

/** The longest service: a day. The shortest is {@link MIN_DURATION_MINUTES}. */
const MAX_DURATION_MINUTES = 1_440;
const MIN_DURATION_MINUTES = 5;
/** The longest time that a member keeps free before or after a visit. */
const MAX_BUFFER_MINUTES = 240;
/** The highest price in kopecks: ten million units. */
export const MAX_PRICE_KOPECKS = 1_000_000_000;
/** The longest name of a service, in characters. */
export const MAX_NAME_LENGTH = 64;

const HOURS_UNIT = '(?:h|hr|hrs|hour|hours|ч|час|часа|часов)';
const MINUTES_UNIT = '(?:m|min|mins|minute|minutes|м|мин|минут|минута|минуты)';
const CLOCK = /^(\d{1,2}):([0-5]\d)$/;
const BARE = /^\d{1,4}$/;
const WORDED = new RegExp(
  `^(?:(\\d{1,2}(?:[.,]\\d{1,2})?)\\s*${HOURS_UNIT}\\.?)?\\s*(?:(\\d{1,4})\\s*${MINUTES_UNIT}\\.?)?$`,
);
const PRICE = /^(\d{1,10})(?:[.,](\d{1,2}))?$/;
const CURRENCY_SIGN = /(?:₽|руб(?:\.|лей|ля|ль)?|р\.?|rub)$/u;

/** Minutes of "90", "1:30", "1 h 30 min", "1,5 ч"; undefined for anything else and beyond the bounds. */
export function parseDuration(text: string): number | undefined {
  const input = text.trim().toLowerCase();
  const minutes = Math.round(readDuration(input));
  return minutes >= MIN_DURATION_MINUTES && minutes <= MAX_DURATION_MINUTES ? minutes : undefined;
}

/** Kopecks of "1500", "1 500 ₽", "1500.50"; undefined for anything else and beyond the bounds. */
export function parsePrice(text: string): number | undefined {
  const bare = text.trim().toLowerCase().replace(CURRENCY_SIGN, '').replaceAll(/[\s_]/gu, '');
  const match = PRICE.exec(bare);
  if (match === null) {
    return undefined;
  }
  const kopecks = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return kopecks <= MAX_PRICE_KOPECKS ? kopecks : undefined;
}

/** Minutes between visits: 0 to 240, written as a duration or as a number; undefined for anything else. */
export function parseBuffer(text: string): number | undefined {
  const minutes = BARE.test(text.trim()) ? Number(text.trim()) : parseDuration(text);
  return minutes !== undefined && minutes <= MAX_BUFFER_MINUTES ? minutes : undefined;
}

/** A whole number within bounds, as people write it; undefined for anything else. */
export function parseCount(text: string, min: number, max: number): number | undefined {
  const bare = text.trim();
  const count = /^\d{1,6}$/.test(bare) ? Number(bare) : Number.NaN;
  return count >= min && count <= max ? count : undefined;
}

/** Seats of a visit: 1 to 1000; undefined for anything else. */
export function parseCapacity(text: string): number | undefined {
  return parseCount(text, 1, 1_000);
}

/** A phone number as it is kept: digits with or without a plus; undefined for anything else. */
export function parsePhone(text: string): string | undefined {
  const bare = text.trim().replaceAll(/[\s().\u00a0-]/gu, '');
  return /^\+?\d{7,15}$/.test(bare) ? bare : undefined;
}

/** Somebody as they are written down by hand: "Anna", "Anna +7 916 123-45-67"; undefined without a name. */
export function parseNewcomer(text: string): { readonly name: string; readonly phone: string | undefined } | undefined {
  const line = cleanName(text, 256) ?? '';
  const written = /\+?\d[\d\s().-]{5,24}$/u.exec(line)?.[0];
  const phone = written === undefined ? undefined : parsePhone(written);
  const rest = phone === undefined || written === undefined ? line : line.slice(0, -written.length);
  const name = cleanName(rest.replace(/[\s,;:]+$/u, ''), 128);
  return name === undefined ? undefined : { name, phone };
}

/** A name on one line, without control characters, cut to `max` characters; undefined when nothing is left. */
export function cleanName(text: string, max = MAX_NAME_LENGTH): string | undefined {
  const line = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return line === '' ? undefined : [...line].slice(0, max).join('').trim();
}

function readDuration(input: string): number {
  const clock = CLOCK.exec(input);
  if (clock !== null) {
    return Number(clock[1]) * 60 + Number(clock[2]);
  }
  if (BARE.test(input)) {
    return Number(input);
  }
  const worded = input === '' ? null : WORDED.exec(input);
  return worded === null ? 0 : Number((worded[1] ?? '0').replace(',', '.')) * 60 + Number(worded[2] ?? 0);
}
