/** A pool of any size without processes: presences in Redis that beat, and change their state at a steady rate. */
import { randomUUID } from 'node:crypto';
import { setInterval as ticks } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { heartbeat, register, release } from '#core/redis/pool-scripts.ts';
import { createBoxKeyPair } from '#core/secrets/sealed-box.ts';

/** A change as it was made: when, and what a screen must show of it. */
export interface Change {
  readonly at: number;
  readonly poolId: number;
  readonly state: 'waiting' | 'draining';
}

/** A pool that is there until it is stopped. */
export interface PoolLoad {
  /** Begins to change so many bots a second, each in turn. 0: rest, and all wait again soon. */
  pace(perSecond: number): void;
  /** Every change since the last call. */
  takeChanges(): Change[];
  stop(): Promise<void>;
}

const TICK_MS = 50;
/** Presences lapse after a while; all of them have beaten again by then. */
const BEAT_ALL_MS = 8_000;
const HEALTH = { updates: 12, errors: 0, loop_lag_ms: 1, memory_bytes: 30_000_000 };

/** Registers the bots and keeps them alive. */
export async function startPoolLoad(redis: Redis, bots: number): Promise<PoolLoad> {
  const { publicKey } = createBoxKeyPair();
  const known = Array.from({ length: bots }, (_unused, index) => ({
    poolId: index + 1,
    container: `booking-bot-pool-${index + 1}`,
    bootId: randomUUID(),
    draining: false,
  }));
  type Bot = (typeof known)[number];
  const announce = async (bot: Bot): Promise<void> => {
    const facts = { pool_id: bot.poolId, container_id: bot.container, boot_id: bot.bootId };
    await register(redis, bot.container, 'waiting', { ...facts, public_key: publicKey, version: 'bench' });
    bot.draining = false;
  };
  for (let start = 0; start < bots; start += 200) {
    await Promise.all(known.slice(start, start + 200).map(announce));
  }
  let changes: Change[] = [];
  let perSecond = 0;
  let next = 0;
  let owed = 0;
  const flip = async (bot: Bot): Promise<void> => {
    const { poolId } = bot;
    if (bot.draining) {
      bot.bootId = randomUUID();
      changes.push({ at: Date.now(), poolId, state: 'waiting' });
      await announce(bot);
    } else {
      bot.draining = true;
      changes.push({ at: Date.now(), poolId, state: 'draining' });
      await release(redis, bot.container, bot.bootId, 'draining', 'bench');
    }
  };
  /** Like a real one: whom nobody knows any more registers anew. */
  const beatOf = async (bot: Bot): Promise<void> => {
    const answer = await heartbeat(redis, bot.container, bot.bootId, HEALTH);
    if (answer === 'unknown' && !bot.draining) await announce(bot);
  };
  const ending = new AbortController();
  const running = (async () => {
    let beat = 0;
    try {
      for await (const _tick of ticks(TICK_MS, undefined, { signal: ending.signal })) {
        owed += (perSecond * TICK_MS) / 1_000;
        const work: Promise<unknown>[] = [];
        for (; owed >= 1; owed -= 1) {
          const bot = known[next];
          next = (next + 1) % bots;
          if (bot !== undefined) work.push(flip(bot));
        }
        const share = Math.ceil((bots * TICK_MS) / BEAT_ALL_MS);
        for (let step = 0; step < share; step += 1) {
          const bot = known[beat];
          beat = (beat + 1) % bots;
          if (bot?.draining === true && perSecond === 0) work.push(flip(bot));
          else if (bot?.draining === false) work.push(beatOf(bot));
        }
        await Promise.all(work);
      }
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    }
  })();
  return {
    pace(rate) {
      perSecond = rate;
    },
    takeChanges() {
      const taken = changes;
      changes = [];
      return taken;
    },
    async stop() {
      ending.abort();
      await running;
    },
  };
}
