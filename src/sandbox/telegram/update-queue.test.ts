import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type QueueObserver, UpdateQueue } from './update-queue.ts';

const START = 1_760_000_000_000;
const silent: QueueObserver = { delivered: () => undefined, confirmed: () => undefined, lost: () => undefined };

function queueOf(count: number, observer: QueueObserver = silent): { queue: UpdateQueue; first: number } {
  const queue = new UpdateQueue(() => 0.5, observer);
  let first = 0;
  for (let index = 0; index < count; index += 1) {
    const { id } = queue.add('message', `{"n":${index}}`, '1', START);
    if (index === 0) first = id;
  }
  return { queue, first };
}

function ids(queue: UpdateQueue, offset: number, limit = 100, now = START): number[] {
  return queue.take({ offset, limit }, now).map((update) => update.id);
}

describe('the update queue', () => {
  it('gives the same updates again until an offset above them is used', () => {
    const { queue, first } = queueOf(3);
    expect(ids(queue, 0)).toEqual([first, first + 1, first + 2]);
    expect(ids(queue, first)).toEqual([first, first + 1, first + 2]);
    expect(ids(queue, first + 2)).toEqual([first + 2]);
    expect(ids(queue, 0)).toEqual([first + 2]);
  });

  it('keeps only the last N for a negative offset', () => {
    const { queue, first } = queueOf(5);
    expect(ids(queue, -2)).toEqual([first + 3, first + 4]);
    expect(ids(queue, 0)).toEqual([first + 3, first + 4]);
  });

  it('ignores an offset more than ten above the tail', () => {
    const { queue, first } = queueOf(2);
    expect(ids(queue, first + 13)).toEqual([first, first + 1]);
    expect(ids(queue, first + 12)).toEqual([]);
    expect(ids(queue, 0)).toEqual([]);
  });

  it('drops pressed buttons after 150 s and messages after 24 h, silently', () => {
    const lost: string[] = [];
    const queue = new UpdateQueue(() => 0.5, { ...silent, lost: (update) => lost.push(update.kind) });
    queue.add('callback_query', '{}', '1', START);
    queue.add('message', '{}', '1', START);
    expect(queue.take({ offset: 0, limit: 100 }, START + 149_999)).toHaveLength(2);
    expect(queue.take({ offset: 0, limit: 100 }, START + 150_000)).toHaveLength(1);
    expect(queue.pending(START + 24 * 3_600_000)).toBe(0);
    expect(lost).toEqual(['callback_query', 'message']);
  });

  it('starts anew at a random id after a week of silence', () => {
    const numbers = [0.1, 0.9];
    const queue = new UpdateQueue(() => numbers.shift() ?? 0.5, silent);
    const { id } = queue.add('message', '{}', '1', START);
    queue.clear(START);
    expect(queue.add('message', '{}', '1', START + 1000).id).toBe(id + 1);
    queue.clear(START);
    expect(queue.add('message', '{}', '1', START + 9 * 24 * 3_600_000).id).toBeGreaterThan(id + 1000);
  });

  it('never loses and never confirms twice, whatever the offsets', () => {
    const steps = fc.array(fc.oneof(fc.constant('add' as const), fc.integer({ min: -5, max: 30 })), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (history) => {
        const confirmed: number[] = [];
        const queue = new UpdateQueue(() => 0.5, { ...silent, confirmed: (update) => confirmed.push(update.id) });
        const added: number[] = [];
        for (const step of history) {
          if (step === 'add') added.push(queue.add('message', '{}', '1', START).id);
          else queue.take({ offset: step <= 0 ? step : (added[0] ?? 1) + step, limit: 100 }, START);
        }
        const waiting = queue.list().map((update) => update.id);
        expect([...confirmed, ...waiting]).toEqual(added);
      }),
    );
  });
});
