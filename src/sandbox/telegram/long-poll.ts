/**
 * The one waiting place of a bot's getUpdates. It knows who waits, who is knocked out and when a 409 is slowed down;
 * it knows nothing of HTTP. Only a request that itself begins to wait disturbs the one that waits already.
 */
import type { Clock } from '../clock.ts';
import type { QueuedUpdate, UpdateQueue } from './update-queue.ts';

/** The exact text the older of two waiting polls gets. */
export const OTHER_POLL = 'terminated by other getUpdates request; make sure that only one bot instance is running';
/** The exact text of a poll while a webhook is set. */
export const WEBHOOK_ACTIVE =
  "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
/** The exact text of a waiting poll when a webhook is being set. */
export const WEBHOOK_SET = 'terminated by setWebhook request';

/** One getUpdates request, as asked. `timeout` in seconds. */
export interface PollRequest {
  readonly offset: number;
  readonly limit: number;
  readonly timeout: number;
}

/** The one who asks. Exactly one of the results is given, once; nothing is given after a cancel. */
export interface Poller {
  updates(updates: readonly QueuedUpdate[]): void;
  /** The 409, when it is time to say it. */
  conflict(text: string): void;
  /** The token is no longer good. */
  unauthorized(): void;
  /** The request begins to wait. */
  waiting(): void;
  /** The place is lost to another now, though the 409 may come later. */
  lost(): void;
}

interface Waiting {
  readonly poller: Poller;
  readonly request: PollRequest;
  readonly stopTimer: () => void;
  stopWake: (() => void) | undefined;
}

const MAX_TIMEOUT_S = 50;
const CONFLICT_PAUSE = 3000;
const REPEAT_WINDOW = 3000;
const TIGHT_WINDOW = 500;
const WAKE_AFTER = 1;

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

/** The waiting place of one bot; see the head of this file. */
export class LongPoll {
  readonly #queue: UpdateQueue;
  readonly #clock: Clock;
  #waiting: Waiting | undefined;
  #previousOffset: number | undefined;
  #previousStart = 0;
  #nextConflictAt = 0;

  constructor(queue: UpdateQueue, clock: Clock) {
    this.#queue = queue;
    this.#clock = clock;
  }

  /** Whether a request waits here now. */
  get isTaken(): boolean {
    return this.#waiting !== undefined;
  }

  /** Serves or parks one request. The returned function gives the place up at once (the client went away). */
  ask(asked: PollRequest, poller: Poller): () => void {
    const now = this.#clock.now();
    const request = this.#slowed(asked, now);
    const updates = this.#queue.take(request, now);
    if (updates.length > 0 || request.timeout === 0) {
      poller.updates(updates);
      return () => undefined;
    }
    this.#knockOut(OTHER_POLL);
    return this.#park(request, poller);
  }

  /** Tells the place that an update came in. */
  wake(): void {
    const waiting = this.#waiting;
    if (!waiting || waiting.stopWake) return;
    waiting.stopWake = this.#clock.after(WAKE_AFTER, () => this.#serve(waiting));
  }

  /** Ends a waiting poll because a webhook is being set. */
  endForWebhook(): void {
    this.#knockOut(WEBHOOK_SET);
  }

  /** Ends a waiting poll because the token is gone. */
  endUnauthorized(): void {
    this.#leave()?.unauthorized();
  }

  /** Ends a waiting poll with an empty answer: the server closes. */
  endEmpty(): void {
    this.#leave()?.updates([]);
  }

  /** Says 409: the first at once, further ones within 3 s after a pause of 3 s. */
  refuse(poller: Poller, text: string): () => void {
    const now = this.#clock.now();
    if (now < this.#nextConflictAt) return this.#clock.after(CONFLICT_PAUSE, () => poller.conflict(text));
    this.#nextConflictAt = now + CONFLICT_PAUSE;
    poller.conflict(text);
    return () => undefined;
  }

  #slowed(asked: PollRequest, now: number): PollRequest {
    let timeout = clamp(asked.timeout, 0, MAX_TIMEOUT_S);
    let limit = clamp(asked.limit, 1, 100);
    if (asked.offset === this.#previousOffset) {
      const since = now - this.#previousStart;
      if (since < REPEAT_WINDOW && timeout < 3) timeout = 3;
      if (since < TIGHT_WINDOW) limit = 1;
    }
    this.#previousOffset = asked.offset;
    this.#previousStart = now;
    return { offset: asked.offset, limit, timeout };
  }

  #park(request: PollRequest, poller: Poller): () => void {
    const stopTimer = this.#clock.after(request.timeout * 1000, () => {
      if (this.#waiting === waiting) this.#leave()?.updates([]);
    });
    const waiting: Waiting = { poller, request, stopTimer, stopWake: undefined };
    this.#waiting = waiting;
    poller.waiting();
    return () => {
      if (this.#waiting === waiting) this.#leave();
    };
  }

  #serve(waiting: Waiting): void {
    waiting.stopWake = undefined;
    if (this.#waiting !== waiting) return;
    const updates = this.#queue.take(waiting.request, this.#clock.now());
    if (updates.length > 0) this.#leave()?.updates(updates);
  }

  #knockOut(text: string): void {
    const poller = this.#leave();
    if (!poller) return;
    poller.lost();
    this.refuse(poller, text);
  }

  #leave(): Poller | undefined {
    const waiting = this.#waiting;
    if (!waiting) return undefined;
    this.#waiting = undefined;
    waiting.stopTimer();
    waiting.stopWake?.();
    return waiting.poller;
  }
}
