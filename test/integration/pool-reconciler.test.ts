import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { retireBots } from '#core/pool/roster.ts';
import { keys } from '#shared/redis/keys.ts';
import { type PoolWorld, startPoolWorld } from '../support/pool-world.ts';
import { until } from '../support/until.ts';

const BOTS = 3;

describe('the reconciler', () => {
  let world: PoolWorld;
  beforeAll(async () => {
    world = await startPoolWorld({ bots: BOTS });
  }, 90_000);
  afterEach(() => world.clear());
  afterAll(() => world[Symbol.asyncDispose]());

  const kinds = async (): Promise<readonly string[]> =>
    (await world.plane.reconciler.check()).map(({ kind, target }) => `${kind} ${target}`);

  it('finds nothing in a pool as it is wanted, whoever is served', async () => {
    const client = await world.newClient();
    await world.activate(client);
    expect(await kinds()).toEqual([]);
  });

  it('makes a container again that was removed by hand, and starts one that was stopped', async () => {
    const { engine } = world.plane;
    await engine.remove('booking-bot-pool-2');
    await until('it is there again', async () => (await engine.inspect('booking-bot-pool-2')).state === 'running');
    await world.waiting(BOTS);
    await engine.stop('booking-bot-pool-3');
    await until('it runs again', async () => (await engine.inspect('booking-bot-pool-3')).state === 'running');
    await world.waiting(BOTS);
    expect(world.lines.some((line) => line.includes('container_missing'))).toBe(true);
  });

  it('gives a client whose container was removed by hand another bot, and the pool its container back', async () => {
    const client = await world.newClient();
    const { container } = await world.activate(client);
    await world.plane.engine.remove(container);
    await world.expectAnswer(client);
    expect((await world.open(client))?.container).not.toBe(container);
    await world.waiting(BOTS - 1);
  });

  it('removes a bot that somebody else started, and takes one in that serves', async () => {
    const { database, bots } = world.plane;
    await database.query(`DELETE FROM control.roster WHERE pool_id = 1`);
    await until('the idle one is gone', async () => (await bots.list()).length === BOTS - 1);
    await bots.scale(BOTS, { max: BOTS, actor: 'test' });
    await world.waiting(BOTS);
    const client = await world.newClient();
    const { container } = await world.activate(client);
    await database.query('DELETE FROM control.roster WHERE container = $1', [container]);
    await until('it belongs to the pool', async () => (await bots.roster()).some((one) => one.container === container));
    await world.expectAnswer(client);
  });

  it('finishes a removal that was broken off', async () => {
    const { database, bots } = world.plane;
    const [retired] = await retireBots(database, ['booking-bot-pool-1'], { most: 1, keep: 0, epoch: undefined });
    expect(retired?.container).toBe('booking-bot-pool-1');
    await until('it is gone', async () => (await bots.list()).length === BOTS - 1);
    await bots.scale(BOTS, { max: BOTS, actor: 'test' });
  });

  it('tells of a lease in foreign hands', async () => {
    const client = await world.newClient();
    await world.activate(client);
    const { tokenFingerprint } = await world.tenant(client);
    await world.plane.redis.set(keys.botLease(tokenFingerprint ?? ''), 'stranger:boot:1', 'PX', 15_000);
    expect(await kinds()).toContain(`lease_foreign ${client.input.clientId}`);
    await world.plane.redis.del(keys.botLease(tokenFingerprint ?? ''));
  });
});
