import { expect, it } from 'vitest';
import { type BatchOptions, batched } from './batches.ts';

const never = (_ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

function options(change: Partial<BatchOptions> = {}): BatchOptions {
  return { paceMs: 1, most: 3, sleep: never, signal: new AbortController().signal, ...change };
}

async function* numbers(count: number, failure?: Error): AsyncGenerator<number> {
  for (let number = 1; number <= count; number += 1) yield number;
  if (failure !== undefined) throw failure;
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of source) values.push(value);
  return values;
}

it('gathers values in their order and loses none', async () => {
  expect(await all(batched(numbers(7), options()))).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  expect(await all(batched(numbers(0), options()))).toEqual([]);
});

it('closes a batch when its time is over, and goes on with the next value', async () => {
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  async function* slow(): AsyncGenerator<number> {
    yield 1;
    await gate;
    yield 2;
  }
  const stream = batched(slow(), options({ sleep: async () => undefined }));
  expect((await stream.next()).value).toEqual([1]);
  release();
  expect((await stream.next()).value).toEqual([2]);
  expect((await stream.next()).done).toBe(true);
});

it('fails with its source after what came before', async () => {
  const stream = batched(numbers(2, new Error('gone')), options({ sleep: never }));
  const values: number[] = [];
  await expect(
    (async () => {
      for await (const batch of stream) values.push(...batch);
    })(),
  ).rejects.toThrow('gone');
  expect(values).toEqual([1, 2]);
});

it('ends its source when its reader has had enough', async () => {
  let ended = false;
  async function* endless(): AsyncGenerator<number> {
    try {
      for (let number = 1; ; number += 1) yield number;
    } finally {
      ended = true;
    }
  }
  for await (const batch of batched(endless(), options())) {
    expect(batch).toHaveLength(3);
    break;
  }
  expect(ended).toBe(true);
});
