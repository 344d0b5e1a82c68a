/** The whole simulated Telegram: a flat list of owners, each of which knows its own things only. */
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import { type Bot, Bots } from './bots.ts';
import { Dialogs } from './dialogs.ts';
import { Faults } from './faults.ts';
import { Files } from './files.ts';
import { DEFAULT_FLOOD, FloodLimits } from './flood-limits.ts';
import { People } from './people.ts';
import { type CallbackAnswer, type CheckoutAnswer, Queries } from './queries.ts';
import { Recorder } from './record.ts';
import { Updates } from './updates.ts';
import { type FetchLike, type ReplyRunner, Webhooks } from './webhooks.ts';

/** What the world takes from outside. */
export interface WorldParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: FetchLike;
  /** Entries each list of the record keeps. */
  readonly recordCapacity: number;
}

/** Told of a text a person sent to a built-in bot. */
export interface BuiltInBot {
  readonly bot: Bot;
  hearsText(personId: number, text: string): void;
  hearsButton(personId: number, messageId: number, data: string, queryId: string): void;
}

const CALLBACK_LIFETIME = 150_000;
const CHECKOUT_LIFETIME = 10_000;

/** The simulated Telegram; see the head of this file. */
export class World {
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: FetchLike;
  readonly startedAt: number;
  readonly people: People;
  readonly bots: Bots;
  readonly dialogs: Dialogs;
  readonly files: Files;
  readonly updates: Updates;
  readonly webhooks: Webhooks;
  readonly record: Recorder;
  readonly faults: Faults;
  readonly limits: FloodLimits;
  readonly callbacks: Queries<CallbackAnswer>;
  readonly checkouts: Queries<CheckoutAnswer>;
  /** Bots that live in the sandbox itself, by id (BotFather). */
  readonly builtIn = new Map<number, BuiltInBot>();
  readonly #replies: { run: ReplyRunner } = { run: () => undefined };
  readonly #changeListeners = new Set<() => void>();

  constructor(parts: WorldParts) {
    const { clock, random } = parts;
    this.clock = clock;
    this.random = random;
    this.fetch = parts.fetch;
    this.startedAt = clock.now();
    this.people = new People(random);
    this.bots = new Bots(random);
    this.dialogs = new Dialogs(clock, random);
    this.files = new Files(random);
    this.record = new Recorder(parts.recordCapacity);
    this.updates = new Updates(clock, random, this.record);
    this.faults = new Faults(random);
    this.limits = new FloodLimits(clock);
    this.callbacks = new Queries(clock, random, CALLBACK_LIFETIME);
    this.checkouts = new Queries(clock, random, CHECKOUT_LIFETIME);
    this.webhooks = new Webhooks({
      clock,
      random,
      fetch: parts.fetch,
      updates: this.updates,
      isCutOff: () => this.faults.settings.unreachable,
      runReply: (bot, method, parameters) => this.#replies.run(bot, method, parameters),
      onGiveUp: (bot) => this.dropWebhook(bot),
    });
  }

  /** Names the one who runs calls that come as answers of webhooks. */
  runRepliesWith(run: ReplyRunner): void {
    this.#replies.run = run;
  }

  /** Unix seconds. */
  seconds(): number {
    return Math.floor(this.clock.now() / 1000);
  }

  /** Says that something worth saving changed. */
  changed(): void {
    for (const listener of this.#changeListeners) listener();
  }

  /** Asks to be told of changes. */
  onChange(listener: () => void): void {
    this.#changeListeners.add(listener);
  }

  /** Whether a username belongs to anybody. */
  usernameTaken(username: string): boolean {
    return this.people.hasUsername(username) || this.bots.byUsername(username) !== undefined;
  }

  /** Makes a bot's token void, ends its polls, and tells its manager. Gives the new token. */
  renewToken(bot: Bot): string {
    const token = this.bots.renewToken(bot);
    this.updates.pollOf(bot.id).endUnauthorized();
    this.dropWebhook(bot);
    this.changed();
    return token;
  }

  /** Removes a bot and all it had. */
  removeBot(bot: Bot): void {
    this.webhooks.stop(bot.id);
    this.updates.remove(bot.id);
    this.dialogs.removeBot(bot.id);
    this.bots.remove(bot);
    this.changed();
  }

  /** Ends a bot's webhook, if it has one. */
  dropWebhook(bot: Bot): void {
    bot.webhook = undefined;
    this.webhooks.stop(bot.id);
    this.changed();
  }

  /** Back to an empty world: only what is built in stays; troubles, limits and the record are cleared. */
  reset(): void {
    this.webhooks.stopAll();
    this.updates.clear();
    this.dialogs.clear();
    this.files.clear();
    this.bots.clear();
    this.people.clear();
    this.callbacks.clear();
    this.checkouts.clear();
    this.faults.clear();
    this.limits.configure(DEFAULT_FLOOD);
    this.record.clear();
    for (const { bot } of this.builtIn.values()) this.bots.put(bot);
    this.changed();
  }

  /** Ends everything that waits. */
  close(): void {
    this.webhooks.stopAll();
    this.updates.endPolls();
    this.dialogs.endWaits();
    this.callbacks.clear();
    this.checkouts.clear();
  }
}
