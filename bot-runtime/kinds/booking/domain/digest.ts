/** Owns when the owner hears what the day brings. Pure. */
import { addDays, type LocalDate, type Zone } from './zone.ts';

/** The next digest: the day that it is about, and when it is due. */
export interface NextDigest {
  readonly date: LocalDate;
  readonly due: number;
}

/** The first digest that is due after `now`, at this minute of the wall clock, or at the next one that exists that day. */
export function nextDigest(zone: Zone, minute: number, now: number): NextDigest {
  const { date: today } = zone.wallClock(now);
  for (let date = today; ; date = addDays(date, 1)) {
    const due = zone.instants(date, minute, 1_440).at(0)?.from;
    if (due !== undefined && due > now) return { date, due };
  }
}
