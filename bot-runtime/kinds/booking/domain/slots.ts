/** Owns the search for free times over plain intervals. It knows no database, no clock and no calendar. */
import { type Interval, overlaps } from './interval.ts';

const MINUTE = 60_000;

/** What a search must know of a service. */
export interface BookableService {
  readonly id: number;
  readonly durationMinutes: number;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
  /** 1: one customer at a time. More: seats of a group visit. */
  readonly capacity: number;
}

/** Time that is taken: by a booking with its buffers, or by a block. */
export interface BusyTime extends Interval {
  /** Set for a seat of a group visit; equal for the seats of the same visit. */
  readonly group?: { readonly serviceId: number; readonly start: number };
}

/** A time that can be booked. */
export interface FreeSlot {
  readonly start: number;
  readonly end: number;
  readonly seats: number;
}

/** The question: all instants in milliseconds since the epoch. */
export interface SlotQuery {
  readonly service: BookableService;
  /** When the member works: sorted and disjoint. A visit may last from one interval into the next that touches it. */
  readonly open: readonly Interval[];
  readonly busy: readonly BusyTime[];
  /** No visit may begin earlier: now plus the lead time. */
  readonly earliest: number;
  /** No visit may begin at or after it. */
  readonly latest: number;
  /** Visits begin so many minutes apart, counted from the opening. */
  readonly stepMinutes: number;
}

/** Every time at which the service can be booked, earliest first. */
export function freeSlots(query: SlotQuery): FreeSlot[] {
  const busy = query.busy.toSorted((a, b) => a.from - b.from);
  const length = query.service.durationMinutes * MINUTE;
  const step = query.stepMinutes * MINUTE;
  const slots: FreeSlot[] = [];
  const cursor = { first: 0 };
  const ends = runEnds(query.open);
  for (const [index, { from, to }] of query.open.entries()) {
    const skipped = Math.max(0, Math.ceil((query.earliest - from) / step));
    const last = Math.min((ends[index] ?? to) - length, to - 1, query.latest - 1);
    for (let start = from + skipped * step; start <= last; start += step) {
      const seats = seatsLeft(query.service, start, busy, cursor);
      if (seats > 0) {
        slots.push({ start, end: start + length, seats });
      }
    }
  }
  return slots;
}

/** The slot that begins exactly then, if it is free. */
export function slotAt(query: SlotQuery, start: number): FreeSlot | undefined {
  if (start < query.earliest || start >= query.latest) {
    return undefined;
  }
  return freeSlots({ ...query, earliest: start, latest: start + 1 }).find((slot) => slot.start === start);
}

/** The free slots nearest to an instant, nearest first. */
export function nearestSlots(slots: readonly FreeSlot[], to: number, count: number): FreeSlot[] {
  return slots.toSorted((a, b) => Math.abs(a.start - to) - Math.abs(b.start - to)).slice(0, count);
}

/** The time that a visit takes from the member: with its buffers. */
export function heldBy(service: BookableService, start: number): Interval {
  return {
    from: start - service.bufferBeforeMinutes * MINUTE,
    to: start + (service.durationMinutes + service.bufferAfterMinutes) * MINUTE,
  };
}

/** Where the run of touching intervals ends to which each interval belongs. */
function runEnds(open: readonly Interval[]): number[] {
  const ends = open.map(({ to }) => to);
  for (let index = open.length - 2; index >= 0; index -= 1) {
    if (open[index]?.to === open[index + 1]?.from) {
      ends[index] = ends[index + 1] ?? 0;
    }
  }
  return ends;
}

/**
 * How many seats a visit that begins at `start` has left. `busy` is sorted; `cursor` moves past what ended before,
 * because starts only grow. A busy time may outlast later ones, so the cursor stops at the first that still matters.
 */
function seatsLeft(
  service: BookableService,
  start: number,
  busy: readonly BusyTime[],
  cursor: { first: number },
): number {
  const held = heldBy(service, start);
  while ((busy[cursor.first]?.to ?? Number.POSITIVE_INFINITY) <= held.from) {
    cursor.first += 1;
  }
  let taken = 0;
  for (let index = cursor.first; index < busy.length; index += 1) {
    const other = busy[index];
    if (other === undefined || other.from >= held.to) {
      break;
    }
    if (overlaps(other, held)) {
      if (!isSameVisit(service, start, other)) {
        return 0;
      }
      taken += 1;
    }
  }
  return Math.max(0, service.capacity - taken);
}

function isSameVisit(service: BookableService, start: number, { group }: BusyTime): boolean {
  return service.capacity > 1 && group?.serviceId === service.id && group.start === start;
}
