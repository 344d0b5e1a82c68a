/** The composition root of a control plane: everything is built here in order, and closed in reverse. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { v7 as uuidv7 } from 'uuid';
import { type Pool, type PoolOptions, startPool } from '#core/pool/index.ts';
import { type Database, type DatabaseOptions, openDatabase } from '#core/postgres/database.ts';
import { migrateControl, readMigrations } from '#core/postgres/migrate.ts';
import { openRedis } from '#core/redis/connection.ts';
import { createVault, type Vault } from '#core/secrets/vault.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import { prepareRehearsal } from '#core/tenants/rehearsal.ts';
import { seedTenant } from '#core/tenants/seed-booking.ts';
import type { KindStorage } from '#core/tenants/storage.ts';
import type { HostConfig } from './config.ts';
import type { Engine } from './engine/engine.ts';
import type { ServerFacts } from './stack/embedded/postgres.ts';
import { ownMasterKey } from './stack/master-key.ts';
import { createPoolBots, type PoolBots } from './stack/pool-bots.ts';
import type { OpenStack, Stack } from './stack/stack.ts';

/** A running control plane: what the API is implemented against. */
export interface ControlPlane {
  readonly pool: Pool;
  readonly bots: PoolBots;
  readonly engine: Engine;
  readonly database: Database;
  readonly redis: Redis;
  readonly logger: Logger;
  /** Where PostgreSQL and Redis answer, with an administrator's rights: for tests, benchmarks and tools. */
  readonly servers: { readonly postgres: ServerFacts; readonly redis: ServerFacts; readonly databaseName: string };
  /** Where the simulated outside world listens; `undefined` when the real one is used. */
  readonly sandboxUrl: string | undefined;
  /** Brings back what is missing of the stack and of the pool. */
  repair(): Promise<void>;
  /** Stops everything that lives in this process; containers go on. Data stays. */
  close(): Promise<void>;
}

/** What a control plane is started with. */
export interface ControlPlaneOptions {
  readonly config: HostConfig;
  /** The project's folder for downloaded programs. */
  readonly cacheDir: string;
  /** What it stands on. Default: the embedded stack, as child processes. */
  readonly openStack?: OpenStack;
  readonly logger: Logger;
  /** Told each stage in a few words when it begins. */
  readonly report: (stage: string) => void;
  /** False for tests and benchmarks that need no disk. Default true. */
  readonly durable?: boolean;
  /** Other limits of time than the product's, for tests. Milliseconds. */
  readonly timings?: Pick<PoolOptions, 'missingMs' | 'drainMs' | 'roundMs' | 'sweepMs'> &
    Pick<DatabaseOptions, 'statementTimeoutMs'>;
}

const DATABASE = 'booking_saas';
/** Connections of one control plane. */
const MAX_CONNECTIONS = 30;
const HEAL_MS = 2_000;

/** Starts everything: the stack, the schema, the pool, its bots. What was started ends when it fails. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { config, logger, report } = options;
  const closing = new AsyncDisposableStack();
  try {
    const masterKey = await ownMasterKey(join(config.home, 'secrets/master.key'));
    const vault = createVault(masterKey);
    const openStack = options.openStack ?? (await embeddedDefault(options));
    const stack = await openStack({ durable: options.durable ?? true, report });
    closing.defer(() => stack.close());
    report('bringing the database up to date');
    const { statementTimeoutMs, ...poolTimings } = options.timings ?? {};
    const database = await openControlDatabase(stack.postgres, logger, statementTimeoutMs);
    closing.defer(() => database.close());
    await migrateControl(database);
    const redis = openControlRedis(stack.redis, 'control-plane', logger);
    closing.defer(() => redis.disconnect());
    const eventRedis = openControlRedis(stack.redis, 'control-plane-events', logger);
    closing.defer(() => eventRedis.disconnect());
    const booking = bookingStorage(config);
    await prepareRehearsal(database, booking, vault.derivePassword('postgres rehearsal'));
    report('starting the pool');
    const pool = await startPool({
      database,
      redis,
      eventRedis,
      vault,
      logger,
      clock: { now: Date.now, sleep },
      newId: uuidv7,
      kinds: [booking],
      dropPending: config.dropPending,
      activationTimeoutMs: config.activationTimeoutMs,
      spares: config.spares,
      ...poolTimings,
    });
    closing.defer(() => pool.close());
    const bots = openPoolBots(config, stack, redis, vault);
    closing.defer(healForEver(bots, logger));
    await bots.ensure(config.poolBots);
    return {
      pool,
      bots,
      engine: stack.engine,
      database,
      redis,
      logger,
      servers: { postgres: stack.postgres, redis: stack.redis, databaseName: DATABASE },
      sandboxUrl: stack.sandboxUrl,
      repair: async () => {
        await stack.repair();
        await bots.ensure(config.poolBots);
      },
      close: () => closing.disposeAsync(),
    };
  } catch (error) {
    await closing.disposeAsync();
    throw error;
  }
}

/** Loaded when it is needed: where the stack is of containers, its programs are not even there. */
async function embeddedDefault({ config, cacheDir }: ControlPlaneOptions): Promise<OpenStack> {
  const { embeddedStack } = await import('./stack/embedded/open-embedded.ts');
  const { home, project, ports, telegramApiRoot } = config;
  const sandbox = telegramApiRoot === undefined ? ports.sandbox : undefined;
  return embeddedStack({ home, project, cacheDir, ports: { ...ports, sandbox } });
}

function openPoolBots(config: HostConfig, stack: Stack, redis: Redis, vault: Vault): PoolBots {
  const places = stack.forBots;
  return createPoolBots({
    engine: stack.engine,
    redis,
    vault,
    project: config.project,
    env: {
      ...config.limitEnv,
      POSTGRES_HOST: places.postgres.host,
      POSTGRES_PORT: String(places.postgres.port),
      POSTGRES_DB: DATABASE,
      POSTGRES_REHEARSAL_PASSWORD: vault.derivePassword('postgres rehearsal'),
      REDIS_HOST: places.redis.host,
      REDIS_PORT: String(places.redis.port),
      TELEGRAM_API_ROOT: config.telegramApiRoot ?? places.sandboxUrl ?? '',
      LOG_LEVEL: config.logLevel,
    },
  });
}

/** What a booking tenant stores. */
function bookingStorage(config: HostConfig): KindStorage {
  return {
    kind: 'booking',
    migrations: readMigrations('booking'),
    seed: (tx, tenant) => seedTenant(tx, tenant, config.limits, Date.now()),
  };
}

/** Opens the installation's database, which is made at the very first start. */
async function openControlDatabase(
  facts: ServerFacts,
  logger: Logger,
  statementTimeoutMs: number | undefined,
): Promise<Database> {
  const onIdleError = (error: Error): void => logger.warn({ err: error }, 'a connection to PostgreSQL broke');
  const common = {
    ...facts,
    applicationName: 'control-plane',
    onIdleError,
    ...(statementTimeoutMs === undefined ? {} : { statementTimeoutMs }),
  };
  const maintenance = openDatabase({ ...common, database: 'postgres', max: 1 });
  try {
    const { rows } = await maintenance.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rows.length === 0) await maintenance.query(`CREATE DATABASE ${DATABASE}`);
    // A tenant's login has no business in the databases that every server has.
    await maintenance.query('REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC');
  } finally {
    await maintenance.close();
  }
  // Connections are kept: a fresh one would compile the claim's functions anew while a buyer waits.
  return openDatabase({ ...common, database: DATABASE, max: MAX_CONNECTIONS, idleTimeoutMs: 600_000 });
}

function openControlRedis(facts: ServerFacts, name: string, logger: Logger): Redis {
  return openRedis({
    host: facts.host,
    port: facts.port,
    username: facts.user,
    password: facts.password,
    name,
    blocking: name.endsWith('events'),
    onError: (error) => logger.warn({ err: error }, 'the connection to Redis broke; trying again'),
  });
}

/** Keeps the bots' Redis users in place; the function that comes back ends it. */
function healForEver(bots: PoolBots, logger: Logger): () => Promise<void> {
  const stop = new AbortController();
  const running = (async () => {
    while (!stop.signal.aborted) {
      await sleep(HEAL_MS, stop.signal);
      if (stop.signal.aborted) break;
      await bots.healUsers().catch((error: unknown) => logger.warn({ err: error }, 'Redis users not checked'));
    }
  })();
  return async () => {
    stop.abort();
    await running;
  };
}

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
