import { describe, expect, it } from 'vitest';
import { openChannel } from './channel.ts';
import { spawnLimit } from './spawn-limit.ts';

describe('the limit of starts', () => {
  it('hands out turns in order and no more than it may', async () => {
    const limit = spawnLimit(2);
    const ends = [await limit.turn(), await limit.turn()];
    const order: number[] = [];
    const next = async (number: number): Promise<() => void> => {
      const end = await limit.turn();
      order.push(number);
      return end;
    };
    const third = next(3);
    const fourth = next(4);
    await Promise.resolve();
    expect(order).toEqual([]);
    ends[0]?.();
    ends[0]?.();
    (await third)();
    await fourth;
    expect(order).toEqual([3, 4]);
  });
});

describe('a channel', () => {
  it('keeps what came before the reader', async () => {
    const channel = openChannel<number>();
    channel.push(1);
    channel.push(2);
    channel.end();
    channel.push(3);
    expect(await all(channel)).toEqual([1, 2]);
  });

  it('ends with its signal, even with one that was aborted before', async () => {
    let ends = 0;
    const channel = openChannel<number>({ signal: AbortSignal.abort(), onEnd: () => (ends += 1) });
    expect(await all(channel)).toEqual([]);
    expect(ends).toBe(1);
  });
});

async function all(channel: AsyncIterable<number>): Promise<number[]> {
  const values: number[] = [];
  for await (const value of channel) values.push(value);
  return values;
}
