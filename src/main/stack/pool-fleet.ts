/**
 * How many bots the pool has: it grows and shrinks here and nowhere else. PostgreSQL's roster decides which bots there
 * are to be, and that no claimed one ever goes; the engine follows.
 */
import type { Redis } from 'ioredis';
import { readStatuses } from '#core/pool/presence.ts';
import {
  adoptBots,
  type Epoch,
  forgetBot,
  listRoster,
  type RetiredBot,
  type RosterBot,
  readRestingSize,
  retireBots,
  wantBots,
  writeRestingSize,
} from '#core/pool/roster.ts';
import type { Database } from '#core/postgres/database.ts';
import { release } from '#core/redis/pool-scripts.ts';
import { writeAudit } from '#core/tenants/tenants.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { keys } from '#shared/redis/keys.ts';
import type { ContainerInfo } from '../engine/engine.ts';
import { POOL_PREFIX, type PoolBots, poolContainer, poolIdOf } from './pool-bots.ts';

/** What a fleet is made of. */
export interface PoolFleetOptions {
  readonly bots: PoolBots;
  readonly database: Database;
  readonly redis: Redis;
}

/** What became of the bots that were to be made. */
export interface Grown {
  readonly started: readonly string[];
  /** Wanted, but the engine did not start them now. */
  readonly failed: readonly { readonly container: string; readonly error: unknown }[];
}

/** What `scale` came to. */
export interface Scaled {
  readonly started: readonly string[];
  readonly removed: readonly string[];
  /** How many bots the pool has now. More than was asked for when the others serve clients. */
  readonly total: number;
}

/** The bots of one installation. Every call is safe beside every other one, in this process or another. */
export interface PoolFleet {
  list(): Promise<readonly ContainerInfo[]>;
  roster(): Promise<readonly RosterBot[]>;
  /**
   * At the start of a control plane: takes over what runs, comes back to the size that the pool had, and to `poolBots`
   * when that variable has changed since. Returns how many bots were started.
   */
  open(poolBots: number, max: number): Promise<number>;
  /** Makes as many as are missing up to `count` bots; never removes one. Returns how many were started. */
  ensure(count: number): Promise<number>;
  /**
   * Wants so many more bots, at most `max` in all; from then on they count as starting. `made`: everything that is wanted
   * and was not there.
   */
  grow(
    count: number,
    limits: { readonly max: number; readonly epoch: Epoch },
  ): Promise<{ readonly made: Promise<Grown> }>;
  /**
   * Removes at most `most` bots that wait and that nobody has claimed, youngest first, while the pool keeps `keep`.
   * Returns those that went.
   */
  shrink(wish: { readonly most: number; readonly keep: number; readonly epoch: Epoch }): Promise<readonly string[]>;
  /** An operator's word: the pool is to have so many bots. Fails with `pool_too_large` beyond `max`. */
  scale(count: number, wish: { readonly max: number; readonly actor: string }): Promise<Scaled>;
  /** Removes these bots as far as nobody has claimed them; the others stay. */
  retire(containers: readonly string[]): Promise<readonly string[]>;
  /** Makes these bots anew, as far as nobody has claimed them: what they are made of may have been mended. */
  remake(containers: readonly string[]): Promise<Grown>;
  /** Makes what is wanted and not there, and ends what was set aside and is still there. */
  mend(): Promise<Grown>;
  healUsers(): Promise<void>;
  /** Hears when bots were removed here, also those that nobody ever heard of; the function that comes back ends it. */
  onShrink(listener: () => void): () => void;
}

const EVERYTHING = 1_000_000;

/** Opens the fleet of one installation. */
export function createPoolFleet({ bots, database, redis }: PoolFleetOptions): PoolFleet {
  const listeners = new Set<() => void>();
  /** By pool id, what this process is making right now. */
  const making = new Map<number, Promise<void>>();
  const make = (poolId: number): Promise<void> => {
    const made = making.get(poolId) ?? bots.make(poolId).finally(() => making.delete(poolId));
    making.set(poolId, made);
    return made;
  };

  /** Makes what is wanted and not there. `fresh` is being made already, and counts with the rest. */
  const makeMissing = async (
    fresh: readonly number[] = [],
    begun: Promise<PromiseSettledResult<void>[]> = Promise.resolve([]),
  ): Promise<Grown> => {
    // What stands still after a stop of the whole stack is only started.
    const alive = (await bots.list()).filter(({ state }) => state === 'running' || state === 'restarting');
    const present = new Set(alive.map(({ name }) => name));
    const missing = (await listRoster(database)).filter(
      ({ state, container, poolId }) => state === 'wanted' && !present.has(container) && !fresh.includes(poolId),
    );
    const others = await Promise.allSettled(missing.map(({ poolId }) => make(poolId)));
    const ends = [...(await begun), ...others];
    const containers = [...fresh.map(poolContainer), ...missing.map(({ container }) => container)];
    const results = containers.map((container, at) => ({ container, end: ends[at] }));
    return {
      started: results.filter(({ end }) => end?.status === 'fulfilled').map(({ container }) => container),
      failed: results.flatMap(({ container, end }) =>
        end?.status === 'rejected' ? [{ container, error: end.reason as unknown }] : [],
      ),
    };
  };

  /** The container goes, then its place in the roster: a crash in between leaves a row that `mend` finishes. */
  const end = async (bot: RetiredBot, containers: readonly ContainerInfo[]): Promise<void> => {
    const { container } = bot;
    const [status] = await readStatuses(redis, [container]);
    const leave = async (step: 'draining' | 'gone'): Promise<void> => {
      if (status !== undefined) await release(redis, container, status.boot_id, step, 'scaled_down');
    };
    await leave('draining');
    const found = containers.find(({ name }) => name === container);
    if (found !== undefined) await bots.remove(found);
    await leave('gone');
    await forgetBot(database, bot);
  };

  const shrink: PoolFleet['shrink'] = async (wish) => await retire(await youngestFirst(database, redis), wish);

  const retire = async (
    candidates: readonly string[],
    wish: { readonly most: number; readonly keep: number; readonly epoch: Epoch },
  ): Promise<readonly string[]> => {
    // Seen before the decision: what is removed is this very container, not a later one of its name.
    const containers = await bots.list();
    const retired = await retireBots(database, candidates, wish);
    await Promise.all(retired.map((bot) => end(bot, containers)));
    for (const listener of listeners) listener();
    return retired.map(({ container }) => container);
  };

  const endRetired = async (): Promise<void> => {
    const containers = await bots.list();
    const retiring = (await listRoster(database)).filter(({ state }) => state === 'retiring');
    await Promise.all(retiring.map((bot) => end(bot, containers)));
  };

  const grow: PoolFleet['grow'] = async (count, { max, epoch }) => {
    const fresh = await wantBots(database, POOL_PREFIX, { count, max, epoch });
    // Nobody has made these before, so they need not wait for a look at what is there.
    const begun = Promise.allSettled(fresh.map(make));
    return { made: makeMissing(fresh, begun) };
  };

  const resize = async (count: number, max: number): Promise<{ grown: Grown; removed: readonly string[] }> => {
    const wanted = (await listRoster(database)).filter(({ state }) => state === 'wanted').length;
    const removed = wanted > count ? await shrink({ most: EVERYTHING, keep: count, epoch: undefined }) : [];
    const { made } = await grow(Math.max(0, count - wanted), { max, epoch: undefined });
    return { grown: await made, removed };
  };

  return {
    list: () => bots.list(),
    roster: () => listRoster(database),
    async open(poolBots, max) {
      const running = await bots.list();
      await adoptBots(
        database,
        running.map((info) => ({ poolId: poolIdOf(info), container: info.name })),
      );
      await endRetired();
      const size = await readRestingSize(database);
      if (size?.fromEnvironment === poolBots) return started(await makeMissing());
      await writeRestingSize(database, { bots: poolBots, fromEnvironment: poolBots }, 'environment');
      return started((await resize(poolBots, max)).grown);
    },
    async ensure(count) {
      const wanted = (await listRoster(database)).filter(({ state }) => state === 'wanted').length;
      const { made } = await grow(Math.max(0, count - wanted), { max: EVERYTHING, epoch: undefined });
      return started(await made);
    },
    grow,
    shrink,
    retire: (containers) => retire(containers, { most: EVERYTHING, keep: 0, epoch: undefined }),
    async scale(count, { max, actor }) {
      if (count > max) throw new BotpoolError('pool_too_large', { wanted: count, max });
      const before = await readRestingSize(database);
      await database.transaction(async (tx) => {
        await writeRestingSize(tx, { bots: count, fromEnvironment: before?.fromEnvironment ?? count }, actor);
        await writeAudit(tx, actor, 'pool.scaled', 'pool', { bots: before?.bots ?? null }, { bots: count });
      });
      const { grown, removed } = await resize(count, max);
      started(grown);
      const total = (await listRoster(database)).filter(({ state }) => state === 'wanted').length;
      return { started: grown.started, removed, total };
    },
    async remake(containers) {
      const gone = await retire(containers, { most: EVERYTHING, keep: 0, epoch: undefined });
      if (gone.length === 0) return { started: [], failed: [] };
      return await (await grow(gone.length, { max: EVERYTHING, epoch: undefined })).made;
    },
    async mend() {
      await endRetired();
      return await makeMissing();
    },
    healUsers: () => bots.healUsers(),
    onShrink(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** How many bots were started; the first one that the engine refused fails the whole. */
function started({ started: names, failed }: Grown): number {
  if (failed[0] !== undefined) throw failed[0].error;
  return names.length;
}

/**
 * What may go, by what Redis knows: bots that have never waited yet, then those that wait, the last to come first. Only
 * an order: what is claimed is PostgreSQL's knowledge.
 */
async function youngestFirst(database: Database, redis: Redis): Promise<readonly string[]> {
  const roster = (await listRoster(database)).filter(({ state }) => state === 'wanted').toReversed();
  const names = roster.map(({ container }) => container);
  const [statuses, waiting] = await Promise.all([
    readStatuses(redis, names),
    redis.zrange(keys.poolWaiting, 0, '-1', 'REV'),
  ]);
  const silent = names.filter((_name, at) => statuses[at] === undefined);
  const known = new Set(names);
  return [...silent, ...waiting.filter((name) => known.has(name) && !silent.includes(name))];
}
