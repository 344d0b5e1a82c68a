/** Owns the limits of how fast one person may write and press, counted in Redis so that all processes share them. */
import type { KindServices } from '#bot-runtime/runtime/kind.ts';

/** `note`: too fast, and to be told so. `drop`: too fast, and told already. */
export type Pace = 'go' | 'note' | 'drop';

/** What is being limited. */
export interface PaceQuestion {
  readonly what: 'message' | 'callback';
  readonly userId: number;
  readonly updateId: number;
  /** When the person sent it, milliseconds since the epoch; Telegram says it of messages only, in whole seconds. */
  readonly sentAt: number | undefined;
  /** One in so many seconds; 0 switches the limit off. */
  readonly seconds: number;
}

/** Where the counters are. */
export type PaceStore = Pick<KindServices, 'redis' | 'redisPrefix' | 'logger' | 'now'> & {
  /** When this process began to serve, milliseconds since the epoch. */
  readonly servingSince: number;
};

/** After one note nobody is told again for so long. */
const NOTE_MS = 10_000;

/** Who wrote longer ago than this has waited for the bot, not the bot for them. */
const BACKLOG_MS = 5_000;

/** True for what lay waiting: it was sent before this process served, or while it could not. That is no haste. */
export function isBacklog(sentAt: number | undefined, servingSince: number, now: number): boolean {
  return sentAt !== undefined && sentAt < Math.max(servingSince, now - BACKLOG_MS);
}

/** Asks whether this update may go on. One Redis command while people keep the pace; without Redis everything goes. */
export async function checkPace(
  { redis, redisPrefix, logger, now, servingSince }: PaceStore,
  { what, userId, updateId, sentAt, seconds }: PaceQuestion,
): Promise<Pace> {
  if (seconds <= 0 || isBacklog(sentAt, servingSince, now())) {
    return 'go';
  }
  try {
    const key = `${redisPrefix}ratelimit:${what}:${userId}`;
    const holder = await redis.set(key, String(updateId), 'PX', Math.ceil(seconds * 1_000), 'NX', 'GET');
    // The same update, delivered again, is no haste of the person's.
    if (holder === null || holder === String(updateId)) {
      return 'go';
    }
    const first = await redis.set(`${redisPrefix}ratelimit:note:${userId}`, '1', 'PX', NOTE_MS, 'NX');
    return first === 'OK' ? 'note' : 'drop';
  } catch (error) {
    logger.warn({ err: error, update_id: updateId }, 'rate limit not checked: Redis did not answer');
    return 'go';
  }
}
