/** Owns when a customer is reminded of a visit, and whether a reminder that is late is still of use. Pure. */
import { addDays, type Zone } from './zone.ts';

/** `24h`, `90m`: so long before the visit. `1d`: so many days before, when the clock on the wall shows the same time. */
export type ReminderKind = string;

/** One reminder of a visit, due at an instant. */
export interface PlannedReminder {
  readonly kind: ReminderKind;
  readonly due: number;
}

/** What is to be done with a reminder that is due. */
export type ReminderVerdict = 'send' | 'superseded' | 'too_late';

/** How a kind is written. */
export const REMINDER_KIND = /^([1-9][0-9]{0,3})([mhd])$/;

const MINUTE = 60_000;

/** The reminders of a visit that lie ahead, earliest first. Two that are due at the same time are one. */
export function planReminders(
  kinds: readonly ReminderKind[],
  zone: Zone,
  start: number,
  now: number,
): PlannedReminder[] {
  const planned = new Map<number, PlannedReminder>();
  for (const kind of kinds) {
    const due = dueBefore(kind, zone, start);
    if (due !== undefined && due > now && due < start && !planned.has(due)) planned.set(due, { kind, due });
  }
  return [...planned.values()].toSorted((a, b) => a.due - b.due);
}

/** A reminder is of use until the visit begins, unless a later one is due as well: then that one says it all. */
export function judgeReminder(reminder: {
  readonly start: number;
  readonly now: number;
  readonly laterIsDue: boolean;
}): ReminderVerdict {
  if (reminder.now >= reminder.start) return 'too_late';
  return reminder.laterIsDue ? 'superseded' : 'send';
}

function dueBefore(kind: ReminderKind, zone: Zone, start: number): number | undefined {
  const [, digits, unit] = REMINDER_KIND.exec(kind) ?? [];
  if (digits === undefined) return undefined;
  const count = Number(digits);
  if (unit !== 'd') return start - count * (unit === 'h' ? 60 : 1) * MINUTE;
  const { date, minutes } = zone.wallClock(start);
  // On the day on which clocks go forward that time may not exist: then the next one that does.
  const [first] = zone.instants(addDays(date, -count), minutes, 1_440);
  return first?.from;
}
