/** Owns the tenant's wall clock: dates, minutes of the day and their instants in an IANA zone, by Intl alone. */
import type { Interval } from './interval.ts';

/** `YYYY-MM-DD` of the tenant's calendar. */
export type LocalDate = string;

/** One reading of the tenant's wall clock. */
export interface WallClock {
  readonly date: LocalDate;
  /** Minutes since midnight as the clock shows them. */
  readonly minutes: number;
  /** 1 = Monday … 7 = Sunday. */
  readonly weekday: number;
}

/** The wall clock of one place. */
export interface Zone {
  readonly name: string;
  /** What the clock shows at an instant. */
  wallClock(instant: number): WallClock;
  /** Every instant at which the clock shows `date` and a time in `[opens, closes)` minutes: mostly one interval. */
  instants(date: LocalDate, opens: number, closes: number): Interval[];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
// Clocks run from 12 hours behind UTC to 14 ahead; with a margin this window holds every instant of a local date.
const EARLIEST = -15 * HOUR;
const LATEST = DAY + 13 * HOUR;

/** True for a name that Intl knows. */
export function isZoneName(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The wall clock of an IANA zone. Throws a `RangeError` for a name that Intl does not know. */
export function zoneOf(name: string): Zone {
  const offsetAt = offsetReader(name);
  return {
    name,
    wallClock: (instant) => readClock(instant + offsetAt(instant)),
    instants(date, opens, closes) {
      const midnight = utcMidnight(date);
      return offsetSpans(offsetAt, midnight + EARLIEST, midnight + LATEST)
        .map(({ from, to, offset }) => ({
          from: Math.max(from, midnight + opens * MINUTE - offset),
          to: Math.min(to, midnight + closes * MINUTE - offset),
        }))
        .filter(({ from, to }) => from < to);
    },
  };
}

/** The date so many days later (or earlier). */
export function addDays(date: LocalDate, days: number): LocalDate {
  return new Date(utcMidnight(date) + days * DAY).toISOString().slice(0, 10);
}

/** 1 = Monday … 7 = Sunday. */
export function weekdayOf(date: LocalDate): number {
  return ((Math.floor(utcMidnight(date) / DAY) + 3) % 7) + 1;
}

/** The dates from the first to the last, both included. */
export function datesBetween(first: LocalDate, last: LocalDate): LocalDate[] {
  const days = Math.max(0, Math.round((utcMidnight(last) - utcMidnight(first)) / DAY) + 1);
  return Array.from({ length: days }, (_, index) => addDays(first, index));
}

/** Midnight of a date as if its place were Greenwich: a name for the date that arithmetic can work on. */
export function utcMidnight(date: LocalDate): number {
  return Date.parse(`${date}T00:00:00Z`);
}

function readClock(local: number): WallClock {
  const date = new Date(local).toISOString().slice(0, 10);
  return { date, minutes: Math.floor((local - utcMidnight(date)) / MINUTE), weekday: weekdayOf(date) };
}

interface OffsetSpan extends Interval {
  readonly offset: number;
}

/** The window cut where the offset changes. Two changes within two days do not happen. */
function offsetSpans(offsetAt: (instant: number) => number, from: number, to: number): OffsetSpan[] {
  const before = offsetAt(from);
  const after = offsetAt(to);
  if (before === after) {
    return [{ from, to, offset: before }];
  }
  let [low, high] = [from, to];
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2_000) * 1_000;
    [low, high] = offsetAt(middle) === before ? [middle, high] : [low, middle];
  }
  return [
    { from, to: high, offset: before },
    { from: high, to, offset: after },
  ];
}

/** Reads how far the clock is ahead of UTC. Answers are kept, because a month's search asks for the same few often. */
function offsetReader(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const known = new Map<number, number>();
  return (instant) => {
    const kept = known.get(instant);
    if (kept !== undefined) {
      return kept;
    }
    const offset = measureOffset(format, instant);
    if (known.size >= 512) {
      known.clear();
    }
    known.set(instant, offset);
    return offset;
  };
}

function measureOffset(format: Intl.DateTimeFormat, instant: number): number {
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(instant)) {
    part[type] = Number(value);
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  return local - Math.floor(instant / 1_000) * 1_000;
}
