import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overlaps } from './interval.ts';
import { type BookableService, type BusyTime, freeSlots, heldBy, nearestSlots, slotAt } from './slots.ts';

const MINUTE = 60_000;
const minutes = (min: number, max: number) => fc.integer({ min, max }).map((value) => value * MINUTE);

const anyService: fc.Arbitrary<BookableService> = fc.record({
  id: fc.integer({ min: 1, max: 3 }),
  durationMinutes: fc.integer({ min: 5, max: 180 }),
  bufferBeforeMinutes: fc.integer({ min: 0, max: 30 }),
  bufferAfterMinutes: fc.integer({ min: 0, max: 30 }),
  capacity: fc.integer({ min: 1, max: 3 }),
});

const anyBusy: fc.Arbitrary<BusyTime> = fc
  .record({ from: minutes(0, 2_880), length: minutes(1, 300) })
  .map(({ from, length }) => ({ from, to: from + length }));

const anyQuery = fc
  .record({
    service: anyService,
    gaps: fc.array(fc.tuple(minutes(1, 600), minutes(1, 900)), { maxLength: 5 }),
    busy: fc.array(anyBusy, { maxLength: 12 }),
    earliest: minutes(0, 1_440),
    latest: minutes(1_440, 4_000),
    stepMinutes: fc.integer({ min: 5, max: 60 }),
  })
  .map(({ gaps, ...rest }) => {
    let at = 0;
    const open = gaps.map(([gap, length]) => {
      const from = at + gap;
      at = from + length;
      return { from, to: at };
    });
    return { ...rest, open };
  });

describe('the search for free times', () => {
  test('never offers a time outside the opening hours, the lead time or the horizon', () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        for (const slot of freeSlots(query)) {
          expect(query.open.some(({ from, to }) => from <= slot.start && slot.end <= to)).toBe(true);
          expect(slot.start).toBeGreaterThanOrEqual(query.earliest);
          expect(slot.start).toBeLessThan(query.latest);
        }
      }),
    );
  });

  test('never offers a time whose buffers touch what is taken, and offers every other step', () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        const found = new Set(freeSlots(query).map(({ start }) => start));
        for (const { from, to } of query.open) {
          for (
            let start = from;
            start + query.service.durationMinutes * MINUTE <= to;
            start += query.stepMinutes * MINUTE
          ) {
            const held = heldBy(query.service, start);
            const free = !query.busy.some((busy) => overlaps(busy, held));
            const inTime = start >= query.earliest && start < query.latest;
            expect(found.has(start)).toBe(free && inTime);
          }
        }
      }),
    );
  });

  test('lets every found time be booked until none is left, and the visits then overlap nowhere', () => {
    fc.assert(
      fc.property(anyQuery, fc.nat(), (query, seed) => {
        const taken: BusyTime[] = [...query.busy];
        const visits: BusyTime[] = [];
        for (let round = 0; round < 60; round += 1) {
          const slots = freeSlots({ ...query, busy: taken });
          const slot = slots[(seed + round) % Math.max(1, slots.length)];
          if (slot === undefined) {
            break;
          }
          const group = { serviceId: query.service.id, start: slot.start };
          const visit = { ...heldBy(query.service, slot.start), ...(query.service.capacity > 1 ? { group } : {}) };
          taken.push(visit);
          visits.push(visit);
        }
        for (const one of visits) {
          const together = visits.filter((other) => overlaps(one, other));
          expect(together.length).toBeLessThanOrEqual(query.service.capacity);
          expect(together.every((other) => other.from === one.from)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('agrees with the question about one time', () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        for (const slot of freeSlots(query)) {
          expect(slotAt(query, slot.start)).toEqual(slot);
          expect(slotAt(query, slot.start + 1)).toBeUndefined();
        }
      }),
      { numRuns: 50 },
    );
  });

  test('counts the seats of a group visit and keeps other services away from it', () => {
    const group: BookableService = {
      id: 7,
      durationMinutes: 60,
      bufferBeforeMinutes: 0,
      bufferAfterMinutes: 0,
      capacity: 3,
    };
    const seat: BusyTime = { from: 0, to: 60 * MINUTE, group: { serviceId: 7, start: 0 } };
    const base = { open: [{ from: 0, to: 60 * MINUTE }], earliest: 0, latest: 60 * MINUTE, stepMinutes: 30 };
    const seats = (busy: BusyTime[], service = group) =>
      freeSlots({ ...base, busy, service }).map((slot) => slot.seats);
    expect(seats([seat])).toEqual([2]);
    expect(seats([seat, seat, seat])).toEqual([]);
    expect(seats([seat], { ...group, id: 8 })).toEqual([]);
    expect(seats([seat], { ...group, capacity: 1 })).toEqual([]);
  });

  test('names the nearest free times first', () => {
    const slots = [0, 60, 120, 180].map((start) => ({ start, end: start + 30, seats: 1 }));
    expect(nearestSlots(slots, 100, 2).map(({ start }) => start)).toEqual([120, 60]);
  });
});
