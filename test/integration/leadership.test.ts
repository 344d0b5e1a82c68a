import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Leadership, startLeadership, type Term } from '#core/leadership/leadership.ts';
import { isFormerLeader } from '#core/pool/roster.ts';
import { migrateControl } from '#core/postgres/migrate.ts';
import { createLogger } from '#core/telemetry/logger.ts';
import { keys } from '#shared/redis/keys.ts';
import { createTestDatabase, createTestRedis, type TestDatabase, type TestRedis } from '../support/stack.ts';
import { until } from '../support/until.ts';

/** A control plane that can be made to sleep: its waits do not end while it does, its clock goes on. */
interface Plane {
  readonly leadership: Leadership;
  readonly terms: Term[];
  freeze(): void;
  thaw(): void;
}

describe('the leadership among control planes', () => {
  let stores: { readonly database: TestDatabase; readonly redis: TestRedis };
  const planes: Plane[] = [];
  beforeAll(async () => {
    stores = { database: await createTestDatabase(), redis: await createTestRedis() };
    await migrateControl(stores.database.database);
  });
  afterAll(async () => {
    for (const plane of planes) {
      plane.thaw();
      await plane.leadership.close();
    }
    await stores.redis[Symbol.asyncDispose]();
    await stores.database[Symbol.asyncDispose]();
  });

  /** `clockRate`: how fast its clock runs. */
  async function join(holder: string, clockRate = 1): Promise<Plane> {
    let frozen = Promise.withResolvers<void>();
    frozen.resolve();
    const leadership = await startLeadership({
      database: stores.database.database,
      redis: stores.redis.redis,
      logger: createLogger('test', 'silent'),
      holder,
      clock: {
        monotonic: () => performance.now() * clockRate,
        async sleep(ms, signal) {
          await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
          await frozen.promise;
        },
      },
      timings: { leaseMs: 2_000, renewMs: 200, askMs: 50 },
    });
    const terms: Term[] = [];
    const plane: Plane = {
      leadership,
      terms,
      freeze: () => {
        frozen = Promise.withResolvers();
      },
      thaw: () => frozen.resolve(),
    };
    leadership.whileLeading('test', async (term) => {
      terms.push(term);
      await new Promise((resolve) => term.signal.addEventListener('abort', resolve, { once: true }));
    });
    planes.push(plane);
    return plane;
  }

  it('has one leader, whose loops run, and shows it', async () => {
    const [first, second] = [await join('first'), await join('second')];
    await until('its loop runs', () => first.terms.length === 1);
    expect(second.leadership.term()).toBeUndefined();
    expect(second.terms).toEqual([]);
    const { epoch } = first.terms[0] as Term;
    expect(await second.leadership.leader()).toEqual({ epoch, holder: 'first' });
    expect(await stores.redis.redis.get(keys.poolLeader)).toBe(`first:${epoch}`);
  });

  it('keeps its leader when Redis forgets everything', async () => {
    const { holder, epoch } = await (planes[0] as Plane).leadership.leader();
    await stores.redis.redis.flushall();
    await until('it is shown again', async () => (await stores.redis.redis.get(keys.poolLeader)) !== null);
    expect(await stores.redis.redis.get(keys.poolLeader)).toBe(`${holder}:${epoch}`);
  });

  it('has another one when the leader sleeps, and refuses what the sleeper writes when it wakes up', async () => {
    const [first, second] = planes as [Plane, Plane];
    const [sleeper] = first.terms as [Term];
    first.freeze();
    await until('the other one leads', () => second.terms.length === 1);
    const [term] = second.terms as [Term];
    expect(term.epoch).toBeGreaterThan(sleeper.epoch);
    await expect(sleeper.transaction((tx) => tx.query('SELECT 1'))).rejects.toSatisfy(isFormerLeader);
    expect(await term.transaction(async () => 'written')).toBe('written');
    first.thaw();
    await until('the sleeper knows it', () => sleeper.signal.aborted);
    expect(first.leadership.term()).toBeUndefined();
  });

  it('holds a new leader off while a write of the old one is under way', async () => {
    const [first, second] = planes as [Plane, Plane];
    const term = second.leadership.term() as Term;
    const inside = Promise.withResolvers<void>();
    const leave = Promise.withResolvers<void>();
    const writing = term.transaction(async () => {
      inside.resolve();
      await leave.promise;
    });
    await inside.promise;
    second.freeze();
    await until('its own clock ends its term', () => second.leadership.term() === undefined);
    expect((await first.leadership.leader()).epoch).toBe(term.epoch);
    leave.resolve();
    await writing;
    await until('the other one leads', () => first.leadership.term() !== undefined);
    second.thaw();
  });

  it('is handed over at once by a leader that closes', async () => {
    const [first, second] = planes as [Plane, Plane];
    await first.leadership.close();
    expect(await second.leadership.leader().then(({ holder }) => holder)).not.toBe('first');
    await until('the other one leads', () => second.leadership.term() !== undefined);
  });

  it('refuses what one with a slow clock writes, who still believes that it leads, and says whose place was taken', async () => {
    const slow = await join('slow', 0.01);
    const second = planes[1] as Plane;
    await second.leadership.close();
    await until('the slow one leads', () => slow.leadership.term() !== undefined);
    expect(await slow.leadership.leader()).not.toHaveProperty('lapsed');
    const third = await join('third');
    slow.freeze();
    await until('the third leads', () => third.leadership.term() !== undefined);
    const believed = slow.leadership.term() as Term;
    await expect(believed.transaction((tx) => tx.query('SELECT 1'))).rejects.toSatisfy(isFormerLeader);
    const { holder, lapsed } = await third.leadership.leader();
    expect([holder, lapsed?.holder]).toEqual(['third', 'slow']);
    expect(lapsed?.silentMs).toBeGreaterThanOrEqual(2_000);
    slow.thaw();
    await until('the slow one knows it', () => slow.leadership.term() === undefined);
  });

  it('begins a loop again that failed', async () => {
    const last = planes.at(-1) as Plane;
    let runs = 0;
    const stop = last.leadership.whileLeading('fragile', () => {
      runs += 1;
      return Promise.reject(new Error('once more'));
    });
    await until('it ran twice', () => runs >= 2);
    await stop();
  });
});
