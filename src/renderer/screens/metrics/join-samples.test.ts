import { expect, it } from 'vitest';
import { joinSamples, MOST } from './join-samples.ts';

const moments = (...times: number[]) => times.map((at) => ({ at }));

it('keeps each moment once, though a reconnect tells it again', () => {
  expect(joinSamples(moments(1, 2, 3), moments(2, 3, 4))).toEqual(moments(1, 2, 3, 4));
});

it('stays the same object when nothing is new, and never grows beyond its bound', () => {
  const before = moments(1, 2);
  expect(joinSamples(before, moments(2))).toBe(before);
  const many = moments(...Array.from({ length: MOST + 50 }, (_, index) => index));
  expect(joinSamples([], many)).toHaveLength(MOST);
  expect(joinSamples([], many)[0]).toEqual({ at: 50 });
});
