import { expect, test } from 'vitest';
import { createCached } from './cached.ts';

test('an answer is kept for its time, shared while it is asked for, and a failure is asked again', async () => {
  let [now, asked, fails] = [0, 0, false];
  const cached = createCached(
    () => {
      asked += 1;
      return fails ? Promise.reject(new Error('away')) : Promise.resolve(asked);
    },
    100,
    () => now,
  );
  expect(await Promise.all([cached.get(), cached.get()])).toEqual([1, 1]);
  now = 99;
  expect(await cached.get()).toBe(1);
  now = 100;
  fails = true;
  await expect(cached.get()).rejects.toThrow('away');
  fails = false;
  expect(await cached.get()).toBe(3);
});
