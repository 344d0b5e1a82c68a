import { expect, it } from 'vitest';
import { rememberRemakes } from './remakes.ts';

it('makes a stuck bot anew at once, then more rarely each time, and from the beginning when it had come up', () => {
  const remakes = rememberRemakes(60);
  const dueAt = (times: readonly number[]) => times.filter((at) => remakes.due(['a'], at).length === 1);
  expect(dueAt([0, 60, 119, 120, 300, 359, 360])).toEqual([0, 120, 360]);
  expect(remakes.due([], 400)).toEqual([]);
  expect(remakes.due(['a'], 401)).toEqual(['a']);
});
