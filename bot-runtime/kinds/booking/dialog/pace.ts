/** Owns the limits of how fast one person may write and press, counted in Redis so that all processes share them. */
import type { KindServices } from '#bot-runtime/runtime/kind.ts';

/** `note`: too fast, and to be told so. `drop`: too fast, and told already. */
export type Pace = 'go' | 'note' | 'drop';

/** What is being limited. */
export interface PaceQuestion {
  readonly what: 'message' | 'callback';
  readonly userId: number;
  readonly updateId: number;
  /** One in so many seconds; 0 switches the limit off. */
  readonly seconds: number;
}

/** Where the counters are. */
export type PaceStore = Pick<KindServices, 'redis' | 'redisPrefix' | 'logger'>;

/** After one note nobody is told again for so long. */
const NOTE_MS = 10_000;

/** Asks whether this update may go on. One Redis command while people keep the pace; without Redis everything goes. */
export async function checkPace(
  { redis, redisPrefix, logger }: PaceStore,
  { what, userId, updateId, seconds }: PaceQuestion,
): Promise<Pace> {
  if (seconds <= 0) {
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
