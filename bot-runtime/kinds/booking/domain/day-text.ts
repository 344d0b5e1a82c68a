/**
 * Owns the lines in which single days are written: when a member is away ("13-15 dentist", "20.12 holidays"), and the hours
 * of a date that follows no week ("31.12 10-15", "1.1 closed"). Pure.
 */
import { cleanName } from './amounts.ts';
import { isHoursProblem, parseHours } from './hours-text.ts';
import type { DayInterval } from './open-hours.ts';
import type { LocalDate } from './zone.ts';

/** Some hours of the day, in minutes of the wall clock; or every day until that date. With a reason if one was written. */
export type Away =
  | { readonly kind: 'hours'; readonly opens: number; readonly closes: number; readonly reason: string | undefined }
  | { readonly kind: 'until'; readonly date: LocalDate; readonly reason: string | undefined };

const HOURS = /^(\d{1,2})(?:[:.](\d{2}))?\s*(?:[-–—]|to|до|по)\s*(\d{1,2})(?:[:.](\d{2}))?(?=$|[\s,;])/iu;
const DATE = /^(?:until|till|по|до)?\s*(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?(?=$|[\s,;:])/iu;
const MAX_REASON_LENGTH = 200;

/** Reads a line about an absence that begins on `from`. A date without a year is the next one that is not before it. */
export function parseAway(text: string, from: LocalDate): Away | undefined {
  const line = cleanName(text, 300) ?? '';
  const hours = HOURS.exec(line);
  if (hours !== null) {
    const [opens, closes] = [minutesOf(hours[1], hours[2]), minutesOf(hours[3], hours[4])];
    const valid = opens !== undefined && closes !== undefined && opens < closes;
    return valid ? { kind: 'hours', opens, closes, reason: reasonOf(line, hours[0]) } : undefined;
  }
  const written = DATE.exec(line);
  if (written === null) return undefined;
  const date = dateOf(written, from);
  return date === undefined ? undefined : { kind: 'until', date, reason: reasonOf(line, written[0]) };
}

/** Reads the hours of one date that is not before `today`; no intervals: a day off. */
export function parseDatedHours(
  text: string,
  today: LocalDate,
): { readonly date: LocalDate; readonly intervals: readonly DayInterval[] } | undefined {
  const line = cleanName(text, 200) ?? '';
  const written = DATE.exec(line);
  const date = written === null ? undefined : dateOf(written, today);
  if (written === null || date === undefined) return undefined;
  const week = parseHours(`mon ${line.slice(written[0].length).replace(/^[\s,;:]+/u, '')}`);
  if (isHoursProblem(week) || [...week.keys()].some((day) => day !== 1)) return undefined;
  return { date, intervals: week.get(1) ?? [] };
}

function minutesOf(hours = '', minutes = '0'): number | undefined {
  const total = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && total <= 1_440 ? total : undefined;
}

function dateOf([, day = '', month = '', year]: RegExpExecArray, from: LocalDate): LocalDate | undefined {
  const years = year === undefined ? [Number(from.slice(0, 4)), Number(from.slice(0, 4)) + 1] : [Number(year)];
  return years
    .map((each) => `${each}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)
    .find((date) => isDate(date) && date >= from);
}

function isDate(date: string): boolean {
  const parsed = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(parsed) && new Date(parsed).toISOString().slice(0, 10) === date;
}

function reasonOf(line: string, written: string): string | undefined {
  return cleanName(line.slice(written.length).replace(/^[\s,;:]+/u, ''), MAX_REASON_LENGTH);
}
