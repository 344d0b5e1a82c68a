import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isFormerLeader, listRoster, retireBots } from '#core/pool/roster.ts';
import { listTenants } from '#core/tenants/tenants.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { type Client, type PoolWorld, startPoolWorld } from '../support/pool-world.ts';
import { until } from '../support/until.ts';

const BOTS = 2;
const MAX = 7;

describe('the size of the pool', () => {
  let world: PoolWorld;
  beforeAll(async () => {
    world = await startPoolWorld({ bots: BOTS });
  }, 90_000);
  afterEach(async () => {
    const active = (await listTenants(world.plane.database)).filter(({ state }) => state === 'active');
    const change = { actor: 'test', reason: 'clear' };
    await Promise.all(active.map(({ clientId }) => world.plane.pool.deactivateBot(clientId, change)));
    // A bot that drains is not removed before it waits again.
    await until('the pool has its size again', async () => (await scale(BOTS)).total === BOTS);
    await world.clear();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  function scale(count: number) {
    return world.plane.bots.scale(count, { max: MAX, actor: 'test' });
  }

  async function containers(): Promise<readonly string[]> {
    return (await world.plane.bots.list()).map(({ name }) => name).sort();
  }

  async function active(count: number): Promise<readonly Client[]> {
    const clients: Client[] = [];
    for (let index = 0; index < count; index += 1) {
      const client = await world.newClient();
      await world.activate(client);
      clients.push(client);
    }
    return clients;
  }

  it('grows, and gives the numbers of removed bots to later ones', async () => {
    const grown = await scale(4);
    expect(grown).toMatchObject({ started: ['booking-bot-pool-3', 'booking-bot-pool-4'], removed: [], total: 4 });
    await world.waiting(4);
    const shrunk = await scale(3);
    expect(shrunk).toEqual({ started: [], removed: [expect.stringMatching(/^booking-bot-pool-[34]$/)], total: 3 });
    await world.waiting(3);
    expect((await scale(4)).started).toEqual(shrunk.removed);
    await world.waiting(4);
    expect(await scale(4)).toEqual({ started: [], removed: [], total: 4 });
  });

  it('removes who waits and nobody who serves', async () => {
    await scale(4);
    await world.waiting(4);
    const clients = await active(3);
    const serving = await Promise.all(clients.map(async (client) => (await world.open(client))?.container));
    const { removed, total } = await scale(1);
    expect([removed.length, total]).toEqual([1, 3]);
    expect(await containers()).toEqual([...serving].sort());
    for (const client of clients) await world.expectAnswer(client);
  });

  it('never takes a bot from under a claim, however both hurry', async () => {
    for (let round = 0; round < 4; round += 1) {
      await scale(5);
      await world.waiting(5);
      const clients = await Promise.all([1, 2, 3].map(() => world.newClient()));
      await Promise.all([scale(3), ...clients.map((client) => world.activate(client).catch(notEmpty))]);
      await until('everybody serves', async () => {
        const open = await Promise.all(clients.map((client) => world.open(client)));
        return open.every((one) => one?.state === 'active');
      });
      const { rows } = await world.plane.database.query(
        `SELECT client_id FROM control.activations WHERE outcome = 'bot_lost'`,
      );
      expect(rows).toEqual([]);
      await Promise.all(clients.map((client) => world.deactivate(client)));
    }
  });

  it('makes nobody a candidate who was set aside, also when its removal was broken off', async () => {
    const [first] = await world.plane.bots.list();
    await retireBots(world.plane.database, [first?.name ?? ''], { most: 1, keep: 0, epoch: undefined });
    const clients = await active(1);
    expect((await world.open(clients[0] as Client))?.container).not.toBe(first?.name);
    const next = await world.newClient();
    expect(await world.codeOf(world.activate(next))).toBe('pool_empty');
    await world.plane.bots.mend();
    expect(await containers()).not.toContain(first?.name);
    await scale(BOTS);
    await until('the queued one serves', async () => (await world.open(next))?.state === 'active');
  });

  it('makes a container again that somebody removed by hand', async () => {
    const [name = ''] = await containers();
    await world.plane.engine.remove(name);
    expect(await world.plane.bots.mend()).toEqual({ started: [name], failed: [] });
    await world.waiting(BOTS);
  });

  it('refuses what a former leader wants', async () => {
    const { database, bots } = world.plane;
    await expect(bots.grow(1, { max: MAX, epoch: 4_711 })).rejects.toSatisfy(isFormerLeader);
    await expect(bots.shrink({ most: 1, keep: 0, epoch: 4_711 })).rejects.toSatisfy(isFormerLeader);
    expect((await listRoster(database)).length).toBe(BOTS);
  });

  it('stays within its limit and says so', async () => {
    expect(await world.codeOf(scale(MAX + 1))).toBe('pool_too_large');
    const { started } = await (await world.plane.bots.grow(3, { max: BOTS + 1, epoch: undefined })).made;
    expect(started.length).toBe(1);
    await world.waiting(BOTS + 1);
  });
});

function notEmpty(error: unknown): void {
  if (!isBotpoolError(error, 'pool_empty')) throw error;
}
