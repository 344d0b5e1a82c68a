import { describe, expect, test } from 'vitest';
import { planVisit, type VisitService } from './visit.ts';

const cut: VisitService = {
  id: 1,
  name: 'Cut',
  durationMinutes: 45,
  bufferBeforeMinutes: 5,
  bufferAfterMinutes: 10,
  capacity: 1,
  priceKopecks: 100_000,
  currency: 'RUB',
};
const colour: VisitService = { ...cut, id: 2, name: 'Colour', durationMinutes: 90, bufferAfterMinutes: 15 };

describe('several services in one visit', () => {
  test('take their times and prices together, with one buffer before and one after', () => {
    expect(planVisit([cut, colour])).toEqual({
      ...cut,
      serviceIds: [1, 2],
      name: 'Cut + Colour',
      durationMinutes: 135,
      bufferAfterMinutes: 15,
      priceKopecks: 200_000,
    });
    expect(planVisit([colour])).toMatchObject({ ...colour, serviceIds: [2] });
  });

  test('are refused where they do not go together', () => {
    expect(planVisit([])).toBeUndefined();
    expect(planVisit([cut, { ...colour, capacity: 8 }])).toBeUndefined();
    expect(planVisit([cut, { ...colour, currency: 'EUR' }])).toBeUndefined();
    expect(planVisit([{ ...colour, capacity: 8 }])?.capacity).toBe(8);
  });
});
