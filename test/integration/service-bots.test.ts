/** The installation's own bots as processes: one fence at a time, nothing lost while they are away, commands once. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '#core/postgres/database.ts';
import { createVault } from '#core/secrets/vault.ts';
import { claimService, getServiceBot, openServiceCredentials, type ServiceName } from '#core/services/service-bots.ts';
import { ownMasterKey } from '#main/stack/master-key.ts';
import { asksToPay, choosesAll, newBot, newBuyer, SALES } from '../support/buyer.ts';
import { type PoolWorld, startPoolWorld } from '../support/pool-world.ts';
import { until } from '../support/until.ts';
import type { Visitor } from '../support/visitor.ts';

const CONTAINER = 'booking-bot-sales';
const ADDRESSEES = 30;
/** In vain: at once, in the round after it, and in the one after that. */
const UNHEARD = 3;

let world: PoolWorld;

beforeAll(async () => {
  world = await startPoolWorld({ bots: 3, serviceBots: true });
  await until('both bots serve', () =>
    (['sales_bot', 'master_bot'] as const).every((name) => world.plane.services.states().get(name) === 'serving'),
  );
}, 60_000);

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

/** PostgreSQL as the bot's process of now sees it. */
async function as(name: ServiceName): Promise<Database & AsyncDisposable> {
  const { database, servers } = world.plane;
  const vault = createVault(await ownMasterKey(join(world.home, 'secrets/master.key')));
  const login = openServiceCredentials(vault, await getServiceBot(database, name));
  if (login === undefined) throw new Error(`${name} has no login`);
  const { host, port } = servers.postgres;
  const facts = { host, port, user: login.login, password: login.postgresPassword, database: servers.databaseName };
  const session = openDatabase({ ...facts, max: 1, applicationName: 'test-service' });
  return { ...session, [Symbol.asyncDispose]: () => session.close() };
}

async function fence(): Promise<number> {
  return (await getServiceBot(world.plane.database, 'sales_bot')).fence;
}

async function serves(above: number): Promise<void> {
  await until('the Sales Bot serves under a later fence', async () => {
    const { state, fence: now } = await getServiceBot(world.plane.database, 'sales_bot');
    return state === 'active' && now > above;
  });
}

describe('the Sales Bot', () => {
  it('comes back under the next fence when it is killed, and what was written meanwhile is answered', async () => {
    const buyer = await newBuyer(world);
    await buyer.chat.start('plan_start');
    await buyer.sees('How is your business called?');
    const before = await fence();
    await using old = await as('sales_bot');
    await old.query('SELECT 1');
    await world.plane.engine.kill(CONTAINER, 'SIGKILL');
    await buyer.chat.say('Anna Nails');
    await buyer.sees('The bot for “Anna Nails”');
    await serves(before);
    // Whoever still holds the login of the earlier fence reaches nothing any more.
    await expect(old.query('SELECT 1')).rejects.toThrow();
    const { rows } = await world.plane.database.query('SELECT FROM pg_roles WHERE rolname = $1', [
      `sales_bot_${before}`,
    ]);
    expect(rows).toEqual([]);
  });

  it('says what happened while it was away, however long that was', async () => {
    const { database, engine, sales } = world.plane;
    const buyer = await newBuyer(world);
    const bot = await newBot(world, buyer.person);
    await choosesAll(buyer, bot.token);
    const payment = await asksToPay(buyer);
    const before = await fence();
    await engine.stop(CONTAINER);
    await world.sandbox.shop.act(payment);
    await until('the order is active', async () => {
      const [order] = await sales.list({ states: ['active'], limit: 1 });
      return order?.botUsername === bot.username;
    });
    // As if ten minutes had passed since.
    await database.transaction(async (tx) => {
      await tx.query('SET LOCAL session_replication_role = replica');
      await tx.query(`UPDATE control.orders SET updated_at = updated_at - interval '10 minutes'`);
      await tx.query(
        `UPDATE sales_bot.settings SET value = to_jsonb(value::bigint - 600000) WHERE key = 'shown_until'`,
      );
    });
    await engine.start(CONTAINER);
    await serves(before);
    await buyer.sees('Your bot is ready');
  });

  it('says it again when Telegram did not answer, until it is heard', async () => {
    const buyer = await newBuyer(world);
    const bot = await newBot(world, buyer.person);
    await choosesAll(buyer, bot.token);
    const payment = await asksToPay(buyer);
    // More often than chance looks again at what has just changed: what could not be told is kept in mind.
    await world.sandbox.failNextCalls({ bot: SALES, method: 'sendMessage', drop: 'before', times: UNHEARD });
    await world.sandbox.shop.act(payment);
    const unheard = async (): Promise<boolean> => {
      const calls = await world.sandbox.recordedCalls({ bot: SALES, method: 'sendMessage' });
      const ready = calls.filter(({ params }) => JSON.stringify(params).includes('Your bot is ready'));
      return ready.filter(({ code, chatId }) => code === 0 && chatId === buyer.person.id).length === UNHEARD;
    };
    await until('nobody heard it', unheard, 60_000);
    await buyer.sees('Your bot is ready');
    const { messages } = await buyer.chat.read();
    expect(messages.filter(({ text = '' }) => text.includes('Your bot is ready'))).toHaveLength(1);
  });

  it('goes on with a message to all buyers when it was killed in the middle, and tells nobody twice', async () => {
    const { database, engine } = world.plane;
    const buyers: Visitor[] = [];
    for (let index = 0; index < ADDRESSEES; index += 1) {
      const buyer = await newBuyer(world);
      await buyer.chat.start();
      buyers.push(buyer);
    }
    await Promise.all(buyers.map((buyer) => buyer.sees('Hello, Anna')));
    const id = randomUUID();
    const states = async (...names: string[]): Promise<number> => {
      const { rows } = await database.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM sales_bot.addressees WHERE broadcast_id = $1 AND state = ANY ($2)',
        [id, names],
      );
      return rows[0]?.count ?? 0;
    };
    const before = await fence();
    await database.query(`INSERT INTO sales_bot.broadcasts (id, text, actor) VALUES ($1, 'Closed on Monday', 'test')`, [
      id,
    ]);
    await database.query(
      'INSERT INTO sales_bot.addressees (broadcast_id, telegram_id) SELECT $1, unnest($2::bigint[])',
      [...[id, buyers.map(({ person }) => person.id)]],
    );
    await database.query(`SELECT pg_notify('broadcasts', $1)`, [id]);
    await until('some have heard it', async () => (await states('sent')) >= 3);
    await engine.kill(CONTAINER, 'SIGKILL');
    expect(await states('waiting')).toBeGreaterThan(0);
    await serves(before);
    await until('nobody waits any more', async () => (await states('waiting', 'sending')) === 0);
    // Of whoever was being told when it died, nobody can know.
    expect(await states('failed')).toBeLessThanOrEqual(1);
    const heard = await Promise.all(
      buyers.map(async ({ chat }) => {
        const { messages } = await chat.read();
        return messages.filter(({ text = '' }) => text.includes('Closed on Monday')).length;
      }),
    );
    expect(heard.filter((times) => times > 1)).toEqual([]);
    expect(heard.filter((times) => times === 1).length).toBeGreaterThanOrEqual(ADDRESSEES - 1);
  });

  it('is one process: of two that begin at once, one alone gets a fence', async () => {
    const { database } = world.plane;
    const before = await fence();
    const bootId = randomUUID();
    const claim = (): Promise<number | undefined> =>
      claimService(database, 'sales_bot', { activationId: randomUUID(), container: CONTAINER, bootId });
    const fences = await Promise.all([claim(), claim(), claim()]);
    expect(fences.filter((one) => one !== undefined)).toEqual([before + 1]);
    // The process of before has lost its rights; the one that runs claims again, and serves.
    await serves(before + 1);
    const buyer = await newBuyer(world);
    await buyer.chat.start();
    await buyer.sees('Hello, Anna');
  });

  it('reads no client, no order and nothing of the Master Bot’s', async () => {
    await using sales = await as('sales_bot');
    await sales.query('SELECT telegram_id FROM people');
    for (const table of ['control.tenants', 'control.orders', 'control.commands', 'master_bot.subscribers']) {
      await expect(sales.query(`SELECT * FROM ${table}`), table).rejects.toThrow(/permission denied/);
    }
  });
});

describe('a command', () => {
  async function ask(name: ServiceName, kind: string, input: object, id: string = randomUUID()): Promise<string> {
    await using bot = await as(name);
    await bot.query('SELECT control.ask_command($1, $2, $3, $4)', [id, 'telegram:1', kind, JSON.stringify(input)]);
    return id;
  }

  async function ended(id: string): Promise<{ state: string; code: string | null; attempts: number }> {
    return await until('the command has ended', async () => {
      const { rows } = await world.plane.database.query<{ state: string; code: string | null; attempts: number }>(
        `SELECT state, code, attempts FROM control.commands WHERE id = $1 AND ended_at IS NOT NULL`,
        [id],
      );
      return rows[0];
    });
  }

  async function auditRows(actor: string): Promise<number> {
    const { rows } = await world.plane.database.query(
      `SELECT FROM control.audit WHERE actor = $1 AND action = 'command.pool.scale'`,
      [actor],
    );
    return rows.length;
  }

  it('that is asked twice under one id is carried out and audited once', async () => {
    const id = await ask('master_bot', 'pool.scale', { bots: 3 });
    await ask('master_bot', 'pool.scale', { bots: 3 }, id);
    expect(await ended(id)).toEqual({ state: 'done', code: null, attempts: 1 });
    await ask('master_bot', 'pool.scale', { bots: 3 }, id);
    expect(await ended(id)).toMatchObject({ attempts: 1 });
    expect(await auditRows('telegram:1')).toBe(1);
  });

  it('of the Sales Bot, of no known kind or with bad input is refused with a reason', async () => {
    const refused = { state: 'failed', code: 'input_invalid' };
    expect(await ended(await ask('sales_bot', 'pool.scale', { bots: 1 }))).toMatchObject(refused);
    expect(await ended(await ask('master_bot', 'pool.explode', {}))).toMatchObject(refused);
    expect(await ended(await ask('master_bot', 'pool.scale', { bots: 'many' }))).toMatchObject(refused);
    expect((await world.plane.pool.getPoolStatus()).total).toBe(3);
  });

  it('whose control plane died is carried out by the next one, and given up when that happens again and again', async () => {
    const left = async (attempts: number): Promise<string> => {
      const id = randomUUID();
      await world.plane.database.query(
        `INSERT INTO control.commands (id, asked_by, actor, kind, input, state, attempts, begun_at)
         VALUES ($1, 'master_bot', 'telegram:2', 'pool.scale', '{"bots": 3}', 'running', $2, now() - interval '3 minutes')`,
        [id, attempts],
      );
      return id;
    };
    expect(await ended(await left(1))).toEqual({ state: 'done', code: null, attempts: 2 });
    expect(await ended(await left(3))).toMatchObject({ state: 'failed', code: 'timeout' });
  });
});
