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
