import { expect, it } from 'vitest';
import { watchChanges } from './changes.ts';

/** Time that stands still until it is let go. */
function stillTime() {
  const naps: { readonly ms: number; readonly end: () => void }[] = [];
  return {
    naps,
    sleep: (ms: number, signal: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        naps.push({ ms, end: resolve });
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
  };
}

function counter() {
  let value = 0;
  let changed = (): void => undefined;
  return {
    add: () => {
      value += 1;
      changed();
    },
    read: async () => ({ value }),
    listen: (listener: () => void) => {
      changed = listener;
      return () => {
        changed = () => undefined;
      };
    },
  };
}

it('tells a storm of changes as one, after the pace', async () => {
  const time = stillTime();
  const source = counter();
  const stop = new AbortController();
  const stream = watchChanges({ ...source, paceMs: 250, safetyMs: 2_000, sleep: time.sleep, signal: stop.signal });
  expect(await stream.next()).toEqual({ done: false, value: { value: 0 } });
  const second = stream.next();
  for (let times = 0; times < 50; times += 1) source.add();
  expect(time.naps.map((nap) => nap.ms)).toEqual([250]);
  time.naps[0]?.end();
  expect(await second).toEqual({ done: false, value: { value: 50 } });
  stop.abort();
  expect((await stream.next()).done).toBe(true);
});

it('looks by itself when nothing is told, and says nothing when nothing has changed', async () => {
  const time = stillTime();
  const source = counter();
  const stop = new AbortController();
  const stream = watchChanges({ ...source, paceMs: 1, safetyMs: 2, sleep: time.sleep, signal: stop.signal });
  await stream.next();
  const second = stream.next();
  let told = false;
  void second.then(() => {
    told = true;
  });
  for (let turn = 0; turn < 20; turn += 1) {
    await Promise.resolve();
    time.naps.shift()?.end();
  }
  expect(told).toBe(false);
  stop.abort();
  expect((await second).done).toBe(true);
});
