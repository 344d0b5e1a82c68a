/** Tells the merchant what happened: at least once, in no promised order, again and again until it is answered 200. */
import type { ShopSettings } from '#shared/schemas/sandbox-shop.ts';
import type { Clock } from '../clock.ts';
import { type Random, randomBetween } from '../random.ts';
import type { FetchLike } from '../telegram/webhooks.ts';

/** What the notifier needs. */
export interface NotifierParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: FetchLike;
  readonly settings: () => ShopSettings;
}

/** How it went so far. */
export interface NotifierCounters {
  sent: number;
  acknowledged: number;
  refused: number;
  lost: number;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 600_000;
const GIVE_UP_MS = 24 * 3_600_000;
const ANSWER_MS = 10_000;

/** The notifications of one shop. */
export class Notifier {
  readonly counters: NotifierCounters = { sent: 0, acknowledged: 0, refused: 0, lost: 0 };
  readonly #parts: NotifierParts;
  readonly #timers = new Set<() => void>();
  readonly #end = new AbortController();

  constructor(parts: NotifierParts) {
    this.#parts = parts;
  }

  /** Copies that are still to be sent, or sent again. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Tells of an event, as the switches want it. `object`: the payment or refund as it is now. */
  tell(event: string, object: object): void {
    const { settings, random } = this.#parts;
    const { notificationUrl, loseRate, duplicates, lateMs } = settings();
    if (notificationUrl === '') return;
    const body = JSON.stringify({ type: 'notification', event, object });
    if (loseRate > 0 && random() < loseRate) {
      this.counters.lost += 1;
      return;
    }
    const copies = 1 + (duplicates === 0 ? 0 : randomBetween(random, 0, duplicates));
    for (let copy = 0; copy < copies; copy += 1) this.#later(lateMs * random(), () => this.#send(body, 1, undefined));
  }

  /** Sends a body that nobody meant. Returns the status that it was answered with; 0: none. */
  async forge(body: unknown, source: string | undefined, headers: Readonly<Record<string, string>>): Promise<number> {
    return await this.#post(JSON.stringify(body), source ?? this.#parts.settings().notificationSource, headers);
  }

  /** Ends everything that waits. */
  close(): void {
    this.#end.abort();
    for (const stop of this.#timers) stop();
    this.#timers.clear();
  }

  #later(ms: number, task: () => Promise<void>): void {
    const stop = this.#parts.clock.after(ms, () => {
      this.#timers.delete(stop);
      void task();
    });
    this.#timers.add(stop);
  }

  async #send(body: string, attempt: number, since: number | undefined): Promise<void> {
    const now = this.#parts.clock.now();
    this.counters.sent += 1;
    const status = await this.#post(body, this.#parts.settings().notificationSource, {});
    if (this.#end.signal.aborted) return;
    if (status === 200) {
      this.counters.acknowledged += 1;
      return;
    }
    this.counters.refused += 1;
    const begun = since ?? now;
    if (now - begun >= GIVE_UP_MS) return;
    const pause = Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS);
    this.#later(pause, () => this.#send(body, attempt + 1, begun));
  }

  async #post(body: string, source: string, headers: Readonly<Record<string, string>>): Promise<number> {
    const { notificationUrl } = this.#parts.settings();
    try {
      const signal = AbortSignal.any([this.#end.signal, AbortSignal.timeout(ANSWER_MS)]);
      const all = { 'content-type': 'application/json', 'x-forwarded-for': source, ...headers };
      const init: RequestInit = { method: 'POST', headers: all, body, redirect: 'manual', signal };
      const response = await this.#parts.fetch(notificationUrl, init);
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    }
  }
}
