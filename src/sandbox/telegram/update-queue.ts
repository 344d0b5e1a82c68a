/**
 * The server-side queue of one bot. It knows ids, confirmation by offset and lifetimes; it knows nothing of HTTP, of
 * polls or of webhooks. Nothing is leased: the same updates come again until an offset above them is used.
 */
import type { Random } from '../random.ts';
import { randomBetween } from '../random.ts';
import type { UpdateKind } from './types.ts';

/** One update that waits to be confirmed. Times in ms since the epoch. */
export interface QueuedUpdate {
  readonly id: number;
  readonly kind: UpdateKind;
  /** Updates of the same key are delivered in order by webhooks. */
  readonly chatKey: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** The whole Update object, as sent. */
  readonly json: string;
}

/** Who wants to know what happens to updates (the record). */
export interface QueueObserver {
  delivered(update: QueuedUpdate, now: number): void;
  confirmed(update: QueuedUpdate, now: number): void;
  lost(update: QueuedUpdate, now: number, reason: 'expired' | 'dropped'): void;
}

/** What is asked of a queue. */
export interface TakeRequest {
  readonly offset: number;
  /** 1 to 100. */
  readonly limit: number;
}

/** The part of a queue that outlives a restart. */
export interface QueueState {
  readonly nextId: number;
  readonly lastAddedAt: number;
  readonly updates: readonly QueuedUpdate[];
}

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;
const MAX_ANSWER_CHARS = 4 * 1024 * 1024;
const MAX_LEAP = 10;
const RESTORE_GAP = { least: 1_000, most: 1_000_000 } as const;

/** How long an unfetched update of this kind lives, in ms, counted from its event. */
function lifetimeOf(kind: UpdateKind): number {
  switch (kind) {
    case 'callback_query':
    case 'shipping_query':
    case 'pre_checkout_query':
      return 150_000;
    case 'chosen_inline_result':
      return 600_000;
    case 'inline_query':
      return 30_000;
    default:
      return 24 * HOUR;
  }
}

/** The queue of one bot; see the head of this file. */
export class UpdateQueue {
  readonly #updates = new Map<number, QueuedUpdate>();
  readonly #observer: QueueObserver;
  readonly #random: Random;
  #nextId: number;
  #lastAddedAt = 0;

  constructor(random: Random, observer: QueueObserver) {
    this.#random = random;
    this.#observer = observer;
    this.#nextId = this.#randomStart();
  }

  /** Adds an update whose payload is already JSON. After a week of silence the ids start anew at a random place. */
  add(kind: UpdateKind, payloadJson: string, chatKey: string, now: number): QueuedUpdate {
    if (this.#updates.size === 0 && this.#lastAddedAt > 0 && now - this.#lastAddedAt > WEEK) {
      this.#nextId = this.#randomStart();
    }
    const id = this.#nextId;
    this.#nextId += 1;
    this.#lastAddedAt = now;
    const json = `{"update_id":${id},"${kind}":${payloadJson}}`;
    const update = { id, kind, chatKey, createdAt: now, expiresAt: now + lifetimeOf(kind), json };
    this.#updates.set(id, update);
    return update;
  }

  /** Confirms what the offset says is done, then gives the next updates without taking them away. */
  take(request: TakeRequest, now: number): QueuedUpdate[] {
    this.#confirm(request.offset, now);
    const found: QueuedUpdate[] = [];
    let chars = 0;
    for (const update of this.#updates.values()) {
      if (found.length >= request.limit) break;
      if (this.#dropIfExpired(update, now)) continue;
      chars += update.json.length;
      if (found.length > 0 && chars > MAX_ANSWER_CHARS) break;
      found.push(update);
    }
    for (const update of found) this.#observer.delivered(update, now);
    return found;
  }

  /** How many live updates wait. */
  pending(now: number): number {
    for (const update of this.#updates.values()) this.#dropIfExpired(update, now);
    return this.#updates.size;
  }

  /** The waiting update of this id, if it still lives. */
  find(id: number, now: number): QueuedUpdate | undefined {
    const update = this.#updates.get(id);
    return update && !this.#dropIfExpired(update, now) ? update : undefined;
  }

  /** All waiting updates, oldest first. */
  list(): readonly QueuedUpdate[] {
    return [...this.#updates.values()];
  }

  /** Marks one update as handed out (webhook). */
  markDelivered(update: QueuedUpdate, now: number): void {
    this.#observer.delivered(update, now);
  }

  /** Takes one update away as done (webhook answered with success). */
  confirmOne(id: number, now: number): void {
    const update = this.#updates.get(id);
    if (update && this.#updates.delete(id)) this.#observer.confirmed(update, now);
  }

  /** Forgets everything that waits (`drop_pending_updates`). */
  clear(now: number): void {
    for (const update of this.#updates.values()) this.#observer.lost(update, now, 'dropped');
    this.#updates.clear();
  }

  /** What must outlive a restart. */
  state(): QueueState {
    return { nextId: this.#nextId, lastAddedAt: this.#lastAddedAt, updates: this.list() };
  }

  /**
   * Takes over a state saved before. Ids go on behind a random gap: what was added after the last save of a killed
   * process may have been delivered, and no id may ever stand for two updates.
   */
  restore(state: QueueState): void {
    this.#updates.clear();
    this.#nextId = state.nextId + randomBetween(this.#random, RESTORE_GAP.least, RESTORE_GAP.most);
    this.#lastAddedAt = state.lastAddedAt;
    for (const update of state.updates) this.#updates.set(update.id, update);
  }

  #confirm(offset: number, now: number): void {
    if (offset === 0) return;
    if (offset < 0) {
      const surplus = this.pending(now) + offset;
      if (surplus > 0) this.#confirmWhile((_update, index) => index < surplus, now);
      return;
    }
    if (offset <= this.#nextId + MAX_LEAP) this.#confirmWhile((update) => update.id < offset, now);
  }

  #confirmWhile(isDone: (update: QueuedUpdate, index: number) => boolean, now: number): void {
    let index = 0;
    for (const update of this.#updates.values()) {
      if (!isDone(update, index)) return;
      index += 1;
      this.#updates.delete(update.id);
      if (update.expiresAt <= now) this.#observer.lost(update, now, 'expired');
      else this.#observer.confirmed(update, now);
    }
  }

  #dropIfExpired(update: QueuedUpdate, now: number): boolean {
    if (update.expiresAt > now) return false;
    this.#updates.delete(update.id);
    this.#observer.lost(update, now, 'expired');
    return true;
  }

  #randomStart(): number {
    return randomBetween(this.#random, 100_000_000, 999_999_999);
  }
}
