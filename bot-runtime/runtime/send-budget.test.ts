import type { Transformer } from 'grammy';
import { describe, expect, test } from 'vitest';
import { createSendBudget } from './send-budget.ts';

/** A clock that a sleep moves on, and a Telegram that answers by a list of waits (0: takes it). */
function world(refusals: number[]) {
  const clock = { now: 1_000_000 };
  const calls: { readonly at: number; readonly chat: unknown }[] = [];
  const budget = createSendBudget({
    now: () => clock.now,
    sleep: (ms) => {
      clock.now += ms;
      return Promise.resolve();
    },
    perSecond: 20,
  });
  const telegram = ((_method: string, payload: { chat_id?: unknown }) => {
    calls.push({ at: clock.now - 1_000_000, chat: payload.chat_id });
    const wait = refusals.shift() ?? 0;
    const refusal = { ok: false, error_code: 429, description: 'Too Many Requests', parameters: { retry_after: wait } };
    return Promise.resolve(wait === 0 ? { ok: true, result: true } : refusal);
  }) as unknown as Parameters<Transformer>[0];
  const send = (chat: number) => budget.transformer(telegram, 'sendMessage', { chat_id: chat, text: 'x' }, undefined);
  return { clock, calls, budget, send };
}

describe('the budget of what a bot says', () => {
  test('waits as long as Telegram asks and says it again', async () => {
    const { calls, send } = world([3]);
    expect((await send(7)).ok).toBe(true);
    expect(calls).toEqual([
      { at: 0, chat: 7 },
      { at: 3_000, chat: 7 },
    ]);
  });

  test('holds back a chat that was refused, and no other', async () => {
    const { calls, send } = world([60]);
    expect((await send(7)).ok).toBe(false);
    await send(8);
    expect(calls.at(-1)).toEqual({ at: 0, chat: 8 });
    await send(7);
    expect(calls.at(-1)?.at).toBe(25_000);
  });

  test('holds everything back when several chats are refused at once', async () => {
    const { calls, send } = world([30, 30, 30]);
    for (const chat of [1, 2, 3]) await send(chat);
    await send(4);
    expect(calls.at(-1)).toEqual({ at: 25_000, chat: 4 });
  });

  test('lets what nobody asked for go out at its rate, once a second to one chat, and answers at once', async () => {
    const { clock, calls, budget, send } = world([]);
    for (let chat = 1; chat <= 100; chat += 1) {
      await budget.spare(chat);
      await send(chat);
    }
    // A burst of one second's worth, then 20 a second.
    expect(clock.now - 1_000_000).toBeGreaterThanOrEqual(3_900);
    expect(clock.now - 1_000_000).toBeLessThanOrEqual(5_000);
    await send(200);
    const answered = calls.at(-1)?.at ?? 0;
    await budget.spare(200);
    expect(clock.now - 1_000_000 - answered).toBeGreaterThanOrEqual(1_000);
  });
});
