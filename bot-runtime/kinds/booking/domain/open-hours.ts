/** Owns when a member of staff is at work: weekly hours, replaced on a date by that date's own rows. Pure. */
import { type Interval, merged } from './interval.ts';
import { datesBetween, type LocalDate, weekdayOf, type Zone } from './zone.ts';

/** `[opens, closes)` in minutes of the wall clock, 0 … 1440. */
export interface DayInterval {
  readonly opens: number;
  readonly closes: number;
}

/** When one member works. */
export interface WorkingHours {
  /** By weekday, 1 = Monday … 7 = Sunday; a missing day is a day off. */
  readonly weekly: ReadonlyMap<number, readonly DayInterval[]>;
  /** Dates that follow no week; an empty list is a day off. */
  readonly dated: ReadonlyMap<LocalDate, readonly DayInterval[]>;
}

/** The hours of one date. */
function hoursOn(hours: WorkingHours, date: LocalDate): readonly DayInterval[] {
  return hours.dated.get(date) ?? hours.weekly.get(weekdayOf(date)) ?? [];
}

/** Every instant of the dates at which the member works, one interval per opening. Both dates are included. */
export function openIntervals(hours: WorkingHours, zone: Zone, first: LocalDate, last: LocalDate): Interval[] {
  return merged(
    datesBetween(first, last).flatMap((date) =>
      hoursOn(hours, date).flatMap(({ opens, closes }) => zone.instants(date, opens, closes)),
    ),
  );
}
