/** Owns how the owner writes the value of a setting, and what the code makes of it. Pure. */
import { cleanName, parseCount, parseDuration } from './amounts.ts';
import { REMINDER_KIND, type ReminderKind } from './reminders.ts';

const MOST_REMINDERS = 5;
const CLOCK = /^(\d{1,2})(?:[:.](\d{2}))?$/;
const UNITS: Readonly<Record<string, 'm' | 'h' | 'd'>> = {
  m: 'm',
  h: 'h',
  d: 'd',
  м: 'm',
  мин: 'm',
  ч: 'h',
  д: 'd',
  дн: 'd',
};

/** Kinds of "24h, 2h", "1 д, 90 мин" and of "-" for none; undefined for anything else. */
export function parseReminders(text: string): ReminderKind[] | undefined {
  const line = text.trim().toLowerCase();
  if (line === '-') return [];
  const parts = line.split(/[,;]/u).map((part) => /^(\d{1,4})\s*(\p{L}+)\.?$/u.exec(part.trim()));
  const kinds = parts.map((part) => `${Number(part?.[1] ?? 0)}${UNITS[part?.[2] ?? ''] ?? ''}`);
  const valid = kinds.length <= MOST_REMINDERS && kinds.every((kind) => REMINDER_KIND.test(kind));
  return valid ? [...new Set(kinds)] : undefined;
}

/** Minutes between 0 and `max`, as a number or as a duration. */
export function parseMinutes(text: string, min: number, max: number): number | undefined {
  const minutes = parseCount(text, 0, max) ?? parseDuration(text);
  return minutes !== undefined && minutes >= min && minutes <= max ? minutes : undefined;
}

/** Minutes of the wall clock of "8", "8:30"; null for "-", which is never; undefined for anything else. */
export function parseClock(text: string): number | null | undefined {
  if (text.trim() === '-') return null;
  const match = CLOCK.exec(text.trim());
  const minutes = match === null ? Number.NaN : Number(match[1]) * 60 + Number(match[2] ?? 0);
  return Number(match?.[2] ?? 0) < 60 && minutes < 1_440 ? minutes : undefined;
}

/** Seconds from 0 to 10 with at most one decimal. */
export function parseSeconds(text: string): number | undefined {
  const bare = text.trim().replace(',', '.');
  const seconds = /^\d{1,2}(?:\.\d)?$/.test(bare) ? Number(bare) : Number.NaN;
  return seconds <= 10 ? seconds : undefined;
}

/** An address on one line. */
export function parseAddress(text: string): string | undefined {
  return cleanName(text, 512);
}
