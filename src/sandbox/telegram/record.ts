/**
 * What Telegram saw: every call, every update's life and every poll, bounded in number, with counters that never
 * forget. Tokens and file contents do not enter here. Times in ms since the epoch.
 */
import type { RecordedCall, RecordedPoll, RecordedUpdate, RecordSummary } from '#shared/schemas/sandbox.ts';
import { Ring } from './ring.ts';
import type { QueuedUpdate, QueueObserver } from './update-queue.ts';

/** A call in the making: filled in until it ends. */
export type CallEntry = { -readonly [K in keyof RecordedCall]: RecordedCall[K] };
/** A poll in the making. */
export type PollEntry = { -readonly [K in keyof RecordedPoll]: RecordedPoll[K] };
type UpdateEntry = { -readonly [K in keyof RecordedUpdate]: RecordedUpdate[K] };

interface BotCounters {
  readonly openPolls: Set<PollEntry>;
  readonly live: Map<number, UpdateEntry>;
  readonly calls: Map<string, number>;
  readonly errors: Map<number, number>;
  readonly sent: Map<number, number>;
  polls: number;
  overlapping: number;
  conflicts: number;
  created: number;
  delivered: number;
  redelivered: number;
  confirmed: number;
  expired: number;
  dropped: number;
}

function emptyCounters(): BotCounters {
  return {
    openPolls: new Set(),
    live: new Map(),
    calls: new Map(),
    errors: new Map(),
    sent: new Map(),
    polls: 0,
    overlapping: 0,
    conflicts: 0,
    created: 0,
    delivered: 0,
    redelivered: 0,
    confirmed: 0,
    expired: 0,
    dropped: 0,
  };
}

function bump<K>(counters: Map<K, number>, key: K): void {
  counters.set(key, (counters.get(key) ?? 0) + 1);
}

/** The record of one sandbox; see the head of this file. */
export class Recorder {
  readonly calls: Ring<CallEntry>;
  readonly polls: Ring<PollEntry>;
  readonly updates: Ring<UpdateEntry>;
  readonly #bots = new Map<number, BotCounters>();
  #sequence = 0;

  constructor(capacity: number) {
    this.calls = new Ring(capacity);
    this.polls = new Ring(capacity);
    this.updates = new Ring(capacity);
  }

  /** Begins the record of a call. */
  beginCall(entry: Omit<RecordedCall, 'seq'>): CallEntry {
    this.#sequence += 1;
    const call = { ...entry, seq: this.#sequence };
    this.calls.push(call);
    return call;
  }

  /** Ends the record of a call and counts it. Code 0: the connection went away before an answer. */
  endCall(call: CallEntry, now: number, code: number, description?: string): void {
    call.endedAt = now;
    call.code = code;
    if (description !== undefined) call.description = description;
    const counters = this.#of(call.botId);
    bump(counters.calls, call.method);
    if (code !== 200) bump(counters.errors, code);
  }

  /** Counts a message a bot sent to a chat. */
  messageSent(botId: number, chatId: number): void {
    bump(this.#of(botId).sent, chatId);
  }

  /** Begins the record of a poll; it overlaps when another request of the same bot still holds its place. */
  beginPoll(entry: Pick<RecordedPoll, 'pollId' | 'botId' | 'connection' | 'startedAt' | 'offset'>): PollEntry {
    const counters = this.#of(entry.botId);
    const poll: PollEntry = { ...entry, overlaps: [...counters.openPolls].map((other) => other.pollId), updates: 0 };
    counters.polls += 1;
    if (poll.overlaps.length > 0) counters.overlapping += 1;
    counters.openPolls.add(poll);
    this.polls.push(poll);
    return poll;
  }

  /** The poll no longer holds the place of its bot. */
  endPoll(poll: PollEntry, now: number, outcome: NonNullable<RecordedPoll['outcome']>, updates = 0): void {
    const counters = this.#of(poll.botId);
    if (!counters.openPolls.delete(poll)) return;
    poll.endedAt = now;
    poll.outcome = outcome;
    poll.updates = updates;
    if (outcome === 'conflict') counters.conflicts += 1;
  }

  /** Notes a new update. */
  updateCreated(botId: number, update: QueuedUpdate): void {
    const counters = this.#of(botId);
    const { id: updateId, kind, createdAt, chatKey } = update;
    const entry: UpdateEntry = { botId, updateId, kind, createdAt, chatId: Number(chatKey), deliveries: 0 };
    counters.created += 1;
    counters.live.set(updateId, entry);
    this.updates.push(entry);
  }

  /** The observer a bot's queue reports to. */
  observerFor(botId: number): QueueObserver {
    return {
      delivered: (update, now) => this.#delivered(botId, update, now),
      confirmed: (update, now) => {
        this.#settle(botId, update, 'confirmedAt', now);
        this.#of(botId).confirmed += 1;
      },
      lost: (update, now, reason) => {
        this.#settle(botId, update, 'lostAt', now);
        this.#of(botId)[reason] += 1;
      },
    };
  }

  /** The counters, of one bot or of all. */
  summary(botId?: number): RecordSummary {
    const bots = [...this.#bots].filter(([id]) => botId === undefined || id === botId);
    return {
      bots: bots.map(([id, counters]) => ({
        botId: id,
        polls: { total: counters.polls, overlapping: counters.overlapping, conflicts: counters.conflicts },
        updates: {
          created: counters.created,
          delivered: counters.delivered,
          redelivered: counters.redelivered,
          confirmed: counters.confirmed,
          expired: counters.expired,
          dropped: counters.dropped,
          pending: counters.live.size,
        },
        calls: Object.fromEntries(counters.calls),
        errors: Object.fromEntries([...counters.errors].map(([code, count]) => [String(code), count])),
        messagesSent: Object.fromEntries([...counters.sent].map(([chatId, count]) => [String(chatId), count])),
      })),
    };
  }

  /** Forgets everything recorded so far. */
  clear(): void {
    this.calls.clear();
    this.polls.clear();
    this.updates.clear();
    this.#bots.clear();
  }

  #delivered(botId: number, update: QueuedUpdate, now: number): void {
    const counters = this.#of(botId);
    const entry = counters.live.get(update.id);
    if (!entry) return;
    if (entry.deliveries === 0) {
      entry.firstDeliveredAt = now;
      counters.delivered += 1;
    } else {
      counters.redelivered += 1;
    }
    entry.deliveries += 1;
  }

  #settle(botId: number, update: QueuedUpdate, field: 'confirmedAt' | 'lostAt', now: number): void {
    const { live } = this.#of(botId);
    const entry = live.get(update.id);
    if (entry) entry[field] = now;
    live.delete(update.id);
  }

  #of(botId: number): BotCounters {
    let counters = this.#bots.get(botId);
    if (!counters) {
      counters = emptyCounters();
      this.#bots.set(botId, counters);
    }
    return counters;
  }
}
