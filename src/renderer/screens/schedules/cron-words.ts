/** What a cron expression means, for those that people write most. Pure; knows no language. */

/** See the file. Days of the week: 0 is Sunday. `other`: nobody says this one in a sentence. */
export type CronMeaning =
  | { readonly kind: 'second' | 'minutes'; readonly n: number }
  | { readonly kind: 'minute' | 'other' }
  | { readonly kind: 'hour'; readonly minute: number }
  | { readonly kind: 'hours'; readonly n: number; readonly minute: number }
  | { readonly kind: 'day'; readonly hour: number; readonly minute: number }
  | { readonly kind: 'week'; readonly days: readonly number[]; readonly hour: number; readonly minute: number }
  | { readonly kind: 'month'; readonly day: number; readonly hour: number; readonly minute: number };

const OTHER = { kind: 'other' } as const;
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Reads it. */
export function meaningOf(expression: string): CronMeaning {
  const fields = expression.trim().split(/\s+/);
  if (fields.length === 6) {
    const [seconds = '', ...rest] = fields;
    const n = stepOf(seconds);
    if (n !== undefined && rest.every((field) => field === '*')) return { kind: 'second', n };
    return seconds === '0' ? ofFive(rest) : OTHER;
  }
  return fields.length === 5 ? ofFive(fields) : OTHER;
}

function ofFive([minutes = '', hours = '', day = '', month = '', week = '']: readonly string[]): CronMeaning {
  if (month !== '*') return OTHER;
  const daily = day === '*' && week === '*';
  const everyMinutes = minutes === '*' ? 1 : stepOf(minutes);
  if (everyMinutes !== undefined) {
    if (!daily || hours !== '*') return OTHER;
    return everyMinutes === 1 ? { kind: 'minute' } : { kind: 'minutes', n: everyMinutes };
  }
  const minute = numberOf(minutes, 59);
  if (minute === undefined) return OTHER;
  if (hours === '*') return daily ? { kind: 'hour', minute } : OTHER;
  const everyHours = stepOf(hours);
  if (everyHours !== undefined) return daily ? { kind: 'hours', n: everyHours, minute } : OTHER;
  const hour = numberOf(hours, 23);
  if (hour === undefined) return OTHER;
  if (daily) return { kind: 'day', hour, minute };
  if (week === '*') {
    const date = numberOf(day, 31);
    return date === undefined || date === 0 ? OTHER : { kind: 'month', day: date, hour, minute };
  }
  const days = day === '*' ? daysOf(week) : undefined;
  return days === undefined ? OTHER : { kind: 'week', days, hour, minute };
}

function stepOf(field: string): number | undefined {
  const step = /^\*\/(\d{1,2})$/.exec(field)?.[1];
  return step === undefined || Number(step) < 1 ? undefined : Number(step);
}

function numberOf(field: string, most: number): number | undefined {
  return /^\d{1,2}$/.test(field) && Number(field) <= most ? Number(field) : undefined;
}

function daysOf(field: string): readonly number[] | undefined {
  const days = field.split(',').map((part) => {
    const [from, to = from] = part.split('-').map(dayOf);
    if (from === undefined || to === undefined || to < from) return undefined;
    return Array.from({ length: to - from + 1 }, (_, step) => (from + step) % 7);
  });
  return days.includes(undefined) ? undefined : [...new Set(days.flatMap((part) => part ?? []))];
}

function dayOf(name: string): number | undefined {
  const named = DAYS.indexOf(name.toUpperCase());
  return named >= 0 ? named : numberOf(name, 7);
}
