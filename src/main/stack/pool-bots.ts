/** The pool's containers: makes and removes single bots, each with its own limited Redis user. Knows no numbers. */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Vault } from '#core/secrets/vault.ts';
import { KEY_BOUND_RULES, listRedisUsers } from '#core/tenants/storage.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { keys, POOL_REGISTER, type Register } from '#shared/redis/keys.ts';
import { rehearsalName } from '#shared/util/rehearsal.ts';
import type { ContainerInfo, ContainerSpec, Engine } from '../engine/engine.ts';
import { roleArgs } from './bot-runtime-program.ts';

/** By which pool bots are found. */
const POOL_LABELS = { 'botpool.role': 'pool-bot' } as const;

/** The pool id of a pool bot. */
const POOL_ID_LABEL = 'botpool.pool-id';

/** Compose's own labels, so that `docker compose logs bot-pool-5`, `ps` and `restart` see each bot as a service. */
function composeLabels(poolId: number): Readonly<Record<string, string>> {
  return { 'com.docker.compose.service': `bot-pool-${poolId}`, 'com.docker.compose.container-number': '1' };
}

/** What the name of every pool bot begins with. */
export const POOL_PREFIX = 'booking-bot-pool-';

/** The container of a pool id. */
export function poolContainer(poolId: number): string {
  return `${POOL_PREFIX}${poolId}`;
}

/** The pool id of a container of the pool. */
export function poolIdOf({ labels }: Pick<ContainerInfo, 'labels'>): number {
  return Number(labels[POOL_ID_LABEL]);
}

/** What the containers of the pool are made of. */
export interface PoolBotsOptions {
  readonly engine: Pick<Engine, 'list' | 'create' | 'start' | 'remove'>;
  readonly redis: Redis;
  readonly vault: Vault;
  /** Variables that every bot gets: where PostgreSQL, Redis and Telegram are, and the limits. */
  readonly env: Readonly<Record<string, string>>;
  readonly project: string;
}

/** The pool's containers, found by label. */
export interface PoolBots {
  list(): Promise<readonly ContainerInfo[]>;
  /** Makes a bot and starts it; one that is there already is only started. */
  make(poolId: number): Promise<void>;
  /** Removes this very container (its id) and its Redis user. Whether it may go is the caller's business. */
  remove(container: Pick<ContainerInfo, 'name' | 'id'>): Promise<void>;
  /** Gives the bots their Redis users again when a restarted Redis has forgotten them. */
  healUsers(): Promise<void>;
}

/** Where a bot rehearses before anybody waits for it. */
function rehearsalKeys(poolId: number): string[] {
  return [`${keys.tenantPrefix(rehearsalName(poolId))}*`, keys.botLease(rehearsalName(poolId))];
}

/**
 * What a waiting bot may do in Redis: its own three keys and its family's common sets, and no other bot's. A stolen
 * process can neither read another's configuration nor pretend to be another bot.
 */
export function containerRules(
  container: string,
  password: string,
  family: Register,
  more: readonly string[] = [],
): string[] {
  const hash = createHash('sha256').update(password).digest('hex');
  const patterns = [
    keys.botStatus(container),
    keys.botConfig(container),
    keys.botWake(container),
    family.bots,
    family.waiting,
    family.events,
    ...family.beats,
    ...more,
  ].map((pattern) => `~${pattern}`);
  // It adds to the events of the pool, and reads none: whose bot another one is, is not its business.
  return ['reset', 'on', `#${hash}`, ...patterns, ...KEY_BOUND_RULES, '-@stream', '+xadd', '+time', '+rpush'];
}

/** How often the engine is asked although nothing seems to be missing: bots of another control plane count, too. */
const LOOK_ANYWAY = 30;

/** Opens the pool's containers of one engine. */
export function createPoolBots(options: PoolBotsOptions): PoolBots {
  const { engine, redis, vault } = options;
  const labels = { ...POOL_LABELS, 'com.docker.compose.project': options.project };
  const password = (container: string): string => vault.derivePassword(`redis ${container}`);

  /** Whom Redis knew when nobody was missing. While it knows them all it has forgotten nothing, and the engine is left alone. */
  let complete: Set<string> | undefined;
  let looks = 0;

  const openUser = async (poolId: number): Promise<void> => {
    const name = poolContainer(poolId);
    const rules = containerRules(name, password(name), POOL_REGISTER, rehearsalKeys(poolId));
    await redis.call('ACL', 'SETUSER', name, ...rules);
  };

  const make = async (poolId: number): Promise<void> => {
    const name = poolContainer(poolId);
    await openUser(poolId);
    complete?.add(name);
    const spec: ContainerSpec = {
      name,
      image: 'bot-runtime',
      args: roleArgs('pool-bot'),
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
    make,
    async remove({ name, id }) {
      try {
        await engine.remove(id);
      } catch (error) {
        // Somebody else has removed it; the name, and the user of that name, may belong to a later one by now.
        if (isBotpoolError(error, 'container_unknown')) return;
        throw error;
      }
      await redis.call('ACL', 'DELUSER', name);
    },
    async healUsers() {
      const known = await listRedisUsers(redis);
      looks += 1;
      const forgets = complete === undefined || [...complete].some((name) => !known.has(name));
      if (!forgets && looks % LOOK_ANYWAY !== 0) return;
      const containers = await engine.list(labels);
      const forgotten = containers.filter(({ name }) => !known.has(name));
      await Promise.all(forgotten.map(({ labels: of }) => openUser(poolIdOf({ labels: of }))));
      complete = new Set(containers.map(({ name }) => name));
    },
  };
}
