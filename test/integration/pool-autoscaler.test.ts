import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { endReservation, reserveBot } from '#core/pool/reservations.ts';
import type { StoredDecision } from '#main/autoscaler/store.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { type Client, type PoolWorld, startPoolWorld } from '../support/pool-world.ts';
import { until } from '../support/until.ts';

const BOTS = 4;
const MAX = 9;

describe('the autoscaler', () => {
  let world: PoolWorld;
  beforeAll(async () => {
    // Nothing but events wakes it: its timer is an hour.
    const autoscaler = { enabled: true, minFree: 2, batch: 2, checkMs: 3_600_000, coolDownMs: 0 };
    world = await startPoolWorld({ bots: BOTS, maxTotalBots: MAX, autoscaler });
  }, 90_000);
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => world.deactivate(client)));
    await world.plane.autoscaler.setPolicy('default', 'test');
    await until('the pool is at rest', async () => {
      await world.plane.bots.scale(BOTS, { max: MAX, actor: 'test' });
      return (await world.plane.bots.roster()).length === BOTS;
    });
    await world.waiting(BOTS);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const clients: Client[] = [];
  async function activate(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      const client = await world.newClient();
      clients.push(client);
      await world.activate(client);
    }
  }

  async function newest(): Promise<StoredDecision | undefined> {
    return (await world.plane.autoscaler.decisions({ limit: 1 }))[0];
  }

  async function size(): Promise<number> {
    return (await world.plane.bots.roster()).length;
  }

  it('says that it has begun, and begins to refill when a claim crosses the line', async () => {
    expect(world.lines.some((line) => line.includes('POOL MONITOR STARTED'))).toBe(true);
    await activate(2);
    expect(await size()).toBe(BOTS);
    await activate(1);
    await world.waiting(3);
    expect(await size()).toBe(BOTS + 2);
    expect(world.lines.some((line) => line.includes('Scaling up'))).toBe(true);
    const acts = await world.plane.autoscaler.decisions({ limit: 5, onlyActs: true });
    expect(acts[0]).toMatchObject({
      decision: { action: 'grow', count: 2, reason: 'below_line', rule: 'fixed', missing: 1 },
      snapshot: { serving: 3, total: BOTS },
    });
    await until(
      'what came of it is written',
      async () => (await world.plane.autoscaler.decisions({ limit: 5, onlyActs: true }))[0]?.result !== null,
    );
  });

  it('serves clients that found no bot, and says when its limit keeps it from more', async () => {
    const crowd = await Promise.all(Array.from({ length: 10 }, () => world.newClient()));
    clients.push(...crowd);
    await Promise.all(crowd.map((client) => world.activate(client).catch(() => undefined)));
    await until('nine of ten serve', async () => {
      const open = await Promise.all(crowd.map((client) => world.open(client)));
      return open.filter((one) => one?.state === 'active').length === MAX;
    });
    expect(await size()).toBe(MAX);
    const limited = await until('it is limited', async () => {
      const decision = await newest();
      return decision?.snapshot.serving === MAX && decision;
    });
    expect(limited.decision).toMatchObject({ state: 'limited', limits: ['maximum'], reason: 'limited' });
    expect(world.lines.some((line) => line.includes('the pool is limited'))).toBe(true);
  });

  it('removes surplus, but nobody who serves, and not what a payment link has reserved', async () => {
    await activate(3);
    await world.waiting(3);
    const serving = await Promise.all(clients.map(async (client) => (await world.open(client))?.container));
    await reserveBot(world.plane.database, 'order-1', 600_000);
    // Two are free by the policy, a batch more is kept, and what is above goes.
    await world.plane.autoscaler.setPolicy('batch=1, min=0', 'test');
    await world.plane.bots.scale(0, { max: MAX, actor: 'test' });
    await world.plane.bots.scale(8, { max: MAX, actor: 'test' });
    await world.waiting(5);
    await world.plane.bots.scale(8, { max: MAX, actor: 'test' });
    // Any round from here on decides by the same line.
    await world.plane.autoscaler.setPolicy('batch=1, min=1', 'test');
    await world.plane.database.query(
      `INSERT INTO control.settings (key, version, value, actor)
       SELECT key, max(version) + 1, '{"bots": 0, "fromEnvironment": 4}', 'test' FROM control.settings
       WHERE key = 'pool.size' GROUP BY key`,
    );
    await world.plane.autoscaler.setPolicy('batch=1, min=1', 'test');
    await world.waiting(2);
    const left = (await world.plane.bots.roster()).map(({ container }) => container);
    expect(left).toEqual(expect.arrayContaining(serving));
    await endReservation(world.plane.database, 'order-1');
  });

  it('fills up again when an operator has scaled below the line', async () => {
    await activate(4);
    await world.waiting(2);
    await world.plane.bots.scale(0, { max: MAX, actor: 'test' });
    await world.waiting(2);
    expect(await size()).toBe(6);
  });

  it('changes its policy at once, explains it, and replays the past against another one', async () => {
    await world.plane.autoscaler.setPolicy('min=5, batch=1', 'test');
    await world.waiting(5);
    expect(await world.plane.autoscaler.policy()).toMatchObject({ own: true, policy: { minFree: 5, batch: 1 } });
    const comparison = await world.plane.autoscaler.simulate('autoscaler=off', 1);
    expect(comparison.replayed.present.botsStarted).toBeGreaterThan(0);
    expect(comparison.replayed.other.botsStarted).toBe(0);
    expect(comparison.differences.length).toBeGreaterThan(0);
    expect(await world.codeOf(world.plane.autoscaler.setPolicy('minimum=5', 'test'))).toBe('input_invalid');
  });

  it('waits longer after each failed start, says why, and recovers by itself', async () => {
    const { engine } = world.plane;
    const create = engine.create.bind(engine);
    engine.create = () =>
      Promise.reject(new BotpoolError('engine_failed', { action: 'create', detail: 'no space left' }));
    try {
      await activate(3);
      const failed = await until('the failure is written down', async () => {
        const acts = await world.plane.autoscaler.decisions({ limit: 3, onlyActs: true });
        return acts.find(({ result }) => (result?.failed.length ?? 0) > 0);
      });
      expect(failed.result?.failed[0]).toContain('no space left');
      // What was wanted and could not be made still counts as starting: no more is wanted.
      expect(await size()).toBe(BOTS + 2);
    } finally {
      engine.create = create;
    }
    await world.plane.bots.mend();
    await world.waiting(3);
  });
});
