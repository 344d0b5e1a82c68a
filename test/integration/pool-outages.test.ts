import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { POSTGRES_CONTAINER } from '#main/stack/embedded/postgres.ts';
import { REDIS_CONTAINER } from '#main/stack/embedded/redis.ts';
import { keys } from '#shared/redis/keys.ts';
import { type Client, type PoolWorld, startPoolWorld } from '../support/pool-world.ts';
import { until } from '../support/until.ts';

const BOTS = 2;
/** What may come of a call while something that it stands on is away: a code that says so, or success after all. */
const AWAY = [
  'pool_empty',
  'redis_unreachable',
  'postgres_unreachable',
  'storage_failed',
  'timeout',
  'bot_lost',
  'no failure',
];

describe('an outage', () => {
  let world: PoolWorld;
  beforeAll(async () => {
    world = await startPoolWorld({ bots: BOTS });
  }, 90_000);
  afterEach(() => world.clear());
  afterAll(() => world[Symbol.asyncDispose]());

  const redis = { kill: () => world.plane.engine.kill(REDIS_CONTAINER, 'SIGKILL') };
  const postgres = { kill: () => world.plane.engine.kill(POSTGRES_CONTAINER, 'SIGKILL') };

  async function frozen<T>(container: string, work: () => Promise<T>): Promise<T> {
    await world.plane.engine.kill(container, 'SIGSTOP');
    try {
      return await work();
    } finally {
      await world.plane.engine.kill(container, 'SIGCONT');
      await world.serversReady();
    }
  }

  /** Holds every activation between its claim and its storage. */
  async function withStorageHeld(work: () => Promise<void>): Promise<void> {
    const { promise: hold, resolve: release } = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const held = world.plane.database
      .transaction(async (tx) => {
        await tx.query('LOCK TABLE control.spares IN ACCESS EXCLUSIVE MODE');
        locked.resolve();
        await hold;
      })
      .catch(() => undefined);
    await locked.promise;
    try {
      await work();
    } finally {
      release();
      await held;
    }
  }

  async function configTaken(client: Client): Promise<void> {
    await until('the configuration is taken', async () => {
      const open = await world.open(client);
      if (open === undefined) return false;
      const [status, config] = await Promise.all([
        world.status(open.container),
        world.plane.redis.exists(keys.botConfig(open.container)),
      ]);
      return status?.status === 'activating' && config === 0;
    });
  }

  /**
   * An activation whose bot has taken its configuration. A bot whose connection is still coming back from an earlier
   * outage may let one time out: then it is asked again, as an order's job would. One that was over before anybody looked
   * is taken back and begun anew.
   */
  async function takenActivation(client: Client): Promise<{ readonly code: Promise<string> }> {
    for (let attempt = 1; ; attempt += 1) {
      const code = world.codeOf(world.activate(client));
      const taken = configTaken(client).then(
        () => true,
        () => false,
      );
      if (await Promise.race([taken, code.then(() => false)])) return { code };
      if (attempt === 4) throw new Error(`no bot takes a configuration: ${await code}`);
      if ((await code) === 'no failure') await world.deactivate(client);
    }
  }

  /** Asks again as an order's job would, until the client is active; it answers, and everything is back. */
  async function expectServedInTheEnd(client: Client): Promise<void> {
    await world.serversReady();
    await until(
      'the client is active',
      async () => {
        await world.activate(client);
        return true;
      },
      40_000,
    );
    await world.expectAnswer(client);
    await world.waiting(BOTS - 1);
    const { rows } = await world.plane.database.query(
      'SELECT count(*)::int AS open FROM control.activations WHERE client_id = $1 AND ended_at IS NULL',
      [client.input.clientId],
    );
    expect(rows).toEqual([{ open: 1 }]);
    await end(client);
  }

  async function end(client: Client): Promise<void> {
    await world.deactivate(client);
    await world.waiting(BOTS);
    await world.expectGoodClient();
  }

  /** The same process serves the client from before the outage, shown as active, and nobody else does. */
  async function expectStillServing(client: Client, before: { container: string; bootId: string }): Promise<void> {
    await world.serversReady();
    await world.expectAnswer(client);
    await until('the status has healed', async () => {
      const status = await world.status(before.container);
      return status?.status === 'active' && status.client_id === client.input.clientId;
    });
    await world.waiting(BOTS - 1);
    expect(await world.open(client)).toMatchObject({ ...before, state: 'active' });
    await end(client);
  }

  async function activeClient(): Promise<{ client: Client; before: { container: string; bootId: string } }> {
    const client = await world.newClient();
    await world.activate(client);
    await world.expectAnswer(client);
    const open = await world.open(client);
    return { client, before: { container: open?.container ?? '', bootId: open?.bootId ?? '' } };
  }

  describe('of Redis', () => {
    it('killed before the claim', async () => {
      const client = await world.newClient();
      await redis.kill();
      expect(AWAY).toContain(await world.codeOf(world.activate(client)));
      await expectServedInTheEnd(client);
    });

    it('frozen before the claim: the caller is told, and the client is served by itself later', async () => {
      const client = await world.newClient();
      await frozen(REDIS_CONTAINER, async () => {
        expect(await world.codeOf(world.activate(client))).toBe('redis_unreachable');
      });
      await until('it is served by itself', async () => (await world.open(client))?.state === 'active', 30_000);
      await expectServedInTheEnd(client);
    });

    it('killed after the claim', async () => {
      const client = await world.newClient();
      let activating = Promise.resolve('');
      await withStorageHeld(async () => {
        activating = world.codeOf(world.activate(client));
        await until('a bot is claimed', () => world.open(client));
        await redis.kill();
      });
      expect(AWAY).toContain(await activating);
      await expectServedInTheEnd(client);
    });

    it('killed after delivery: the activation goes on', async () => {
      const client = await world.newClient();
      await world.sandbox.setFaults({ latencyMs: 700 });
      const activating = await takenActivation(client);
      await redis.kill();
      await world.sandbox.clearFaults();
      expect(AWAY).toContain(await activating.code);
      await expectServedInTheEnd(client);
    });

    it('flushed after delivery: the activation goes on', async () => {
      const client = await world.newClient();
      await world.sandbox.setFaults({ latencyMs: 700 });
      const activating = await takenActivation(client);
      await world.plane.redis.flushall();
      await world.sandbox.clearFaults();
      expect(await activating.code).toBe('no failure');
      await expectServedInTheEnd(client);
    });

    it('killed while active: the same bot goes on', async () => {
      const { client, before } = await activeClient();
      await redis.kill();
      await expectStillServing(client, before);
    });

    it('flushed while active: the same bot goes on and is shown again', async () => {
      const { client, before } = await activeClient();
      await world.plane.redis.flushall();
      await expectStillServing(client, before);
    });

    it('gone for longer than a lease: the active bot answers all the time and is not replaced', async () => {
      const { client, before } = await activeClient();
      await world.plane.engine.stop(REDIS_CONTAINER);
      const chat = await world.newCustomer(client);
      const begun = performance.now();
      for (let asked = 0; performance.now() - begun < 17_000; asked += 1) {
        await chat.say(asked % 2 === 0 ? '/start' : '/help');
        expect(await chat.waitFor({ timeoutMs: 10_000 })).not.toBeNull();
        await chat.waitFor({ timeoutMs: 1_000, text: 'nobody writes this' });
      }
      await world.plane.engine.start(REDIS_CONTAINER);
      await expectStillServing(client, before);
    });

    it('frozen while active: the customer is answered, and nobody takes over', async () => {
      const { client, before } = await activeClient();
      await frozen(REDIS_CONTAINER, () => world.expectAnswer(client));
      await expectStillServing(client, before);
    });
  });

  describe('of PostgreSQL', () => {
    it('frozen before the claim: the caller is told, and nothing is half-made', async () => {
      const client = await world.newClient();
      await frozen(POSTGRES_CONTAINER, async () => {
        expect(await world.codeOf(world.activate(client))).toBe('postgres_unreachable');
      });
      await expectServedInTheEnd(client);
    });

    it('killed before the claim', async () => {
      const client = await world.newClient();
      await postgres.kill();
      expect(AWAY).toContain(await world.codeOf(world.activate(client)));
      await expectServedInTheEnd(client);
    });

    it('killed in storage: the claim is carried through or undone when it is back', async () => {
      const client = await world.newClient();
      let activating = Promise.resolve('');
      await withStorageHeld(async () => {
        activating = world.codeOf(world.activate(client));
        await until('a bot is claimed', () => world.open(client));
        await postgres.kill();
      });
      expect(AWAY).toContain(await activating);
      await expectServedInTheEnd(client);
    });

    it('killed after delivery: the activation is settled when it is back', async () => {
      const client = await world.newClient();
      await world.sandbox.setFaults({ latencyMs: 500 });
      const activating = await takenActivation(client);
      await postgres.kill();
      await world.sandbox.clearFaults();
      expect(AWAY).toContain(await activating.code);
      await expectServedInTheEnd(client);
    });

    it.each(['killed', 'frozen'])(
      '%s while active: messages that come meanwhile are answered afterwards',
      async (how) => {
        const { client, before } = await activeClient();
        const chats = await Promise.all(Array.from({ length: 3 }, () => world.newCustomer(client)));
        const writeAll = async (): Promise<void> => void (await Promise.all(chats.map((chat) => chat.start())));
        if (how === 'frozen') await frozen(POSTGRES_CONTAINER, writeAll);
        else await Promise.all([postgres.kill(), writeAll()]);
        await world.serversReady();
        for (const chat of chats) {
          expect(await chat.waitFor({ timeoutMs: 30_000, text: client.input.company, since: 0 })).not.toBeNull();
        }
        await expectStillServing(client, before);
      },
    );
  });
});
