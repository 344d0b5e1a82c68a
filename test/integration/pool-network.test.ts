/** Bots behind a bad network: to PostgreSQL, to Redis, to Telegram. Nobody's booking is lost or doubled, and nobody polls twice. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxChat } from '#main/sandbox/sandbox-client.ts';
import { type FaultProxy, type Faults, openFaultProxy } from '../support/fault-proxy.ts';
import { type Client, type PoolWorld, startPoolWorld } from '../support/pool-world.ts';
import { until } from '../support/until.ts';

const BOTS = 3;
const PATIENCE_MS = 40_000;

type Way = 'postgres' | 'redis' | 'telegram';

let world: PoolWorld;
let ways: Record<Way, FaultProxy>;
let client: Client;

beforeAll(async () => {
  world = await startPoolWorld({
    bots: BOTS,
    async places({ postgres, redis, sandboxUrl }) {
      const telegram = new URL(sandboxUrl ?? '');
      ways = {
        postgres: await openFaultProxy(postgres.port),
        redis: await openFaultProxy(redis.port),
        telegram: await openFaultProxy(Number(telegram.port)),
      };
      return {
        postgres: { ...postgres, port: ways.postgres.port },
        redis: { ...redis, port: ways.redis.port },
        sandboxUrl: `http://127.0.0.1:${ways.telegram.port}`,
      };
    },
  });
  client = await world.newClient();
  await world.activate(client);
}, 60_000);

afterEach(async () => {
  for (const way of Object.values(ways)) way.heal();
  await until('the client is served', async () => {
    const activation = await world.open(client);
    return activation?.state === 'active';
  });
});

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  for (const way of Object.values(ways ?? {})) await way[Symbol.asyncDispose]();
});

/** A customer who is greeted. */
async function greeted(): Promise<SandboxChat> {
  const chat = await world.newCustomer(client);
  await chat.start();
  await answered(chat, client.input.company);
  return chat;
}

async function answered(chat: SandboxChat, text: string): Promise<void> {
  const answer = await chat.waitFor({ timeoutMs: PATIENCE_MS, text, since: 0 });
  if (answer === null) throw new Error(`nobody has said “${text}”`);
}

/** From the first press to “You are booked”: each button the moment it is there, once more after an apology. */
async function books(chat: SandboxChat): Promise<void> {
  const steps: ((text: string) => boolean)[] = [
    (text) => text.includes('Book a visit'),
    (text) => text.includes('Consultation'),
    (text) => /^\d+$/.test(text),
    (text) => /^\d\d:\d\d$/.test(text),
    (text) => text.includes('without a number'),
    (text) => text.includes('Confirm'),
  ];
  let sorry = 0;
  for (const fits of steps) {
    await until(
      'the button is there',
      async () => {
        const said = (await chat.read()).messages.filter(({ from }) => from === 'bot');
        const apologies = said.filter(({ text }) => text.includes('went wrong')).length;
        if (apologies > sorry) {
          sorry = apologies;
          await chat.say('/start');
        }
        const message = said.findLast(({ buttons }) => buttons.length > 0);
        const button = message?.buttons.flat().find(({ text }) => fits(text));
        if (message === undefined || button === undefined) return false;
        await chat.press({ messageId: message.id, text: button.text });
        return true;
      },
      PATIENCE_MS,
    );
  }
  await answered(chat, 'You are booked');
}

async function bookings(): Promise<number> {
  const { rows } = await world.plane.database.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM ${client.input.clientId}.bookings WHERE status <> 'cancelled'`,
  );
  return rows[0]?.n ?? 0;
}

async function nobodyPolledTwice(): Promise<void> {
  const { bots } = await world.sandbox.recordSummary(client.botId);
  expect(bots[0]?.polls.overlapping).toBe(0);
}

describe('a bot is activated and a customer books', () => {
  it.each<[string, Partial<Record<Way, Faults>>]>([
    ['when everything is 80 ms away', ways80()],
    ['when Redis and Telegram come in crumbs', { redis: { sliceBytes: 7 }, telegram: { sliceBytes: 11 } }],
    ['when PostgreSQL comes in crumbs', { postgres: { sliceBytes: 5 } }],
    ['when Telegram is behind a modem', { telegram: { bytesPerSecond: 8_000, latencyMs: 30 } }],
  ])('%s', async (_how, faults) => {
    await world.waiting(BOTS - 1);
    for (const [way, bad] of Object.entries(faults)) ways[way as Way].set(bad);
    const before = await bookings();
    const other = await world.newClient();
    await world.activate(other);
    await books(await greeted());
    expect(await bookings()).toBe(before + 1);
    for (const way of Object.values(ways)) way.heal();
    await world.deactivate(other);
    await nobodyPolledTwice();
  });
});

function ways80(): Record<Way, Faults> {
  const far = { latencyMs: 40, jitterMs: 10 };
  return { postgres: far, redis: far, telegram: far };
}

describe('what a customer writes is answered', () => {
  it.each<[string, Way]>([
    ['Telegram', 'telegram'],
    ['PostgreSQL', 'postgres'],
    ['Redis', 'redis'],
  ])('after %s was cut off and is back', async (_name, way) => {
    await ways[way].down();
    const chat = await world.newCustomer(client);
    await chat.start();
    await ways[way].up();
    await answered(chat, client.input.company);
    await nobodyPolledTwice();
  });

  it.each<[string, Way]>([
    ['Telegram', 'telegram'],
    ['PostgreSQL', 'postgres'],
    ['Redis', 'redis'],
  ])('when every connection to %s was reset a moment ago', async (_name, way) => {
    const before = await bookings();
    const chat = await greeted();
    for (let round = 0; round < 3; round += 1) {
      ways[way].reset();
      await greeted();
    }
    ways[way].reset();
    await books(chat);
    expect(await bookings()).toBe(before + 1);
    await nobodyPolledTwice();
  });

  it.each([
    ['was cut off under the answer', { drop: 'before' }],
    ['failed by itself at the answer', { code: 502, description: 'Bad Gateway' }],
  ] as const)('when Telegram %s, more often than a call is tried', async (_how, fault) => {
    await world.sandbox.failNextCalls({ ...fault, method: 'sendMessage', bot: client.botId, times: 5 });
    const chat = await world.newCustomer(client);
    await chat.start();
    await answered(chat, client.input.company);
    const said = (await chat.read()).messages.filter(({ from }) => from === 'bot');
    expect(said.map(({ text }) => text).filter((text) => text.includes('went wrong'))).toEqual([]);
    await nobodyPolledTwice();
  });

  it('when answers of Telegram are cut off in the middle', async () => {
    const before = await bookings();
    const chat = await greeted();
    ways.telegram.set({ limitBytes: 20_000, sliceBytes: 500 });
    ways.telegram.reset();
    await books(chat);
    expect(await bookings()).toBe(before + 1);
  });
});
