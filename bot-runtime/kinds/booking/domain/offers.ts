/** Owns what a customer may choose: the free times of a service over all members who do it. Pure. */
import type { Interval } from './interval.ts';
import { openIntervals, type WorkingHours } from './open-hours.ts';
import { type BookableService, type BusyTime, freeSlots, slotAt } from './slots.ts';
import { addDays, datesBetween, type LocalDate, type Zone } from './zone.ts';

/** One member of staff with what decides when they are free. */
export interface Member {
  readonly id: number;
  readonly name: string;
  readonly hours: WorkingHours;
  readonly busy: readonly BusyTime[];
}

/** The tenant's rules for booking. */
export interface BookingRules {
  readonly zone: Zone;
  readonly slotStepMinutes: number;
  /** A visit may not begin sooner than so many minutes from now. */
  readonly leadMinutes: number;
  /** A visit may not begin later than so many days from now. */
  readonly horizonDays: number;
}

/** A time that can be booked, and with whom: whoever is to be asked first stands first. */
export interface Offer {
  readonly start: number;
  readonly end: number;
  readonly memberIds: readonly number[];
}

/** Those who work here may book until a visit would begin, and a year ahead. */
const DESK_RULES = { leadMinutes: 0, horizonDays: 365 } as const;
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

/** The rules for those who work here. */
export function deskRules<T extends BookingRules>(rules: T): T {
  return { ...rules, ...DESK_RULES };
}

/** The free times that begin on the dates from `first` to `last`, both included, earliest first. */
export function offersBetween(
  service: BookableService,
  members: readonly Member[],
  rules: BookingRules,
  now: number,
  [first, last]: readonly [LocalDate, LocalDate],
): Offer[] {
  const offers = new Map<number, { start: number; end: number; memberIds: number[] }>();
  const { from, to } = bounds(rules.zone, first, last);
  for (const member of leastBusyFirst(members)) {
    for (const { start, end } of freeSlots(queryFor(service, member, rules, now, [first, last]))) {
      const offer = offers.get(start);
      if (offer !== undefined) {
        offer.memberIds.push(member.id);
      } else if (start >= from && start < to) {
        offers.set(start, { start, end, memberIds: [member.id] });
      }
    }
  }
  return [...offers.values()].toSorted((a, b) => a.start - b.start);
}

/** The offer that begins exactly then, if there is one. */
export function offerAt(
  service: BookableService,
  members: readonly Member[],
  rules: BookingRules,
  now: number,
  start: number,
): Offer | undefined {
  const { date } = rules.zone.wallClock(start);
  const found = leastBusyFirst(members).flatMap((member) => {
    const slot = slotAt(queryFor(service, member, rules, now, [date, date]), start);
    return slot === undefined ? [] : [{ end: slot.end, id: member.id }];
  });
  const [first] = found;
  return first === undefined ? undefined : { start, end: first.end, memberIds: found.map(({ id }) => id) };
}

/** The dates on which anything is free, in order. */
export function datesOf(offers: readonly Offer[], zone: Zone): LocalDate[] {
  return [...new Set(offers.map(({ start }) => zone.wallClock(start).date))];
}

/** The dates on which the visit would fit into somebody's hours, and still nothing is free: those that can be waited for. */
export function fullDates(
  service: BookableService,
  members: readonly Member[],
  rules: BookingRules,
  now: number,
  [first, last]: readonly [LocalDate, LocalDate],
  free: ReadonlySet<LocalDate>,
): LocalDate[] {
  const earliest = earliestStart(rules, now);
  const latest = now + rules.horizonDays * DAY;
  const length = service.durationMinutes * MINUTE;
  const fits =
    (date: LocalDate) =>
    ({ from, to }: Interval) =>
      from < latest && Math.max(from, earliest) + length <= to && rules.zone.wallClock(from).date === date;
  return datesBetween(first, last).filter(
    (date) =>
      !free.has(date) && members.some(({ hours }) => openIntervals(hours, rules.zone, date, date).some(fits(date))),
  );
}

/** The earliest instant at which a visit may begin. */
export function earliestStart(rules: BookingRules, now: number): number {
  return now + rules.leadMinutes * MINUTE;
}

// A visit may begin late on the last date and end on the next, so the next date's hours belong to the question.
function queryFor(
  service: BookableService,
  member: Member,
  rules: BookingRules,
  now: number,
  [first, last]: readonly [LocalDate, LocalDate],
) {
  return {
    service,
    open: openIntervals(member.hours, rules.zone, first, addDays(last, 1)),
    busy: member.busy,
    earliest: earliestStart(rules, now),
    latest: now + rules.horizonDays * DAY,
    stepMinutes: rules.slotStepMinutes,
  };
}

/** Whoever has the least to do in the loaded time is asked first when the customer does not mind. */
function leastBusyFirst(members: readonly Member[]): Member[] {
  return members.toSorted((a, b) => a.busy.length - b.busy.length || a.id - b.id);
}

function bounds(zone: Zone, first: LocalDate, last: LocalDate): { readonly from: number; readonly to: number } {
  const from = zone.instants(first, 0, 1_440).at(0)?.from ?? Number.POSITIVE_INFINITY;
  const to = zone.instants(last, 0, 1_440).at(-1)?.to ?? Number.NEGATIVE_INFINITY;
  return { from, to };
}
