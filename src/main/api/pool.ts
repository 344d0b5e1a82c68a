/** The group `pool`: looking at the pool, once or for as long as one likes. */
import type { Pool } from '#core/pool/index.ts';
import { listBots, readStatuses } from '#core/pool/presence.ts';
import type { Database } from '#core/postgres/database.ts';
import { listTenants } from '#core/tenants/tenants.ts';
import type { BotVitals, PoolStatus } from '#shared/api/pool.ts';
import { watchChanges } from './changes.ts';
import { createPoolFeed } from './pool-feed.ts';
import { poolStatusOf } from './pool-view.ts';
import type { ApiRoot } from './root.ts';

/** What became of the pool's size. */
interface Scaled {
  readonly started: readonly string[];
  readonly removed: readonly string[];
  readonly total: number;
}

/** What this group needs. */
export interface PoolApiServices {
  readonly pool: Pool;
  readonly redis: Parameters<typeof listBots>[0];
  readonly database: Database;
  readonly bots: { scale(count: number, wish: { readonly max: number; readonly actor: string }): Promise<Scaled> };
  readonly config: { readonly maxTotalBots: number };
  readonly newId: () => string;
  /** Resolves after a time, or at once when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A storm of activations must not become a storm of snapshots. */
const PACE_MS = 250;
/** Differences are small: a person sees a change at once. */
const FEED_PACE_MS = 150;
/** Lapsed heartbeats and queued clients tell no event. */
const SAFETY_MS = 2_000;

/** The procedures of the group. */
export function poolApi(root: ApiRoot, services: PoolApiServices) {
  const read = (): Promise<PoolStatus> => readStatus(services);
  const listen = (changed: () => void): (() => void) => services.pool.listen(changed);
  const { sleep } = services;
  const epoch = services.newId().slice(0, 8);
  const feed = createPoolFeed({ listen, read, paceMs: FEED_PACE_MS, safetyMs: SAFETY_MS, sleep, epoch });
  return root.pool.router({
    status: root.pool.status.handler(read),
    watch: root.pool.watch.handler(({ signal }) =>
      watchChanges({
        listen,
        read,
        paceMs: PACE_MS,
        safetyMs: SAFETY_MS,
        sleep: services.sleep,
        signal: signal ?? new AbortController().signal,
      }),
    ),
    vitals: root.pool.vitals.handler(({ input, signal }) =>
      watchVitals(services, input.container, signal ?? new AbortController().signal),
    ),
    follow: root.pool.follow.handler(({ input, signal = new AbortController().signal }) =>
      feed.follow(input.from, signal),
    ),
    scale: root.pool.scale.handler(async ({ input: { bots }, context: { actor } }) => {
      const { started, removed, total } = await services.bots.scale(bots, { max: services.config.maxTotalBots, actor });
      return { bots, started: [...started], removed: [...removed], total };
    }),
  });
}

async function readStatus({ redis, database }: PoolApiServices): Promise<PoolStatus> {
  const [bots, tenants] = await Promise.all([listBots(redis), listTenants(database)]);
  return poolStatusOf(bots, tenants.filter((tenant) => tenant.queuedAt !== null).length);
}

/** One sample whenever the bot has beaten again. */
async function* watchVitals(
  { redis, sleep }: PoolApiServices,
  container: string,
  signal: AbortSignal,
): AsyncGenerator<BotVitals, void, void> {
  let told: string | undefined;
  while (!signal.aborted) {
    const [status] = await readStatuses(redis, [container]);
    const health = status?.health;
    const text = JSON.stringify([status?.boot_id, health]);
    if (health !== undefined && text !== told) {
      const { updates, errors, loop_lag_ms: loopLagMs, memory_bytes: memoryBytes } = health;
      yield { at: Date.now(), updates, errors, loopLagMs, memoryBytes };
    }
    told = text;
    await sleep(SAFETY_MS, signal);
  }
}
