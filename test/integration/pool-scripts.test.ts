/** The Lua scripts against a real Redis: they step only as the table of states allows, and touch only the table's keys. */
import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { countBots, listBots, parseBotStatus } from '#core/pool/presence.ts';
import {
  acknowledge,
  deliver,
  dropLease,
  heartbeat,
  holdLease,
  register,
  release,
  sweep,
  withdraw,
} from '#core/redis/pool-scripts.ts';
import { CONFIG_TTL_MS, KEY_TABLE, keys, LEASE_TTL_MS, STATUS_TTL_MS } from '#shared/redis/keys.ts';
import { BOT_STATES, type BotState, canBotMove } from '#shared/state/bot-state.ts';
import { createTestRedis } from '../support/stack.ts';

const BOT = 'booking-bot-pool-3';
const FACTS = { pool_id: 3, container_id: BOT, boot_id: 'boot-1', public_key: 'key', version: 'test' };
const DELIVERY = {
  container: BOT,
  bootId: 'boot-1',
  activationId: 'a-1',
  clientId: 'client_001',
  fence: 1,
  sealed: 'sealed',
};
const SERVING = { ...FACTS, client_id: 'client_001', activation_id: 'a-1', fence: 1 };
const HEALTH = { updates: 0, errors: 0, loop_lag_ms: 0, memory_bytes: 0 };

async function stateOf(redis: Redis): Promise<BotState | undefined> {
  return parseBotStatus(await redis.get(keys.botStatus(BOT)))?.status;
}

/** The ways to bring a fresh bot into each state. */
const ARRIVALS: Readonly<Record<BotState, (redis: Redis) => Promise<unknown>>> = {
  waiting: (redis) => register(redis, BOT, 'waiting', FACTS),
  activating: async (redis) => {
    await ARRIVALS.waiting(redis);
    await deliver(redis, DELIVERY);
  },
  active: async (redis) => {
    await ARRIVALS.activating(redis);
    await acknowledge(redis, BOT, 'boot-1', 'a-1', 'active', {});
  },
  failed: async (redis) => {
    await ARRIVALS.activating(redis);
    await acknowledge(redis, BOT, 'boot-1', 'a-1', 'token_invalid', {});
  },
  draining: async (redis) => {
    await ARRIVALS.waiting(redis);
    await release(redis, BOT, 'boot-1', 'draining', 'test');
  },
};

/** True when the table leads from one state to the other, in as many steps as it takes. */
function leadsTo(from: BotState, to: BotState | undefined): boolean {
  return from === to || BOT_STATES.some((next) => canBotMove(from, next) && leadsTo(next, to));
}

/** Makes the last heartbeat of every bot decades old. */
async function age(redis: Redis): Promise<void> {
  for (const state of BOT_STATES) {
    for (const name of await redis.zrange(keys.poolBeats(state), 0, '-1')) {
      await redis.zadd(keys.poolBeats(state), 1, name);
    }
  }
}

/** What a bot of this state is to be found as: counted once, listed once, and claimable only when it waits. */
async function expectShown(redis: Redis, state: BotState | undefined): Promise<void> {
  const counts = await countBots(redis);
  const shown = state === undefined ? 0 : 1;
  expect(counts.total).toBe(shown);
  if (state !== undefined) expect(counts[state]).toBe(1);
  expect(await redis.scard(keys.poolBots)).toBe(shown);
  expect(await redis.zcard(keys.poolWaiting)).toBe(state === 'waiting' ? 1 : 0);
}

/** Everything that a process or a control plane may try at any time. */
const STEPS: Readonly<Record<string, (redis: Redis) => Promise<unknown>>> = {
  heartbeat: (redis) => heartbeat(redis, BOT, 'boot-1', HEALTH),
  'delivery of the same activation': (redis) => deliver(redis, DELIVERY),
  'delivery of another activation': (redis) =>
    deliver(redis, { ...DELIVERY, activationId: 'a-2', clientId: 'client_002' }),
  'delivery to an earlier process': (redis) => deliver(redis, { ...DELIVERY, bootId: 'boot-0' }),
  'registration of the same process as waiting': (redis) => register(redis, BOT, 'waiting', FACTS),
  'registration of the same process as active': (redis) => register(redis, BOT, 'active', SERVING),
  withdrawal: (redis) => withdraw(redis, BOT, 'boot-1'),
  'withdrawal from an earlier process': (redis) => withdraw(redis, BOT, 'boot-0'),
  'acknowledgement of an earlier process': (redis) => acknowledge(redis, BOT, 'boot-0', 'a-1', 'active', {}),
  'acknowledgement of another activation': (redis) => acknowledge(redis, BOT, 'boot-1', 'a-9', 'active', {}),
  'release by an earlier process': (redis) => release(redis, BOT, 'boot-0', 'draining', 'test'),
  'end of an earlier process': (redis) => release(redis, BOT, 'boot-0', 'gone', 'test'),
  'taking a lease': (redis) => holdLease(redis, 'token', `${BOT}:boot-1:1`),
  'giving up a lease': (redis) => dropLease(redis, 'token', `${BOT}:boot-1:1`),
  release: (redis) => release(redis, BOT, 'boot-1', 'draining', 'test'),
  sweep: (redis) => sweep(redis),
};

describe('from every state', () => {
  for (const from of BOT_STATES) {
    for (const [name, step] of Object.entries(STEPS)) {
      it(`${from}: ${name} leads only where the table allows`, async () => {
        await using own = await createTestRedis();
        await ARRIVALS[from](own.redis);
        expect(await stateOf(own.redis)).toBe(from);
        await step(own.redis);
        const to = await stateOf(own.redis);
        expect(leadsTo(from, to), `${from} to ${to}`).toBe(true);
        await expectShown(own.redis, to);
      });
    }

    it(`${from}: the end of its process leaves nothing`, async () => {
      await using own = await createTestRedis();
      await ARRIVALS[from](own.redis);
      await release(own.redis, BOT, 'boot-1', 'gone', 'test');
      expect(await stateOf(own.redis)).toBeUndefined();
      await expectShown(own.redis, undefined);
      expect(await own.redis.exists(keys.botConfig(BOT), keys.botWake(BOT))).toBe(0);
    });

    it(`${from}: a bot that was swept is what it was again with its next heartbeat`, async () => {
      await using own = await createTestRedis();
      await ARRIVALS[from](own.redis);
      await age(own.redis);
      expect(await sweep(own.redis)).toEqual([BOT]);
      await expectShown(own.redis, undefined);
      expect(await heartbeat(own.redis, BOT, 'boot-1', HEALTH)).toBe(from);
      await expectShown(own.redis, from);
    });

    it(`${from}: a process that thinks that it waits is told what it is`, async () => {
      await using own = await createTestRedis();
      await ARRIVALS[from](own.redis);
      expect(await register(own.redis, BOT, 'waiting', FACTS)).toBe(from);
      await expectShown(own.redis, from);
    });

    it(`${from}: a later process of the same container starts over`, async () => {
      await using own = await createTestRedis();
      await ARRIVALS[from](own.redis);
      expect(await register(own.redis, BOT, 'waiting', { ...FACTS, boot_id: 'boot-2' })).toBe('waiting');
      await expectShown(own.redis, 'waiting');
      expect(await heartbeat(own.redis, BOT, 'boot-1', HEALTH)).toBe('superseded');
    });
  }
});

describe('the keys', () => {
  it('are those of the table, with its types and times to live', async () => {
    await using own = await createTestRedis();
    await ARRIVALS.activating(own.redis);
    await register(own.redis, 'booking-bot-pool-4', 'waiting', {
      ...FACTS,
      container_id: 'booking-bot-pool-4',
      pool_id: 4,
    });
    await holdLease(own.redis, 'f'.repeat(32), 'holder');
    for (const name of await own.redis.keys('*')) {
      const row = Object.values(KEY_TABLE).find(({ pattern }) =>
        new RegExp(`^${pattern.replace(/<[^>]+>/, '[\\w-]+')}$`).test(name),
      );
      expect(row, name).toBeDefined();
      expect(await own.redis.type(name), name).toBe(row?.type);
      const ttl = await own.redis.pttl(name);
      expect(row?.ttlMs === undefined ? ttl === -1 : ttl > 0 && ttl <= row.ttlMs, `${name}: ${ttl}`).toBe(true);
    }
    expect([STATUS_TTL_MS, CONFIG_TTL_MS, LEASE_TTL_MS]).toEqual([15_000, 300_000, 15_000]);
  });

  it('hold no configuration once it was taken', async () => {
    await using own = await createTestRedis();
    await ARRIVALS.activating(own.redis);
    expect(await own.redis.getdel(keys.botConfig(BOT))).toBe('sealed');
    expect(await own.redis.getdel(keys.botConfig(BOT))).toBeNull();
  });
});

describe('after FLUSHALL', () => {
  it('a heartbeat asks for a registration, and an active bot is known as active again', async () => {
    await using own = await createTestRedis();
    await ARRIVALS.active(own.redis);
    await own.redis.flushall();
    expect(await heartbeat(own.redis, BOT, 'boot-1', HEALTH)).toBe('unknown');
    await register(own.redis, BOT, 'active', SERVING);
    expect(await listBots(own.redis)).toMatchObject([{ status: 'active', client_id: 'client_001' }]);
  });
});

describe('a lease', () => {
  it('has one holder, who alone can give it up', async () => {
    await using own = await createTestRedis();
    expect(await holdLease(own.redis, 'token', 'a')).toBe(true);
    expect(await holdLease(own.redis, 'token', 'b')).toBe(false);
    expect(await holdLease(own.redis, 'token', 'a')).toBe(true);
    expect(await dropLease(own.redis, 'token', 'b')).toBe(false);
    expect(await dropLease(own.redis, 'token', 'a')).toBe(true);
    expect(await holdLease(own.redis, 'token', 'b')).toBe(true);
  });
});
