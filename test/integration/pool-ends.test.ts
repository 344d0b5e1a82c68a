import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { keys } from '#shared/redis/keys.ts';
import { type Client, type PoolWorld, startPoolWorld } from '../support/pool-world.ts';
import { until } from '../support/until.ts';

const BOTS = 3;

describe('the end of an activation', () => {
  let world: PoolWorld;
  beforeAll(async () => {
    world = await startPoolWorld({ bots: BOTS, timings: { drainMs: 2_500 } });
  }, 90_000);
  afterEach(() => world.clear());
  afterAll(() => world[Symbol.asyncDispose]());

  async function traces({ input: { clientId } }: Client): Promise<unknown> {
    const { rows } = await world.plane.database.query(
      `SELECT (SELECT count(*)::int FROM pg_namespace WHERE nspname = $1) AS schemas,
              (SELECT count(*)::int FROM pg_roles WHERE rolname LIKE $1 || '\\_%') AS logins`,
      [clientId],
    );
    return rows[0];
  }

  async function messagesOf(client: Client): Promise<number> {
    const summary = await world.sandbox.recordSummary(client.botId);
    return Object.values(summary.bots[0]?.messagesSent ?? {}).reduce((sum, count) => sum + count, 0);
  }

  it('makes the bot a fresh process, keeps the data, and answers what was written meanwhile', async () => {
    const client = await world.newClient();
    const { container } = await world.activate(client);
    const chat = await world.newCustomer(client);
    await chat.start();
    await chat.waitFor();
    const [status, info] = await Promise.all([world.status(container), world.plane.engine.inspect(container)]);
    expect(await world.deactivate(client)).toMatchObject({ container, drained: true });
    await world.waiting(BOTS);
    expect((await world.status(container))?.boot_id).not.toBe(status?.boot_id);
    expect((await world.plane.engine.inspect(container)).pid).not.toBe(info.pid);
    expect(await traces(client)).toEqual({ schemas: 1, logins: 0 });
    await chat.say('/help');
    const again = await world.activate(client);
    expect(again).toMatchObject({ alreadyActive: false });
    expect(await chat.waitFor({ timeoutMs: 20_000 })).not.toBeNull();
    const { rows } = await world.plane.database.query(
      `SELECT count(*)::int AS people FROM ${client.input.clientId}.users`,
    );
    expect(rows).toEqual([{ people: 1 }]);
    await world.deactivate(client);
    await world.waiting(BOTS);
  });

  it('drops what was written before the very first start, and nothing later', async () => {
    const client = await world.newClient();
    const chat = await world.newCustomer(client);
    await chat.start();
    await world.activate(client);
    const other = await world.newCustomer(client);
    await other.start();
    expect(await other.waitFor()).not.toBeNull();
    expect((await chat.read()).messages.filter(({ from }) => from === 'bot')).toEqual([]);
    await world.deactivate(client);
    await world.waiting(BOTS);
  });

  it('may be asked for twice, and for a client without a bot', async () => {
    const client = await world.newClient();
    await world.activate(client);
    await Promise.all([world.deactivate(client), world.deactivate(client)]);
    expect(await world.deactivate(client)).toMatchObject({ drained: true });
    await world.waiting(BOTS);
  });

  it('is waited for by an activation that comes meanwhile: the client gets a fresh bot, not the one that is leaving', async () => {
    const client = await world.newClient();
    const first = await world.activate(client);
    const chat = await world.newCustomer(client);
    await world.sandbox.setFaults({ latencyMs: 1_000 });
    await chat.start();
    await until('the bot is answering', async () => (await world.sandbox.getBot(client.botId)).pendingUpdates === 0);
    const leaving = world.deactivate(client);
    await until('it is on its way out', async () => (await world.tenant(client)).state === 'suspended');
    const activating = world.activate(client);
    await until('it has left', async () => (await world.open(client))?.id !== first.activationId);
    await world.sandbox.clearFaults();
    const again = await activating;
    await leaving;
    expect(again).toMatchObject({ alreadyActive: false });
    expect(again.activationId).not.toBe(first.activationId);
    expect(await world.open(client)).toMatchObject({ id: again.activationId, state: 'active' });
    await world.expectAnswer(client);
    await world.deactivate(client);
    await world.waiting(BOTS);
  });

  it('comes while the bot is being activated: the caller is told, and nothing stays', async () => {
    const client = await world.newClient();
    await world.sandbox.setFaults({ latencyMs: 2_000 });
    const activating = world.codeOf(world.activate(client));
    await until('a bot is at it', async () => {
      const open = await world.open(client);
      return open !== undefined && (await world.status(open.container))?.status === 'activating';
    });
    await world.deactivate(client);
    await world.sandbox.clearFaults();
    expect(await activating).toBe('client_not_active');
    await world.waiting(BOTS);
    expect(await traces(client)).toEqual({ schemas: 0, logins: 0 });
    expect((await world.tenant(client)).tokenFingerprint).toBeNull();
    await world.activate(client);
    await world.expectAnswer(client);
    await world.deactivate(client);
    await world.waiting(BOTS);
  });

  it('comes between claim and delivery: no login is made afterwards', async () => {
    const client = await world.newClient();
    const { promise: hold, resolve: release } = Promise.withResolvers<void>();
    const held = world.plane.database.transaction(async (tx) => {
      await tx.query('LOCK TABLE control.spares IN ACCESS EXCLUSIVE MODE');
      await hold;
    });
    const activating = world.codeOf(world.activate(client));
    await until('a bot is claimed', () => world.open(client));
    const deactivating = world.deactivate(client);
    await until('it is not wanted', async () => (await world.tenant(client)).state === 'suspended', 1_000).catch(
      () => undefined,
    );
    release();
    await held;
    await deactivating;
    expect(['client_not_active', 'no failure', 'bot_lost']).toContain(await activating);
    await world.waiting(BOTS);
    expect(await world.open(client)).toBeUndefined();
    expect(await traces(client)).toMatchObject({ logins: 0 });
  });

  it('is carried through by another control plane when the one that began it died', async () => {
    const client = await world.newClient();
    const { container } = await world.activate(client);
    // What a control plane leaves that died right after it had written down what the operator wants.
    await world.plane.database.query(
      "UPDATE control.tenants SET state = 'suspended', updated_at = now() - interval '1 hour' WHERE client_id = $1",
      [client.input.clientId],
    );
    await until('the activation is over', async () => (await world.open(client)) === undefined);
    await world.waiting(BOTS);
    expect(await traces(client)).toEqual({ schemas: 1, logins: 0 });
    expect((await world.status(container))?.status).toBe('waiting');
  });

  it.each([{ keepData: true }, { keepData: false }])('deletes a client with %o', async ({ keepData }) => {
    const client = await world.newClient();
    const { clientId } = client.input;
    await world.activate(client);
    await world.expectAnswer(client);
    await world.plane.redis.set(`${clientId}:fsm:1`, 'x');
    await world.plane.pool.deleteTenant(clientId, { actor: 'test', reason: 'test', keepData });
    await world.waiting(BOTS);
    expect(await traces(client)).toEqual({ schemas: keepData ? 1 : 0, logins: 0 });
    expect(await world.plane.redis.exists(`${clientId}:fsm:1`)).toBe(keepData ? 1 : 0);
    expect(await world.tenant(client)).toMatchObject({ state: 'deleted', tokenSealed: null, tokenFingerprint: null });
    expect(await world.codeOf(world.activate(client))).toBe('client_not_active');
    const heir = { ...(await world.newClient({ token: client.token })), botId: client.botId };
    await world.activate(heir);
    await world.expectAnswer(heir);
    await world.deactivate(heir);
    await world.waiting(BOTS);
  });

  it.each([{ keepData: true }, { keepData: false }])(
    'is finished by another control plane when the one that deleted a client with %o died',
    async ({ keepData }) => {
      const client = await world.newClient();
      const { clientId } = client.input;
      await world.activate(client);
      await world.plane.redis.set(`${clientId}:fsm:1`, 'x');
      await world.plane.database.query(
        "UPDATE control.tenants SET state = 'deleted', keep_data = $2, updated_at = now() - interval '1 hour' WHERE client_id = $1",
        [clientId, keepData],
      );
      await until('nothing else is left', async () => {
        const { rows } = await world.plane.database.query(
          'SELECT 1 FROM control.tenants WHERE client_id = $1 AND erased_at IS NOT NULL',
          [clientId],
        );
        return rows.length === 1;
      });
      expect(await traces(client)).toEqual({ schemas: keepData ? 1 : 0, logins: 0 });
      expect(await world.plane.redis.exists(`${clientId}:fsm:1`)).toBe(keepData ? 1 : 0);
      expect((await world.tenant(client)).tokenSealed).toBeNull();
      await world.waiting(BOTS);
    },
  );

  it('deletes a client while it is being activated', async () => {
    const client = await world.newClient();
    const activating = world.codeOf(world.activate(client));
    await until('a bot is claimed', () => world.open(client));
    await world.plane.pool.deleteTenant(client.input.clientId, { actor: 'test', reason: 'test', keepData: false });
    expect(['client_not_active', 'no failure', 'bot_lost', 'storage_failed']).toContain(await activating);
    await world.waiting(BOTS);
    expect(await traces(client)).toEqual({ schemas: 0, logins: 0 });
    expect(await world.tenant(client)).toMatchObject({ state: 'deleted' });
  });

  it('loses nothing and answers nothing twice when a bot is restarted in the middle of its work', async () => {
    const client = await world.newClient();
    const { container } = await world.activate(client);
    const chats = await Promise.all(Array.from({ length: 8 }, () => world.newCustomer(client)));
    await Promise.all(chats.map((chat) => chat.start()));
    const restarted = world.plane.engine.restart(container);
    await Promise.all(chats.map((chat) => chat.waitFor({ timeoutMs: 20_000 })));
    await restarted;
    await Promise.all(chats.map((chat) => chat.say('/help')));
    for (const chat of chats) expect(await chat.waitFor({ timeoutMs: 20_000 })).not.toBeNull();
    expect(await messagesOf(client)).toBe(16);
    await world.deactivate(client);
    const [record] = (await world.sandbox.recordSummary(client.botId)).bots;
    // A poll that is broken off just as Telegram answers it is answered again: that is no fault, but it is handled once.
    expect(record?.updates).toMatchObject({ created: 16, confirmed: 16, pending: 0, dropped: 0 });
    expect(record?.polls.overlapping).toBe(0);
    await world.waiting(BOTS);
  });

  it('answers nothing twice when the bot is killed between handling and confirming', async () => {
    const client = await world.newClient();
    const { container } = await world.activate(client);
    await world.expectAnswer(client);
    await world.sandbox.failNextCalls({ bot: client.botId, method: 'getUpdates', drop: 'before', times: 100_000 });
    const chats = await Promise.all(Array.from({ length: 5 }, () => world.newCustomer(client)));
    await chats[0]?.start();
    await chats[0]?.waitFor();
    await until('the confirmation is lost', async () => {
      const { next } = await world.sandbox.getFaults();
      return next.some(({ left }) => left < 100_000);
    });
    await world.plane.engine.kill(container, 'SIGKILL');
    await world.sandbox.clearFaults();
    await Promise.all(chats.slice(1).map((chat) => chat.start()));
    for (const chat of chats.slice(1)) expect(await chat.waitFor({ timeoutMs: 30_000 })).not.toBeNull();
    await until('all is confirmed', async () => (await world.sandbox.getBot(client.botId)).pendingUpdates === 0);
    expect(await messagesOf(client)).toBe(6);
    const [record] = (await world.sandbox.recordSummary(client.botId)).bots;
    expect(record?.updates.redelivered).toBeGreaterThan(0);
    expect(await world.plane.redis.exists(keys.botStatus(container))).toBe(1);
    await world.deactivate(client);
    await world.waiting(BOTS);
  });
});
