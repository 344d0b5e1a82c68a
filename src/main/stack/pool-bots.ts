/** The pool's containers: makes as many bots as are wanted, each with its own limited Redis user. */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Vault } from '#core/secrets/vault.ts';
import { KEY_BOUND_RULES, listRedisUsers } from '#core/tenants/storage.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { BEAT_KEYS, keys } from '#shared/redis/keys.ts';
import { rehearsalName } from '#shared/util/rehearsal.ts';
import type { ContainerInfo, ContainerSpec, Engine } from '../engine/engine.ts';

/** By which pool bots are found. */
const POOL_LABELS = { 'botpool.role': 'pool-bot' } as const;

/** The pool id of a pool bot. */
const POOL_ID_LABEL = 'botpool.pool-id';

/** Compose's own labels, so that `docker compose logs bot-pool-5`, `ps` and `restart` see each bot as a service. */
function composeLabels(poolId: number): Readonly<Record<string, string>> {
  return { 'com.docker.compose.service': `bot-pool-${poolId}`, 'com.docker.compose.container-number': '1' };
}

/** The container of a pool id. */
export function poolContainer(poolId: number): string {
  return `booking-bot-pool-${poolId}`;
}

/** What the containers of the pool are made of. */
export interface PoolBotsOptions {
  readonly engine: Pick<Engine, 'list' | 'create' | 'start'>;
  readonly redis: Redis;
  readonly vault: Vault;
  /** Variables that every bot gets: where PostgreSQL, Redis and Telegram are, and the limits. */
  readonly env: Readonly<Record<string, string>>;
  readonly project: string;
}

/** The pool's containers, found by label. */
export interface PoolBots {
  list(): Promise<readonly ContainerInfo[]>;
  /** Makes what is missing up to `count` bots and starts what stands still; never removes one. Returns how many were started. */
  ensure(count: number): Promise<number>;
  /** Gives the bots their Redis users again when a restarted Redis has forgotten them. */
  healUsers(): Promise<void>;
}

/**
 * What a waiting bot may do in Redis: its own three keys and the pool's common sets, and no other bot's. A stolen
 * process can neither read another's configuration nor pretend to be another bot.
 */
function containerRules(poolId: number, password: string): string[] {
  const container = poolContainer(poolId);
  const hash = createHash('sha256').update(password).digest('hex');
  const patterns = [
    keys.botStatus(container),
    keys.botConfig(container),
    keys.botWake(container),
    keys.poolBots,
    keys.poolWaiting,
    keys.poolEvents,
    ...BEAT_KEYS,
    // Where it rehearses before anybody waits for it.
    `${keys.tenantPrefix(rehearsalName(poolId))}*`,
    keys.botLease(rehearsalName(poolId)),
  ].map((pattern) => `~${pattern}`);
  // It adds to the events of the pool, and reads none: whose bot another one is, is not its business.
  return ['reset', 'on', `#${hash}`, ...patterns, ...KEY_BOUND_RULES, '-@stream', '+xadd', '+time', '+rpush'];
}

/** Opens the pool's containers of one engine. */
export function createPoolBots(options: PoolBotsOptions): PoolBots {
  const { engine, redis, vault } = options;
  const labels = { ...POOL_LABELS, 'com.docker.compose.project': options.project };
  const password = (container: string): string => vault.derivePassword(`redis ${container}`);

  const openUser = async (poolId: number): Promise<void> => {
    const name = poolContainer(poolId);
    await redis.call('ACL', 'SETUSER', name, ...containerRules(poolId, password(name)));
  };

  const make = async (poolId: number): Promise<void> => {
    const name = poolContainer(poolId);
    await openUser(poolId);
    const spec: ContainerSpec = {
      name,
      image: 'bot-runtime',
      labels: { ...labels, ...composeLabels(poolId), [POOL_ID_LABEL]: String(poolId) },
      env: {
        ...options.env,
        BOT_POOL_ID: String(poolId),
        CONTAINER_NAME: name,
        REDIS_USERNAME: name,
        REDIS_PASSWORD: password(name),
      },
      restart: 'unless-stopped',
    };
    // Another control plane may have been faster: what counts is that it is there and runs.
    await engine.create(spec).catch((error: unknown) => {
      if (!isBotpoolError(error, 'container_exists')) throw error;
    });
    await engine.start(name);
  };

  return {
    list: () => engine.list(labels),
    async ensure(count) {
      const present = new Map((await engine.list(labels)).map((container) => [container.name, container]));
      const ids = Array.from({ length: count }, (_unused, index) => index + 1);
      const stateOf = (poolId: number): string => present.get(poolContainer(poolId))?.state ?? 'missing';
      const missing = ids.filter((poolId) => stateOf(poolId) === 'missing');
      const stopped = ids.filter((poolId) => ['created', 'exited'].includes(stateOf(poolId)));
      await Promise.all([...missing.map(make), ...stopped.map((poolId) => engine.start(poolContainer(poolId)))]);
      return missing.length + stopped.length;
    },
    async healUsers() {
      const known = await listRedisUsers(redis);
      const containers = await engine.list(labels);
      const forgotten = containers.filter(({ name }) => !known.has(name));
      await Promise.all(forgotten.map(({ labels: of }) => openUser(Number(of[POOL_ID_LABEL]))));
    },
  };
}
