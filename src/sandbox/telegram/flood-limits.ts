/** Flood control per bot: token buckets per chat, over all chats, and a window per group. Off until switched on. */
import type { Clock } from '../clock.ts';
import { tooManyRequests } from './api-error.ts';

/** The figures of flood control. Rates are per second unless named otherwise. */
export interface FloodSettings {
  readonly enabled: boolean;
  readonly perChatPerSecond: number;
  /** Messages a chat takes at once before the rate counts. */
  readonly perChatBurst: number;
  readonly overallPerSecond: number;
  readonly overallBurst: number;
  readonly groupPerMinute: number;
}

/** Telegram's published figures, switched off. */
export const DEFAULT_FLOOD: FloodSettings = {
  enabled: false,
  perChatPerSecond: 1,
  perChatBurst: 5,
  overallPerSecond: 30,
  overallBurst: 30,
  groupPerMinute: 20,
};

interface Bucket {
  tokens: number;
  at: number;
}

const MINUTE = 60_000;

/** Flood control of all bots; each bot has budgets of its own. */
export class FloodLimits {
  settings: FloodSettings = DEFAULT_FLOOD;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();
  readonly #groups = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts one call of a bot, to a chat where there is one. Throws 429 with whole seconds to wait. */
  spend(botId: number, chatId: number | undefined): void {
    const { settings } = this;
    if (!settings.enabled) return;
    const now = this.#clock.now();
    const overall = this.#bucket(`${botId}`, settings.overallPerSecond, settings.overallBurst, now);
    const chat =
      chatId === undefined
        ? undefined
        : this.#bucket(`${botId}:${chatId}`, settings.perChatPerSecond, settings.perChatBurst, now);
    const wait = Math.max(
      missing(overall, settings.overallPerSecond),
      chat ? missing(chat, settings.perChatPerSecond) : 0,
      chatId !== undefined && chatId < 0 ? this.#groupWait(`${botId}:${chatId}`, now) : 0,
    );
    if (wait > 0) throw tooManyRequests(Math.max(1, Math.ceil(wait / 1000)));
    overall.tokens -= 1;
    if (chat) chat.tokens -= 1;
    if (chatId !== undefined && chatId < 0) this.#groups.get(`${botId}:${chatId}`)?.push(now);
  }

  /** Takes new figures and forgets what was counted. */
  configure(settings: FloodSettings): void {
    this.settings = settings;
    this.#buckets.clear();
    this.#groups.clear();
  }

  #bucket(key: string, perSecond: number, burst: number, now: number): Bucket {
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      bucket = { tokens: burst, at: now };
      this.#buckets.set(key, bucket);
    }
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    return bucket;
  }

  #groupWait(key: string, now: number): number {
    const recent = (this.#groups.get(key) ?? []).filter((at) => at > now - MINUTE);
    this.#groups.set(key, recent);
    const first = recent[recent.length - this.settings.groupPerMinute];
    return first === undefined ? 0 : first + MINUTE - now;
  }
}

function missing(bucket: Bucket, perSecond: number): number {
  return bucket.tokens >= 1 ? 0 : ((1 - bucket.tokens) / perSecond) * 1000;
}
