/** The update queues of all bots: what a bot asked for goes in, and whoever delivers is told. */
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Bot } from './bots.ts';
import { LongPoll } from './long-poll.ts';
import type { Recorder } from './record.ts';
import { isDefaultKind, type UpdateKind } from './types.ts';
import { type QueuedUpdate, UpdateQueue } from './update-queue.ts';

/** Told of every update that entered a queue. */
export type UpdateListener = (bot: Bot, update: QueuedUpdate) => void;

interface Outlet {
  readonly queue: UpdateQueue;
  readonly poll: LongPoll;
}

/** The queues of all bots. */
export class Updates {
  readonly #outlets = new Map<number, Outlet>();
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #record: Recorder;
  #listener: UpdateListener = () => undefined;

  constructor(clock: Clock, random: Random, record: Recorder) {
    this.#clock = clock;
    this.#random = random;
    this.#record = record;
  }

  /** Names the one who delivers by webhook. */
  listen(listener: UpdateListener): void {
    this.#listener = listener;
  }

  /** Queues an update, unless the bot did not ask for its kind. `chatId` keeps webhook deliveries of a chat in order. */
  push(bot: Bot, kind: UpdateKind, payload: object, chatId: number): void {
    const wanted = bot.allowedUpdates ? bot.allowedUpdates.includes(kind) : isDefaultKind(kind);
    if (!wanted) return;
    const { queue, poll } = this.#outlet(bot.id);
    const update = queue.add(kind, JSON.stringify(payload), `${chatId}`, this.#clock.now());
    this.#record.updateCreated(bot.id, update);
    if (bot.webhook) this.#listener(bot, update);
    else poll.wake();
  }

  /** The queue of a bot. */
  queueOf(botId: number): UpdateQueue {
    return this.#outlet(botId).queue;
  }

  /** The waiting place of a bot. */
  pollOf(botId: number): LongPoll {
    return this.#outlet(botId).poll;
  }

  /** Forgets a bot; a waiting poll is told that the token is gone. */
  remove(botId: number): void {
    this.#outlets.get(botId)?.poll.endUnauthorized();
    this.#outlets.delete(botId);
  }

  /** Ends all waiting polls with an empty answer. */
  endPolls(): void {
    for (const { poll } of this.#outlets.values()) poll.endEmpty();
  }

  /** Forgets everything; waiting polls are told that their tokens are gone. */
  clear(): void {
    for (const { poll } of this.#outlets.values()) poll.endUnauthorized();
    this.#outlets.clear();
  }

  #outlet(botId: number): Outlet {
    let outlet = this.#outlets.get(botId);
    if (!outlet) {
      const queue = new UpdateQueue(this.#random, this.#record.observerFor(botId));
      outlet = { queue, poll: new LongPoll(queue, this.#clock) };
      this.#outlets.set(botId, outlet);
    }
    return outlet;
  }
}
