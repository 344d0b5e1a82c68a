/**
 * Delivery by webhook. Updates of one chat go one after the other, chats go in parallel up to `max_connections`;
 * failures are tried again until the update's life is over. Knows nothing of the Bot API's own HTTP face.
 */
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Bot, WebhookSettings } from './bots.ts';
import type { QueuedUpdate } from './update-queue.ts';
import type { Updates } from './updates.ts';
import { retryDelay } from './webhook-lane.ts';

/** The part of `fetch` that is needed to deliver. */
export type FetchLike = (url: string, init?: RequestInit) => Promise<Response>;

/** Runs a Bot API call that came as the answer of a webhook. */
export type ReplyRunner = (bot: Bot, method: string, parameters: Readonly<Record<string, unknown>>) => void;

/** What the deliverer needs of the world. */
export interface WebhookParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: FetchLike;
  readonly updates: Updates;
  /** True while Telegram is cut off. */
  readonly isCutOff: () => boolean;
  readonly runReply: ReplyRunner;
  /** The server removes a webhook by itself (410 for 23 hours). */
  readonly onGiveUp: (bot: Bot) => void;
}

interface Lane {
  readonly ids: number[];
  busy: boolean;
  failures: number;
  stopTimer: (() => void) | undefined;
}

interface Delivery {
  readonly settings: WebhookSettings;
  readonly lanes: Map<string, Lane>;
  readonly abort: AbortController;
  active: number;
  lastError: { readonly at: number; readonly text: string } | undefined;
  goneSince: number | undefined;
}

const CONNECTION_IDLE = 60_000;
const GIVE_UP_AFTER = 23 * 3_600_000;
const CUT_OFF_PAUSE = 1000;
const REPLY_REFUSED = /^(get.*|setwebhook|deletewebhook|close|logout)$/i;

/** The webhook deliveries of all bots. */
export class Webhooks {
  readonly #parts: WebhookParts;
  readonly #deliveries = new Map<number, Delivery>();

  constructor(parts: WebhookParts) {
    this.#parts = parts;
    parts.updates.listen((bot, update) => this.#enqueue(bot, update));
  }

  /** Begins delivery with a bot's present settings, with what waits in its queue; ends an earlier delivery. */
  start(bot: Bot): void {
    this.stop(bot.id);
    if (!bot.webhook) return;
    const abort = new AbortController();
    const settings = bot.webhook;
    const delivery = { settings, lanes: new Map(), abort, active: 0, lastError: undefined, goneSince: undefined };
    this.#deliveries.set(bot.id, delivery);
    for (const update of this.#parts.updates.queueOf(bot.id).list()) this.#enqueue(bot, update);
  }

  /** Ends the delivery of a bot; what is unconfirmed stays in its queue. */
  stop(botId: number): void {
    const delivery = this.#deliveries.get(botId);
    if (!delivery) return;
    this.#deliveries.delete(botId);
    delivery.abort.abort();
    for (const lane of delivery.lanes.values()) lane.stopTimer?.();
  }

  /** Ends all deliveries. */
  stopAll(): void {
    for (const botId of [...this.#deliveries.keys()]) this.stop(botId);
  }

  /** The last failure of a bot's delivery; `at` in ms since the epoch. */
  lastError(botId: number): { readonly at: number; readonly text: string } | undefined {
    return this.#deliveries.get(botId)?.lastError;
  }

  #enqueue(bot: Bot, update: QueuedUpdate): void {
    const delivery = this.#deliveries.get(bot.id);
    if (!delivery) return;
    let lane = delivery.lanes.get(update.chatKey);
    if (!lane) {
      lane = { ids: [], busy: false, failures: 0, stopTimer: undefined };
      delivery.lanes.set(update.chatKey, lane);
    }
    lane.ids.push(update.id);
    this.#pump(bot, delivery);
  }

  #pump(bot: Bot, delivery: Delivery): void {
    for (const [key, lane] of delivery.lanes) {
      if (delivery.active >= delivery.settings.maxConnections || delivery.abort.signal.aborted) return;
      if (lane.busy) continue;
      const update = this.#nextOf(bot, lane);
      if (!update) {
        delivery.lanes.delete(key);
        continue;
      }
      lane.busy = true;
      delivery.active += 1;
      void this.#deliver(bot, delivery, lane, update);
    }
  }

  #nextOf(bot: Bot, lane: Lane): QueuedUpdate | undefined {
    const queue = this.#parts.updates.queueOf(bot.id);
    for (let id = lane.ids[0]; id !== undefined; id = lane.ids[0]) {
      const update = queue.find(id, this.#parts.clock.now());
      if (update) return update;
      lane.ids.shift();
      lane.failures = 0;
    }
    return undefined;
  }

  async #deliver(bot: Bot, delivery: Delivery, lane: Lane, update: QueuedUpdate): Promise<void> {
    const { clock, updates, isCutOff } = this.#parts;
    if (isCutOff()) {
      this.#pause(bot, delivery, lane, CUT_OFF_PAUSE);
      return;
    }
    updates.queueOf(bot.id).markDelivered(update, clock.now());
    const outcome = await this.#post(bot, delivery, update);
    if (delivery.abort.signal.aborted) return;
    if (outcome.done) {
      lane.ids.shift();
      lane.failures = 0;
      lane.busy = false;
      delivery.active -= 1;
      delivery.goneSince = undefined;
      updates.queueOf(bot.id).confirmOne(update.id, clock.now());
      this.#pump(bot, delivery);
      return;
    }
    delivery.lastError = { at: clock.now(), text: outcome.error };
    lane.failures += 1;
    this.#pause(bot, delivery, lane, retryDelay(lane.failures, outcome.retryAfter, this.#parts.random));
  }

  /** Frees the connection now and the chat's lane after a while. */
  #pause(bot: Bot, delivery: Delivery, lane: Lane, ms: number): void {
    delivery.active -= 1;
    lane.stopTimer = this.#parts.clock.after(ms, () => {
      lane.stopTimer = undefined;
      lane.busy = false;
      this.#pump(bot, delivery);
    });
    this.#pump(bot, delivery);
  }

  async #post(bot: Bot, delivery: Delivery, update: QueuedUpdate): Promise<Outcome> {
    try {
      const { url, headers } = addressOf(delivery.settings);
      const signal = AbortSignal.any([delivery.abort.signal, AbortSignal.timeout(CONNECTION_IDLE)]);
      const init: RequestInit = { method: 'POST', headers, body: update.json, redirect: 'manual', signal };
      const response = await this.#parts.fetch(url, init);
      const body = await response.text();
      if (response.ok) {
        if (!delivery.abort.signal.aborted) this.#runReply(bot, response.headers.get('content-type') ?? '', body);
        return { done: true };
      }
      this.#noteGone(bot, delivery, response.status);
      const error = `Wrong response from the webhook: ${response.status} ${response.statusText}`.trimEnd();
      return { done: false, error, retryAfter: response.headers.get('retry-after') };
    } catch (error) {
      return { done: false, error: connectionError(error), retryAfter: null };
    }
  }

  #noteGone(bot: Bot, delivery: Delivery, status: number): void {
    const now = this.#parts.clock.now();
    if (status !== 410) delivery.goneSince = undefined;
    else if (delivery.goneSince === undefined) delivery.goneSince = now;
    else if (now - delivery.goneSince >= GIVE_UP_AFTER) this.#parts.onGiveUp(bot);
  }

  #runReply(bot: Bot, contentType: string, body: string): void {
    const parameters = replyParameters(contentType, body);
    const method = parameters?.['method'];
    if (!parameters || typeof method !== 'string' || REPLY_REFUSED.test(method)) return;
    this.#parts.runReply(bot, method, parameters);
  }
}

type Outcome =
  | { readonly done: true }
  | { readonly done: false; readonly error: string; readonly retryAfter: string | null };

function addressOf(settings: WebhookSettings): { url: string; headers: Record<string, string> } {
  const url = new URL(settings.url);
  const headers: Record<string, string> = { 'content-type': 'application/json', 'accept-encoding': 'gzip, deflate' };
  if (settings.secretToken !== undefined) headers['x-telegram-bot-api-secret-token'] = settings.secretToken;
  if (url.username !== '' || url.password !== '') {
    const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers['authorization'] = `Basic ${Buffer.from(login).toString('base64')}`;
    url.username = '';
    url.password = '';
  }
  return { url: url.href, headers };
}

function connectionError(error: unknown): string {
  if (!(error instanceof Error)) return 'Webhook connection closed';
  if (error.name === 'TimeoutError') return 'Connection timed out';
  const cause: unknown = error.cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ECONNREFUSED') return 'Connection refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'Failed to resolve host: Name or service not known';
  if (code === 'ETIMEDOUT') return 'Connection timed out';
  return 'Webhook connection closed';
}

function replyParameters(contentType: string, body: string): Record<string, unknown> | undefined {
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(body));
  }
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? Object.fromEntries(Object.entries(parsed)) : undefined;
  } catch {
    return undefined;
  }
}
