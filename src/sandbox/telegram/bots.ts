/** The bots of the simulated world: identity, token, profile, settings. Messages and updates live elsewhere. */
import type { Random } from '../random.ts';
import { randomBetween } from '../random.ts';
import { makeToken } from './token.ts';
import type { BotCommand, UpdateKind, User } from './types.ts';

/** A menu button as the API gives it back. */
export type MenuButton =
  | { readonly type: 'commands' }
  | { readonly type: 'default' }
  | { readonly type: 'web_app'; readonly text: string; readonly web_app: { readonly url: string } };

/** Where and how a bot wants its updates delivered. */
export interface WebhookSettings {
  readonly url: string;
  readonly secretToken?: string | undefined;
  readonly maxConnections: number;
  readonly ipAddress?: string | undefined;
  readonly hasCertificate: boolean;
}

/** One bot. */
export interface Bot {
  readonly id: number;
  readonly username: string;
  readonly ownerId: number;
  token: string;
  name: string;
  /** Texts by language code; '' is the default. */
  readonly names: Map<string, string>;
  readonly descriptions: Map<string, string>;
  readonly shortDescriptions: Map<string, string>;
  /** Command lists by `scope|language`. */
  readonly commands: Map<string, readonly BotCommand[]>;
  /** Menu buttons by chat id; 0 is the default. */
  readonly menuButtons: Map<number, MenuButton>;
  canManageBots: boolean;
  managerId: number | undefined;
  access: { readonly restricted: boolean; readonly addedUserIds: readonly number[] };
  /** Undefined: the default set. */
  allowedUpdates: readonly UpdateKind[] | undefined;
  webhook: WebhookSettings | undefined;
  /** ms since the epoch of the last setWebhook that changed something. */
  webhookSetAt: number | undefined;
  nextMessageId: number;
  /** ms since the epoch of logOut, if it was called. */
  loggedOutAt: number | undefined;
}

/** What must be known to make a bot. */
export interface NewBot {
  readonly ownerId: number;
  readonly name: string;
  readonly username: string;
  readonly managerId?: number | undefined;
}

/** All bots. */
export class Bots {
  readonly #bots = new Map<number, Bot>();
  readonly #tokens = new Map<string, Bot>();
  readonly #usernames = new Map<string, Bot>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Makes a bot with a fresh token. The caller has checked name, username and the owner's limit. */
  add(input: NewBot): Bot {
    let id = this.#randomId();
    while (this.#bots.has(id)) id = this.#randomId();
    const bot: Bot = {
      ...blankBot(id, makeToken(id, this.#random), input),
      managerId: input.managerId,
    };
    this.put(bot);
    return bot;
  }

  /** Takes over a bot made or saved before. */
  put(bot: Bot): void {
    this.#bots.set(bot.id, bot);
    this.#tokens.set(bot.token, bot);
    this.#usernames.set(bot.username.toLowerCase(), bot);
  }

  /** The bot of this id. */
  get(id: number): Bot | undefined {
    return this.#bots.get(id);
  }

  /** The bot whose token this is, now. */
  byToken(token: string): Bot | undefined {
    return this.#tokens.get(token);
  }

  /** The bot of this username, in any letter case, with or without `@`. */
  byUsername(username: string): Bot | undefined {
    return this.#usernames.get(username.replace(/^@/, '').toLowerCase());
  }

  /** All bots, oldest first. */
  list(): readonly Bot[] {
    return [...this.#bots.values()];
  }

  /** The bots of one owner, oldest first. */
  ownedBy(ownerId: number): readonly Bot[] {
    return this.list().filter((bot) => bot.ownerId === ownerId);
  }

  /** Makes the old token void and gives the bot a new one. */
  renewToken(bot: Bot): string {
    this.#tokens.delete(bot.token);
    bot.token = makeToken(bot.id, this.#random);
    this.#tokens.set(bot.token, bot);
    return bot.token;
  }

  /** Removes a bot for good. */
  remove(bot: Bot): void {
    this.#bots.delete(bot.id);
    this.#tokens.delete(bot.token);
    this.#usernames.delete(bot.username.toLowerCase());
  }

  /** Forgets all bots. */
  clear(): void {
    this.#bots.clear();
    this.#tokens.clear();
    this.#usernames.clear();
  }

  #randomId(): number {
    return randomBetween(this.#random, 6_000_000_000, 8_999_999_999);
  }
}

/** A bot with nothing set. */
export function blankBot(id: number, token: string, input: NewBot): Bot {
  return {
    id,
    username: input.username,
    ownerId: input.ownerId,
    token,
    name: input.name,
    names: new Map(),
    descriptions: new Map(),
    shortDescriptions: new Map(),
    commands: new Map(),
    menuButtons: new Map(),
    canManageBots: false,
    managerId: undefined,
    access: { restricted: false, addedUserIds: [] },
    allowedUpdates: undefined,
    webhook: undefined,
    webhookSetAt: undefined,
    nextMessageId: 1,
    loggedOutAt: undefined,
  };
}

/** The bot as a sender. */
export function userOfBot(bot: Bot): User {
  return { id: bot.id, is_bot: true, first_name: bot.name, username: bot.username };
}
