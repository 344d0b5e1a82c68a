/** Owns the line in which an owner writes weekly hours, in both languages: "Mon-Fri 9:00-18:00, Sat 10-14". Pure. */
import type { DayInterval } from './open-hours.ts';

/** Weekly hours: by weekday, 1 = Monday … 7 = Sunday; a day without intervals is absent. */
export type WeeklyHours = ReadonlyMap<number, readonly DayInterval[]>;

/** Why a line could not be read, and where. */
export interface HoursProblem {
  readonly problem: 'empty' | 'unreadable' | 'backwards' | 'overlap';
  /** The part of the line that is meant. */
  readonly at: string;
}

const DAY_NAMES: Readonly<Record<'en' | 'ru', readonly string[]>> = {
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
  ru: ['Пн', 'Вт', 'Ср', 'Чт', 'Пт', 'Сб', 'Вс'],
};

const LONG_STEMS: readonly (readonly [RegExp, number])[] = [
  [/^(?:mon|пн|пон)/u, 1],
  [/^(?:tue|вт)/u, 2],
  [/^(?:wed|ср)/u, 3],
  [/^(?:thu|чт|чет)/u, 4],
  [/^(?:fri|пт|пят)/u, 5],
  [/^(?:sat|сб|суб)/u, 6],
  [/^(?:sun|вс|вос)/u, 7],
];
const EVERY_DAY = /^(?:daily|everyday|ежедневно)$/u;
const ALWAYS = /^(?:always|nonstop|круглосуточно)$/u;
const CLOSED = /^(?:closed|off|закрыто|выходной)$/u;
const TOKEN = /[\p{L}]+|\d{1,2}(?:[:.]\d{2})?|[-,;/&]|\S/gu;
const TIME = /^(\d{1,2})(?:[:.](\d{2}))?$/;

/** Reads a line. Days without hours are days off. Times are whole minutes, "24:00" is the end of the day. */
export function parseHours(line: string): WeeklyHours | HoursProblem {
  const tokens = tokensOf(line);
  if (tokens.length === 0) {
    return { problem: 'empty', at: '' };
  }
  const week = new Map<number, DayInterval[]>();
  let position = 0;
  while (position < tokens.length) {
    const days = readDays(tokens, position);
    const times = days === undefined ? undefined : readTimes(tokens, days.next);
    if (days === undefined || times === undefined) {
      return { problem: 'unreadable', at: tokens.slice(position, position + 6).join(' ') };
    }
    const problem = addTimes(week, days.value, times.value, tokens.slice(position, times.next).join(' '));
    if (problem !== undefined) {
      return problem;
    }
    position = skipSeparators(tokens, times.next);
  }
  return new Map([...week].filter(([, intervals]) => intervals.length > 0).toSorted(([a], [b]) => a - b));
}

/** True for a line that could not be read. */
export function isHoursProblem(result: WeeklyHours | HoursProblem): result is HoursProblem {
  return 'problem' in result;
}

/** Writes hours so that {@link parseHours} reads the same again; days with equal hours stand together. */
export function formatHours(week: WeeklyHours, locale: 'en' | 'ru'): string {
  const groups: { readonly days: number[]; readonly times: string }[] = [];
  for (let day = 1; day <= 7; day += 1) {
    const times = (week.get(day) ?? []).map(({ opens, closes }) => `${clock(opens)}-${clock(closes)}`).join(', ');
    const last = groups.at(-1);
    if (times !== '' && last?.times === times && last.days.at(-1) === day - 1) {
      last.days.push(day);
    } else if (times !== '') {
      groups.push({ days: [day], times });
    }
  }
  return groups.map(({ days, times }) => `${dayRange(days, locale)} ${times}`).join('; ');
}

function dayRange(days: readonly number[], locale: 'en' | 'ru'): string {
  const names = DAY_NAMES[locale];
  const first = names[(days.at(0) ?? 1) - 1] ?? '';
  const last = names[(days.at(-1) ?? 1) - 1] ?? '';
  return days.length === 1 ? first : `${first}-${last}`;
}

function clock(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

interface Read<T> {
  readonly value: T;
  readonly next: number;
}

function tokensOf(line: string): string[] {
  const plain = line
    .toLowerCase()
    .replaceAll(/[–—−‐‑]/gu, '-')
    .replaceAll('every day', 'everyday')
    .replaceAll(/(?<=^|[\s,;])(?:from|с|со)\s/gu, ' ')
    .replaceAll(/\s(?:to|till|until|до|по)\s/gu, '-');
  return [...plain.matchAll(TOKEN)].map(([token]) => token);
}

function skipSeparators(tokens: readonly string[], from: number): number {
  let position = from;
  while ([',', ';', ':', '/', '&', 'и', 'and', '.'].includes(tokens[position] ?? '')) {
    position += 1;
  }
  return position;
}

/** "mon", "mon-fri", "mon, wed", "daily": the days in order. */
function readDays(tokens: readonly string[], from: number): Read<number[]> | undefined {
  if (EVERY_DAY.test(tokens[from] ?? '')) {
    return { value: [1, 2, 3, 4, 5, 6, 7], next: from + 1 };
  }
  const days: number[] = [];
  let position = from;
  for (;;) {
    const first = dayOf(tokens[position]);
    if (first === undefined) {
      return days.length === 0 ? undefined : { value: days, next: position };
    }
    const last = tokens[position + 1] === '-' ? dayOf(tokens[position + 2]) : undefined;
    days.push(...daysThrough(first, last ?? first));
    position = skipSeparators(tokens, position + (last === undefined ? 1 : 3));
  }
}

function daysThrough(first: number, last: number): number[] {
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, index) => ((first - 1 + index) % 7) + 1);
}

function dayOf(token: string | undefined): number | undefined {
  return token === undefined ? undefined : LONG_STEMS.find(([stem]) => stem.test(token))?.[1];
}

/** "9-18, 19:00-20:00" or "closed". Undefined when no time follows. */
function readTimes(tokens: readonly string[], from: number): Read<DayInterval[]> | undefined {
  if (CLOSED.test(tokens[from] ?? '')) {
    return { value: [], next: from + 1 };
  }
  if (ALWAYS.test(tokens[from] ?? '')) {
    return { value: [{ opens: 0, closes: 1_440 }], next: from + 1 };
  }
  const intervals: DayInterval[] = [];
  let position = from;
  for (;;) {
    const opens = minutesOf(tokens[position]);
    const closes = tokens[position + 1] === '-' ? minutesOf(tokens[position + 2]) : undefined;
    if (opens === undefined || closes === undefined) {
      return intervals.length === 0 || opens !== undefined ? undefined : { value: intervals, next: position };
    }
    intervals.push({ opens, closes });
    position = skipSeparators(tokens, position + 3);
  }
}

function minutesOf(token: string | undefined): number | undefined {
  const match = TIME.exec(token ?? '');
  const [hours, minutes] = [Number(match?.[1] ?? 99), Number(match?.[2] ?? 0)];
  return minutes < 60 && hours * 60 + minutes <= 1_440 ? hours * 60 + minutes : undefined;
}

function addTimes(
  week: Map<number, DayInterval[]>,
  days: readonly number[],
  times: readonly DayInterval[],
  at: string,
): HoursProblem | undefined {
  if (times.some(({ opens, closes }) => opens >= closes)) {
    return { problem: 'backwards', at };
  }
  for (const day of days) {
    const all = [...(week.get(day) ?? []), ...times].toSorted((a, b) => a.opens - b.opens);
    if (all.some(({ opens }, index) => opens < (all[index - 1]?.closes ?? 0))) {
      return { problem: 'overlap', at };
    }
    week.set(day, all);
  }
  return undefined;
}
