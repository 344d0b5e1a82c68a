/** Questions a bot must answer in time: pressed buttons and payments about to happen. */
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import { randomBetween } from '../random.ts';

/** What a bot said to a pressed button. */
export interface CallbackAnswer {
  readonly text?: string | undefined;
  readonly showAlert: boolean;
  readonly url?: string | undefined;
  readonly cacheTime: number;
}

/** What a bot said to a payment about to happen. */
export interface CheckoutAnswer {
  readonly ok: boolean;
  readonly errorMessage?: string | undefined;
}

interface OpenQuery<Answer> {
  readonly botId: number;
  readonly expiresAt: number;
  answer: Answer | undefined;
  settled: boolean;
  readonly waiters: Set<(answer: Answer | undefined) => void>;
}

/** The open questions of one kind. */
export class Queries<Answer> {
  readonly #open = new Map<string, OpenQuery<Answer>>();
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #lifetimeMs: number;

  /** `lifetimeMs`: how long an answer is taken. */
  constructor(clock: Clock, random: Random, lifetimeMs: number) {
    this.#clock = clock;
    this.#random = random;
    this.#lifetimeMs = lifetimeMs;
  }

  /** Opens a question to a bot and gives its id. */
  open(botId: number): string {
    const now = this.#clock.now();
    this.#sweep(now);
    const id = `${randomBetween(this.#random, 1_000_000_000, 9_007_199_254)}${randomBetween(this.#random, 100_000_000, 999_999_999)}`;
    this.#open.set(id, {
      botId,
      expiresAt: now + this.#lifetimeMs,
      answer: undefined,
      settled: false,
      waiters: new Set(),
    });
    return id;
  }

  /** Takes a bot's answer. False when the question is unknown, too old, another bot's, or answered already. */
  answer(botId: number, id: string, answer: Answer): boolean {
    const query = this.#open.get(id);
    if (!query || query.botId !== botId || query.settled || query.expiresAt <= this.#clock.now()) return false;
    query.settled = true;
    query.answer = answer;
    for (const resolve of [...query.waiters]) resolve(answer);
    return true;
  }

  /** The answer, now or when it comes; undefined when `timeoutMs` is over. */
  waitFor(id: string, timeoutMs: number): Promise<Answer | undefined> {
    const query = this.#open.get(id);
    if (!query || query.settled || timeoutMs <= 0) return Promise.resolve(query?.answer);
    return new Promise((resolve) => {
      const finish = (answer: Answer | undefined): void => {
        stopTimer();
        query.waiters.delete(finish);
        resolve(answer);
      };
      const stopTimer = this.#clock.after(timeoutMs, () => finish(undefined));
      query.waiters.add(finish);
    });
  }

  /** The ids still open, with their bots: what a restart must remember. */
  state(): readonly { readonly id: string; readonly botId: number; readonly expiresAt: number }[] {
    this.#sweep(this.#clock.now());
    const open: { id: string; botId: number; expiresAt: number }[] = [];
    for (const [id, query] of this.#open) {
      if (!query.settled) open.push({ id, botId: query.botId, expiresAt: query.expiresAt });
    }
    return open;
  }

  /** Takes over a question saved before. */
  restore(id: string, botId: number, expiresAt: number): void {
    this.#open.set(id, { botId, expiresAt, answer: undefined, settled: false, waiters: new Set() });
  }

  /** Ends all waits and forgets all questions. */
  clear(): void {
    for (const query of this.#open.values()) for (const resolve of [...query.waiters]) resolve(undefined);
    this.#open.clear();
  }

  #sweep(now: number): void {
    for (const [id, query] of this.#open) {
      if (query.expiresAt > now) return;
      this.#open.delete(id);
    }
  }
}
