import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '#core/postgres/database.ts';
import { openRedis } from '#core/redis/connection.ts';
import { createVault } from '#core/secrets/vault.ts';
import type { TenantCredentials } from '#core/tenants/storage.ts';
import { ownMasterKey } from '#main/stack/master-key.ts';
import { keys } from '#shared/redis/keys.ts';
import { type Client, type PoolWorld, startPoolWorld } from '../support/pool-world.ts';

describe('access', () => {
  let world: PoolWorld;
  let mine: Client;
  let other: Client;
  const closing = new AsyncDisposableStack();

  beforeAll(async () => {
    world = await startPoolWorld({ bots: 4 });
    [mine, other] = [await world.newClient(), await world.newClient()];
    await Promise.all([world.activate(mine), world.activate(other)]);
  }, 90_000);
  afterAll(async () => {
    await closing.disposeAsync();
    await world[Symbol.asyncDispose]();
  });

  function redisOf(user: string, password: string): Redis {
    const { host, port } = world.plane.servers.redis;
    const redis = openRedis({ host, port, username: user, password, name: 'test' });
    closing.defer(() => redis.disconnect());
    return redis;
  }

  function databaseOf(credentials: TenantCredentials, database = world.plane.servers.databaseName): Database {
    const { host, port } = world.plane.servers.postgres;
    const opened = openDatabase({
      host,
      port,
      database,
      user: credentials.login,
      password: credentials.postgresPassword,
      max: 5,
      applicationName: 'test',
    });
    closing.defer(() => opened.close());
    return opened;
  }

  describe('of a pool bot in Redis', () => {
    let bot: Redis;
    const own = 'booking-bot-pool-1';
    const foreign = 'booking-bot-pool-2';
    beforeAll(async () => {
      const vault = createVault(await ownMasterKey(join(world.home, 'secrets/master.key')));
      bot = redisOf(own, vault.derivePassword(`redis ${own}`));
      expect(await bot.ping()).toBe('PONG');
    });

    it.each<[string, (redis: Redis) => Promise<unknown>]>([
      ['read another status', (redis) => redis.get(keys.botStatus(foreign))],
      ['write another status', (redis) => redis.set(keys.botStatus(foreign), '{}')],
      ['read another configuration', (redis) => redis.get(keys.botConfig(foreign))],
      ['take another configuration', (redis) => redis.getdel(keys.botConfig(foreign))],
      ['hear the wake-ups of another', (redis) => redis.blpop(keys.botWake(foreign), 0.1)],
      ['wake another', (redis) => redis.rpush(keys.botWake(foreign), 'drain')],
      ["read a tenant's keys", (redis) => redis.get(`${other.input.clientId}:fsm:1`)],
      [
        'reach them through a script',
        (redis) => redis.eval("return redis.call('GET', KEYS[1])", 1, keys.botConfig(foreign)),
      ],
      [
        'reach them through a script that hides the key',
        (redis) => redis.eval(`return redis.call('GET', '${keys.botConfig(foreign)}')`, 0),
      ],
      ['list keys', (redis) => redis.keys('*')],
      ['scan keys', (redis) => redis.scan('0')],
      ['read the events', (redis) => redis.xrange(keys.poolEvents, '-', '+')],
      ['flush', (redis) => redis.flushall()],
      ['read the configuration of the server', (redis) => redis.config('GET', '*')],
      ['see the users', (redis) => redis.call('ACL', 'LIST')],
      ['watch the commands of others', (redis) => redis.call('MONITOR')],
    ])('cannot %s', async (_what, attempt) => {
      await expect(attempt(bot)).rejects.toThrow(/NOPERM|permission|can't access/i);
    });
  });

  describe('of a tenant in Redis', () => {
    let tenant: Redis;
    beforeAll(async () => {
      const credentials = await world.credentials(mine);
      tenant = redisOf(credentials.login, credentials.redisPassword);
      await tenant.set(`${mine.input.clientId}:fsm:1`, 'own');
      expect(await tenant.get(`${mine.input.clientId}:fsm:1`)).toBe('own');
    });

    it.each<[string, (redis: Redis) => Promise<unknown>]>([
      ["read another tenant's keys", (redis) => redis.get(`${other.input.clientId}:fsm:1`)],
      ["write another tenant's keys", (redis) => redis.set(`${other.input.clientId}:fsm:1`, 'x')],
      [
        'copy its keys to another tenant',
        (redis) => redis.copy(`${mine.input.clientId}:fsm:1`, `${other.input.clientId}:x`),
      ],
      [
        'reach them through a script',
        (redis) => redis.eval(`return redis.call('SET', '${other.input.clientId}:fsm:1', 'x')`, 0),
      ],
      ['read a status', (redis) => redis.get(keys.botStatus('booking-bot-pool-1'))],
      ['read a configuration', (redis) => redis.get(keys.botConfig('booking-bot-pool-1'))],
      ['read the pool', (redis) => redis.zrange(keys.poolWaiting, 0, '-1')],
      ['list keys', (redis) => redis.keys('*')],
      ['scan keys', (redis) => redis.scan('0')],
      ['flush', (redis) => redis.flushall()],
      ['see the users', (redis) => redis.call('ACL', 'LIST')],
      ['publish', (redis) => redis.publish('x', 'y')],
    ])('cannot %s', async (_what, attempt) => {
      await expect(attempt(tenant)).rejects.toThrow(/NOPERM|permission|can't access/i);
    });

    it("cannot take another tenant's lease", async () => {
      const { tokenFingerprint } = await world.tenant(other);
      await expect(tenant.set(keys.botLease(tokenFingerprint ?? ''), 'me')).rejects.toThrow(/NOPERM|permission/i);
    });
  });

  describe('of a tenant in PostgreSQL', () => {
    let tenant: Database;
    beforeAll(async () => {
      tenant = databaseOf(await world.credentials(mine));
      expect((await tenant.query('SELECT current_user AS me')).rows).toEqual([{ me: mine.input.clientId }]);
    });

    it.each<[string, () => string]>([
      ["read another tenant's tables", () => `SELECT * FROM ${other.input.clientId}.users`],
      ["write another tenant's tables", () => `DELETE FROM ${other.input.clientId}.users`],
      ['read the tenants', () => 'SELECT * FROM control.tenants'],
      ['claim a bot', () => "SELECT * FROM control.claim_bot(NULL, 'client_001', '{}', '{}', '{}', 'never', true)"],
      ['end an activation', () => "SELECT control.end_activation(NULL, 'ended', 'x')"],
      ['become another tenant', () => `SET ROLE ${other.input.clientId}`],
      ['become the superuser', () => `SET ROLE ${world.plane.servers.postgres.user}`],
      ['make a role', () => 'CREATE ROLE evil LOGIN'],
      ['make a schema', () => 'CREATE SCHEMA evil'],
      ['rename its schema', () => `ALTER SCHEMA ${mine.input.clientId} RENAME TO evil`],
      ['hold a lock of the control plane', () => 'SELECT pg_advisory_lock(1)'],
      ['try for one', () => 'SELECT pg_try_advisory_xact_lock_shared(1, 2)'],
      ['make a large object', () => 'SELECT lo_create(0)'],
      ['make one out of bytes', () => "SELECT lo_from_bytea(0, 'x')"],
      ['read which files its schema has had', () => 'SELECT * FROM control.schema_versions'],
      ['write which files its schema has had', () => "UPDATE control.schema_versions SET checksums = '{}'"],
      ['make a table in public', () => 'CREATE TABLE public.evil ()'],
      ['read verifiers', () => 'SELECT * FROM pg_authid'],
      ['read files', () => "SELECT pg_read_file('/etc/passwd')"],
      ['run programs', () => "COPY (SELECT 1) TO PROGRAM 'true'"],
      [
        'end others',
        () => `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'control-plane'`,
      ],
    ])('cannot %s', async (_what, statement) => {
      await expect(tenant.query(statement())).rejects.toMatchObject({
        code: expect.stringMatching(/^(42501|42883|0L)/),
      });
    });

    it('cannot read what others ask', async () => {
      const { rows } = await tenant.query<{ query: string }>(
        "SELECT query FROM pg_stat_activity WHERE application_name = 'control-plane'",
      );
      expect(rows.filter(({ query }) => query !== '<insufficient privilege>' && query !== null)).toEqual([]);
    });

    it('cannot connect to another database', async () => {
      const elsewhere = databaseOf(await world.credentials(mine), 'postgres');
      await expect(elsewhere.query('SELECT 1')).rejects.toThrow();
    });
  });

  it('of an old fence is over: of a thousand late writes none is accepted', async () => {
    const client = await world.newClient();
    await world.activate(client);
    await world.expectAnswer(client);
    const { clientId } = client.input;
    const credentials = await world.credentials(client);
    // A session and a connection that stand open, as those of a frozen bot do.
    const database = databaseOf(credentials);
    const redis = redisOf(credentials.login, credentials.redisPassword);
    const write = `UPDATE ${clientId}.users SET name = 'stale'`;
    await database.query('SELECT 1');
    await redis.set(`${clientId}:probe`, 'fresh');
    await world.deactivate(client);
    await world.activate(client);
    expect((await world.open(client))?.fence).toBe(2);
    const attempts = Array.from({ length: 500 }, () => [
      database.query(write),
      redis.set(`${clientId}:probe`, 'stale'),
    ]).flat();
    const outcomes = await Promise.allSettled<unknown>(attempts);
    expect(outcomes).toHaveLength(1_000);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([]);
    const { rows } = await world.plane.database.query(`SELECT 1 FROM ${clientId}.users WHERE name = 'stale'`);
    expect(rows).toEqual([]);
    expect(await world.plane.redis.get(`${clientId}:probe`)).toBe('fresh');
  });
});
