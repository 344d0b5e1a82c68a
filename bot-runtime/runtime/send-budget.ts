/**
 * Owns how much one bot says: it obeys every `retry_after`, holds back what goes to a chat that Telegram has told to wait,
 * and lets what nobody asked for (reminders, broadcasts) go out only as fast as Telegram takes it, behind the answers.
 */
import type { Transformer } from 'grammy';
import type { ApiResponse } from 'grammy/types';

/** What the budget needs from outside. */
export interface SendBudgetOptions {
  now(): number;
  /** Waits; an abort ends the wait early and without an error. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Messages a second over all chats. Telegram takes about 30; default 25. */
  readonly perSecond?: number;
  /** The longest that one call waits for Telegram's sake, in ms. Default 25,000. */
  readonly longestWaitMs?: number;
}

/** The budget of one bot. */
export interface SendBudget {
  /** Waits where Telegram asked to, counts what is said, and tries again what was refused for haste. */
  readonly transformer: Transformer;
  /** Resolves when a message that nobody asked for may go to this chat. */
  spare(chatId: number, signal?: AbortSignal): Promise<void>;
}

const CHAT_MS = 1_000;
/** So many chats refused within a short time mean the bot, not the chats. */
const CHATS_FOR_ALL = 3;
const CLOSE_MS = 5_000;
const POLLS = new Set(['getUpdates', 'getMe', 'deleteWebhook']);
/** Telegram itself waits no longer; what is remembered of quiet chats is dropped. */
const REMEMBERED = 5_000;

/** Makes one. */
export function createSendBudget(options: SendBudgetOptions): SendBudget {
  const { now, sleep, perSecond = 25, longestWaitMs = 25_000 } = options;
  const pausedUntil = new Map<number, number>();
  const lastTo = new Map<number, number>();
  const refused: { readonly chat: number; readonly at: number }[] = [];
  let allPausedUntil = 0;
  /** When the next message would be within the budget if all that were said had kept it. */
  let nextAt = 0;

  const waitFor = (chat: number | undefined): number =>
    Math.max(0, allPausedUntil - now(), (chat === undefined ? 0 : (pausedUntil.get(chat) ?? 0)) - now());
  const count = (chat: number): void => {
    nextAt = Math.max(nextAt, now() - 1_000) + 1_000 / perSecond;
    if (lastTo.size >= REMEMBERED) lastTo.clear();
    lastTo.set(chat, now());
  };
  const pause = (chat: number | undefined, ms: number): void => {
    const until = now() + ms;
    if (chat === undefined) {
      allPausedUntil = Math.max(allPausedUntil, until);
      return;
    }
    if (pausedUntil.size >= REMEMBERED) pausedUntil.clear();
    pausedUntil.set(chat, Math.max(pausedUntil.get(chat) ?? 0, until));
    refused.push({ chat, at: now() });
    while ((refused[0]?.at ?? Number.POSITIVE_INFINITY) < now() - CLOSE_MS) refused.shift();
    if (new Set(refused.map((one) => one.chat)).size >= CHATS_FOR_ALL) allPausedUntil = Math.max(allPausedUntil, until);
  };

  const transformer: Transformer = async (previous, method, payload, signal) => {
    if (POLLS.has(method)) return await previous(method, payload, signal);
    const chat = chatOf(payload);
    const givesUpAt = now() + longestWaitMs;
    for (;;) {
      const wait = waitFor(chat);
      if (wait > 0) await sleep(Math.min(wait, Math.max(0, givesUpAt - now())), signal as AbortSignal | undefined);
      if (chat !== undefined) count(chat);
      const answer = await previous(method, payload, signal);
      const asked = retryAfterMs(answer);
      if (asked === undefined) return answer;
      pause(chat, asked);
      if (now() + asked > givesUpAt || signal?.aborted === true) return answer;
    }
  };
  return {
    transformer,
    async spare(chatId, signal) {
      for (;;) {
        const due = Math.max(nextAt, (lastTo.get(chatId) ?? Number.NEGATIVE_INFINITY) + CHAT_MS);
        const wait = Math.max(waitFor(chatId), due - now());
        if (wait <= 0 || signal?.aborted === true) return;
        await sleep(wait, signal);
      }
    },
  };
}

function chatOf(payload: object): number | undefined {
  const chat = 'chat_id' in payload ? Number(payload.chat_id) : Number.NaN;
  return Number.isSafeInteger(chat) ? chat : undefined;
}

function retryAfterMs(answer: ApiResponse<unknown>): number | undefined {
  if (answer.ok || answer.error_code !== 429) return undefined;
  return (answer.parameters?.retry_after ?? 1) * 1_000;
}
