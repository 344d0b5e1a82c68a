import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { keys } from '#shared/redis/keys.ts';
import { type Client, type PoolWorld, startPoolWorld } from '../support/pool-world.ts';
import { connectRedis } from '../support/stack.ts';
import { until } from '../support/until.ts';

const BOTS = 3;

describe('the loss of a bot', () => {
  let world: PoolWorld;
  beforeAll(async () => {
    world = await startPoolWorld({ bots: BOTS });
  }, 90_000);
  afterEach(() => world.clear());
  afterAll(() => world[Symbol.asyncDispose]());

  async function longestWaiting(): Promise<string> {
    const [name] = await world.plane.redis.zrange(keys.poolWaiting, 0, '0');
    return name ?? '';
  }

  async function end(client: Client): Promise<void> {
    await world.deactivate(client);
    await world.waiting(BOTS);
    await world.expectGoodClient();
  }

  /** Resolves when these credentials open neither PostgreSQL nor Redis. */
  async function expectDead(credentials: Awaited<ReturnType<PoolWorld['credentials']>>): Promise<void> {
    const { servers } = world.plane;
    const client = new pg.Client({
      ...servers.postgres,
      user: credentials.login,
      password: credentials.postgresPassword,
      database: servers.databaseName,
    });
    await expect(client.connect()).rejects.toMatchObject({ code: expect.stringMatching(/^28/) });
    const redis = connectRedis({ ...servers.redis, user: credentials.login, password: credentials.redisPassword });
    await expect(redis.get('x')).rejects.toThrow(/WRONGPASS|Connection is closed/);
    redis.disconnect();
  }

  it('killed while it waits: the client gets another one in the same call, and the place is filled again', async () => {
    const container = await longestWaiting();
    const before = await world.status(container);
    const client = await world.newClient();
    await world.plane.engine.kill(container, 'SIGKILL');
    await world.activate(client);
    await world.expectAnswer(client);
    await world.waiting(BOTS - 1);
    expect((await world.status(container))?.boot_id).not.toBe(before?.boot_id);
    await end(client);
  });

  it('killed after delivery, before acknowledgement: another one carries on under a new fence', async () => {
    const client = await world.newClient();
    await world.sandbox.setFaults({ latencyMs: 800 });
    const activating = world.activate(client);
    const claimed = await until('the configuration is taken', async () => {
      const open = await world.open(client);
      if (open === undefined || (await world.plane.redis.exists(keys.botConfig(open.container))) === 1)
        return undefined;
      return (await world.status(open.container))?.status === 'activating' ? open : undefined;
    });
    const credentials = await world.credentials(client);
    await world.plane.engine.kill(claimed.container, 'SIGKILL');
    await world.sandbox.clearFaults();
    const result = await activating;
    expect(result.activationId).not.toBe(claimed.id);
    expect((await world.open(client))?.fence).toBeGreaterThan(claimed.fence);
    await expectDead(credentials);
    await world.expectAnswer(client);
    await end(client);
  });

  it('killed while active: the message that came meanwhile is answered by another, none is lost, the old rights are dead', async () => {
    const client = await world.newClient();
    const { container } = await world.activate(client);
    await world.expectAnswer(client);
    const credentials = await world.credentials(client);
    const old = await world.open(client);
    const chats = await Promise.all(Array.from({ length: 10 }, () => world.newCustomer(client)));
    await Promise.all(chats.slice(0, 5).map((chat) => chat.start()));
    await world.plane.engine.kill(container, 'SIGKILL');
    await Promise.all(chats.slice(5).map((chat) => chat.start()));
    for (const chat of chats) expect(await chat.waitFor({ timeoutMs: 30_000, since: 0 })).not.toBeNull();
    const fresh = await world.open(client);
    expect(fresh?.fence).toBeGreaterThan(old?.fence ?? 0);
    await expectDead(credentials);
    const [record] = (await world.sandbox.recordSummary(client.botId)).bots;
    expect(record?.updates).toMatchObject({ created: 11, dropped: 0, expired: 0 });
    await end(client);
  });

  it('stopped by its operator while active: another one takes over at once', async () => {
    const client = await world.newClient();
    const { container } = await world.activate(client);
    await world.plane.engine.stop(container);
    await world.expectAnswer(client);
    expect((await world.open(client))?.container).not.toBe(container);
    await world.plane.engine.start(container);
    await end(client);
  });

  it('frozen while active and woken later: it may do nothing any more and goes back to the pool', async () => {
    const client = await world.newClient();
    const { container } = await world.activate(client);
    await world.expectAnswer(client);
    const credentials = await world.credentials(client);
    const before = await world.status(container);
    await world.plane.engine.kill(container, 'SIGSTOP');
    // What time would do to a frozen bot: its status and its lease lapse.
    const { tokenFingerprint } = await world.tenant(client);
    await world.plane.redis.del(keys.botStatus(container), keys.botLease(tokenFingerprint ?? ''));
    const fresh = await until('another one serves', async () => {
      const open = await world.open(client);
      return open?.state === 'active' && open.container !== container ? open : undefined;
    });
    await expectDead(credentials);
    await world.expectAnswer(client);
    await world.plane.engine.kill(container, 'SIGCONT');
    await world.waiting(BOTS - 1);
    expect((await world.status(container))?.boot_id).not.toBe(before?.boot_id);
    expect((await world.open(client))?.id).toBe(fresh.id);
    await world.expectAnswer(client);
    await end(client);
  });

  it('frozen with a configuration under way and woken after the claim was undone: it goes back as a fresh process', async () => {
    const container = await longestWaiting();
    const before = await world.status(container);
    await world.plane.engine.kill(container, 'SIGSTOP');
    const client = await world.newClient();
    const activating = world.codeOf(world.activate(client));
    await until(
      'its configuration is there',
      async () => (await world.plane.redis.exists(keys.botConfig(container))) === 1,
    );
    const credentials = await world.credentials(client);
    await world.deactivate(client);
    expect(await activating).toBe('client_not_active');
    // Its wake-up and its status have lapsed when it wakes.
    await world.plane.redis.del(keys.botWake(container), keys.botStatus(container));
    await world.plane.engine.kill(container, 'SIGCONT');
    await world.waiting(BOTS);
    await until('it is a fresh process', async () => (await world.status(container))?.boot_id !== before?.boot_id);
    await expectDead(credentials);
    await world.expectGoodClient();
  });

  /** Writes what any bot of the pool could write, and resolves when the control plane has heard all of it. */
  async function forge(events: readonly Readonly<Record<string, string>>[]): Promise<void> {
    const mark = randomBytes(6).toString('hex');
    const heard = Promise.withResolvers<void>();
    const stop = world.plane.pool.listen((event) => {
      if (event.reason === mark) heard.resolve();
    });
    for (const event of [...events, { type: 'gone', container: 'nobody', reason: mark }]) {
      await world.plane.redis.xadd(keys.poolEvents, '*', ...Object.entries(event).flat());
    }
    await heard.promise;
    stop();
    await world.plane.pool.tend();
  }

  it('told by somebody else is believed only with a proof: a bot that serves goes on serving', async () => {
    const client = await world.newClient();
    const { container, activationId } = await world.activate(client);
    const before = await world.open(client);
    const { tokenFingerprint } = await world.tenant(client);
    const lease = await world.plane.redis.get(keys.botLease(tokenFingerprint ?? ''));
    const boot_id = before?.bootId ?? '';
    const own = { container, boot_id, client_id: client.input.clientId, activation_id: activationId };
    await forge([
      { ...own, type: 'registered', state: 'waiting', boot_id: randomUUID() },
      { ...own, type: 'gone', reason: 'stopped' },
      { type: 'gone', container, reason: 'heartbeat' },
      { ...own, type: 'draining', reason: 'drained' },
      { ...own, type: 'failed', outcome: 'token_invalid', details: '{}' },
      { ...own, type: 'active', outcome: 'active', details: '{"username":"stranger_bot"}' },
    ]);
    await world.expectGoodClient();
    expect(await world.open(client)).toEqual(before);
    expect(await world.plane.redis.get(keys.botLease(tokenFingerprint ?? ''))).toBe(lease);
    expect((await world.tenant(client)).botUsername).not.toBe('stranger_bot');
    await world.expectAnswer(client);
    await end(client);
  });

  it('told by somebody else is not believed of a bot that is being activated either', async () => {
    const client = await world.newClient();
    await world.sandbox.setFaults({ latencyMs: 800 });
    const activating = world.activate(client);
    const claimed = await until('the configuration is taken', async () => {
      const open = await world.open(client);
      if (open === undefined) return undefined;
      return (await world.status(open.container))?.status === 'activating' ? open : undefined;
    });
    const own = { container: claimed.container, boot_id: claimed.bootId, activation_id: claimed.id };
    await forge([
      { ...own, type: 'active', outcome: 'active', details: '{"username":"stranger_bot"}' },
      { ...own, type: 'failed', outcome: 'token_invalid', details: '{}' },
      { ...own, type: 'gone', reason: 'stopped' },
    ]);
    await world.sandbox.clearFaults();
    const result = await activating;
    expect(result.activationId).toBe(claimed.id);
    expect(result.botUsername).not.toBe('stranger_bot');
    await world.expectAnswer(client);
    await end(client);
  });

  it('loses its rights in PostgreSQL alone: it notices with the next message and another one answers it', async () => {
    const client = await world.newClient();
    const { container } = await world.activate(client);
    await world.expectAnswer(client);
    const before = await world.status(container);
    const { login } = await world.credentials(client);
    await world.plane.database.query(`ALTER ROLE ${login} NOLOGIN`);
    await world.plane.database.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [
      login,
    ]);
    await world.expectAnswer(client);
    await until('it is a fresh process', async () => (await world.status(container))?.boot_id !== before?.boot_id);
    await end(client);
  });
});
