import type { Update } from 'grammy/types';
import { describe, expect, it } from 'vitest';
import { startUpdateSource, type UpdateSource } from './update-source.ts';

const HANDLER_MS = 1_000;

function messageFrom(chat: number, updateId: number): Update {
  const person = { id: chat, is_bot: false, first_name: 'Customer' };
  const message = { message_id: 1, date: 0, chat: { id: chat, type: 'private', first_name: 'Customer' }, from: person };
  return { update_id: updateId, message: { ...message, text: 'hello' } } as Update;
}

/** A source over one answer of Telegram; its time passes as fast as it is waited for. */
function startSource(
  updates: readonly Update[],
  handle: (update: Update) => Promise<void>,
  storageAnswers: () => Promise<boolean>,
): { readonly source: UpdateSource; readonly waits: number[]; readonly confirmed: Promise<number> } {
  const waits: number[] = [];
  const { promise: confirmed, resolve } = Promise.withResolvers<number>();
  const source = startUpdateSource({
    async fetch(offset, _timeout, signal) {
      if (offset <= (updates[0]?.update_id ?? 0)) return updates;
      resolve(offset);
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      return [];
    },
    handle,
    handledBefore: async () => new Set(),
    noteHandled: async () => undefined,
    isPassing: () => false,
    storageAnswers,
    mayPoll: () => true,
    async sleep(ms, signal) {
      if (ms === HANDLER_MS) waits.push(ms);
      await new Promise((resume) => setImmediate(resume));
      if (signal.aborted) return;
    },
    handlerMs: HANDLER_MS,
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  return { source, waits, confirmed };
}

describe('a handler that does not end', () => {
  it('is given up after twice its time while storage answers, and the chat goes on', async () => {
    const handled: number[] = [];
    const { source, confirmed } = startSource(
      [messageFrom(1, 10), messageFrom(1, 11)],
      (update) => {
        handled.push(update.update_id);
        return update.update_id === 10 ? new Promise(() => undefined) : Promise.resolve();
      },
      () => Promise.resolve(true),
    );
    expect(await confirmed).toBe(12);
    expect(handled).toEqual([10, 11]);
    await source.stop(false);
  });

  it('is waited for as long as storage is away, and never run beside itself', async () => {
    let runs = 0;
    let asked = 0;
    const { promise: end, resolve: finish } = Promise.withResolvers<void>();
    const { source, confirmed, waits } = startSource(
      [messageFrom(1, 10)],
      () => {
        runs += 1;
        return end;
      },
      async () => {
        asked += 1;
        if (asked === 20) finish();
        return false;
      },
    );
    expect(await confirmed).toBe(11);
    expect(runs).toBe(1);
    expect(waits.length).toBeGreaterThan(2);
    await source.stop(false);
  });

  it('confirms nothing when the bot stops meanwhile', async () => {
    const stopping = Promise.withResolvers<void>();
    let polled = false;
    const { source, confirmed } = startSource(
      [messageFrom(1, 10)],
      () => new Promise(() => undefined),
      async () => {
        stopping.resolve();
        return false;
      },
    );
    confirmed.then(
      () => {
        polled = true;
      },
      () => undefined,
    );
    await stopping.promise;
    await source.stop(true);
    expect(polled).toBe(false);
  });
});

/** Telegram's queue as it is: what lies above the offset is handed out again until a higher offset is asked for. */
function startQueue(handle: (update: Update) => Promise<void>) {
  const queue: Update[] = [];
  let arrived = Promise.withResolvers<void>();
  const offsets: number[] = [];
  const source = startUpdateSource({
    async fetch(offset, _timeout, signal) {
      offsets.push(offset);
      while (queue.length > 0 && (queue[0]?.update_id ?? 0) < offset) queue.shift();
      const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      if (queue.length === 0) await Promise.race([arrived.promise, aborted]);
      signal.throwIfAborted();
      return queue.slice(0, 100);
    },
    handle,
    handledBefore: async () => new Set(),
    noteHandled: async () => undefined,
    isPassing: () => false,
    mayPoll: () => true,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, Math.min(ms, 5));
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const arrive = (...updates: Update[]): void => {
    queue.push(...updates);
    arrived.resolve();
    arrived = Promise.withResolvers<void>();
  };
  return { source, offsets, arrive };
}

describe('while one update is being handled', () => {
  it('others that come later are handled, in order within a chat, each once, and nothing is confirmed too early', async () => {
    const slow = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    const handled: number[] = [];
    const { source, offsets, arrive } = startQueue(async (update) => {
      if (update.update_id === 10) await slow.promise;
      handled.push(update.update_id);
      if (update.update_id === 15) slow.resolve();
      if (update.update_id === 16) done.resolve();
    });
    arrive(messageFrom(1, 10), messageFrom(2, 11));
    await new Promise((resolve) => setImmediate(resolve));
    arrive(messageFrom(2, 12), messageFrom(3, 13), messageFrom(1, 14), messageFrom(3, 15));
    while (!handled.includes(14)) await new Promise((resolve) => setImmediate(resolve));
    expect(Math.max(...offsets.slice(0, -1), 0)).toBeLessThanOrEqual(16);
    arrive(messageFrom(1, 16));
    await done.promise;
    expect(handled.toSorted((a, b) => a - b)).toEqual([10, 11, 12, 13, 14, 15, 16]);
    expect(handled.filter((id) => [10, 14, 16].includes(id))).toEqual([10, 14, 16]);
    expect(handled.indexOf(10)).toBeGreaterThan(handled.indexOf(15));
    await source.stop(false);
  });
});
