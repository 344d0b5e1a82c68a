/** The composition root of a control plane: everything is built here in order, and closed in reverse. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { v7 as uuidv7 } from 'uuid';
import { openSalesBox } from '#core/billing/box.ts';
import { prepareSales, SERVICE_LOGINS, serviceLoginPassword } from '#core/billing/prepare.ts';
import { type Leadership, type LeadershipTimings, startLeadership } from '#core/leadership/leadership.ts';
import { type Pool, type PoolOptions, startPool } from '#core/pool/index.ts';
import { type Database, type DatabaseOptions, openDatabase } from '#core/postgres/database.ts';
import { migrateControl, readMigrations } from '#core/postgres/migrate.ts';
import { openRedis } from '#core/redis/connection.ts';
import { createVault, type Vault } from '#core/secrets/vault.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import { prepareRehearsal } from '#core/tenants/rehearsal.ts';
import { seedTenant } from '#core/tenants/seed-booking.ts';
import type { KindStorage } from '#core/tenants/storage.ts';
import { SANDBOX_SHOP } from '#shared/schemas/sandbox-shop.ts';
import type { ScalingPolicy } from '#shared/schemas/scaling.ts';
import { type Autoscaler, startAutoscaler } from './autoscaler/autoscaler.ts';
import { memoryRoom } from './autoscaler/memory.ts';
import { type Backups, openBackups } from './backups/index.ts';
import { openTarget } from './backups/target/open.ts';
import { startCommands } from './commands/commands.ts';
import { checkHostVariables, HOST_VARIABLES, type HostConfig } from './config.ts';
import type { Engine } from './engine/engine.ts';
import { type Metrics, startMetrics } from './metrics/index.ts';
import { extendSubscription, type Sales, startSales } from './orders/index.ts';
import { createYooKassa, noShop, type YooKassa } from './orders/yookassa.ts';
import { type Reconciler, startReconciler } from './reconciler/reconciler.ts';
import { createSandboxClient } from './sandbox/sandbox-client.ts';
import { builtInSchedules } from './scheduler/built-in.ts';
import { firstDue } from './scheduler/first-due.ts';
import { type Scheduler, startScheduler } from './scheduler/index.ts';
import { startWatchdog } from './scheduler/watchdog.ts';
import { startEmbeddedGateway } from './services/gateway.ts';
import { ensureSandboxBots } from './services/sandbox-bots.ts';
import { type ServiceBots, startServiceBots } from './services/service-bots.ts';
import { openSettings, type Settings } from './settings/index.ts';
import { POSTGRES_CONTAINER, type ServerFacts } from './stack/embedded/postgres.ts';
import { ownMasterKey } from './stack/master-key.ts';
import { createPoolBots, type PoolBots } from './stack/pool-bots.ts';
import { createPoolFleet, type PoolFleet } from './stack/pool-fleet.ts';
import { STUCK_MS } from './stack/silence.ts';
import type { OpenStack, Stack } from './stack/stack.ts';

/** A running control plane: what the API is implemented against. */
export interface ControlPlane {
  readonly pool: Pool;
  readonly bots: PoolFleet;
  /** Which control plane runs the loops. */
  readonly leadership: Leadership;
  readonly autoscaler: Autoscaler;
  readonly reconciler: Reconciler;
  readonly sales: Sales;
  readonly scheduler: Scheduler;
  readonly backups: Backups;
  readonly services: ServiceBots;
  readonly config: HostConfig;
  readonly engine: Engine;
  readonly database: Database;
  readonly redis: Redis;
  readonly logger: Logger;
  /** Samples of how everything does. */
  readonly metrics: Metrics;
  /** The variables of the installation. */
  readonly settings: Settings;
  /** Where PostgreSQL and Redis answer, with an administrator's rights: for tests, benchmarks and tools. */
  readonly servers: { readonly postgres: ServerFacts; readonly redis: ServerFacts; readonly databaseName: string };
  /** Where the simulated outside world listens; `undefined` when the real one is used. */
  readonly sandboxUrl: string | undefined;
  /** What Compose runs the stack by, without secrets; undefined where it does not. */
  readonly configuration: (() => Promise<string>) | undefined;
  /** Brings back what is missing of the stack and of the pool. Returns the bots that were started. */
  repair(): Promise<readonly string[]>;
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
    Pick<DatabaseOptions, 'statementTimeoutMs'> & {
      readonly leadership?: Partial<LeadershipTimings>;
      /** The safety net of the reconciler. */
      readonly reconcileMs?: number;
      /** See `STUCK_MS`. */
      readonly stuckMs?: number;
    };
  /** How many more bots this machine's memory bears beside so many that start. Default: what its system says. */
  readonly memoryRoom?: (starting: number) => number | null;
}

const DATABASE = 'booking_saas';
/** Connections of one control plane. */
const MAX_CONNECTIONS = 30;
const HEAL_MS = 2_000;
/** How long a bot needs to start, as long as nothing better is known. */
const FIRST_ESTIMATE_MS = 3_000;

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
    const {
      statementTimeoutMs,
      leadership: leadershipTimings,
      reconcileMs,
      stuckMs = STUCK_MS,
      ...poolTimings
    } = options.timings ?? {};
    const database = await openControlDatabase(stack.postgres, logger, statementTimeoutMs);
    closing.defer(() => database.close());
    await migrateControl(database);
    await prepareSales(database, vault);
    const redis = openControlRedis(stack.redis, 'control-plane', logger);
    closing.defer(() => redis.disconnect());
    const eventRedis = openControlRedis(stack.redis, 'control-plane-events', logger);
    closing.defer(() => eventRedis.disconnect());
    const booking = bookingStorage(config);
    await prepareRehearsal(database, booking, vault.derivePassword('postgres rehearsal'));
    const leadership = await startLeadership({
      ...{ database, redis, logger, holder: `${hostname()}-${process.pid}` },
      clock: { monotonic: () => performance.now(), sleep },
      ...(leadershipTimings === undefined ? {} : { timings: leadershipTimings }),
    });
    closing.defer(() => leadership.close());
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
    const bots = createPoolFleet({ bots: openPoolBots(config, stack, redis, vault), database, redis });
    closing.defer(healForEver(bots, logger));
    const services = await openServiceBots(config, stack, { database, redis, vault, logger, leadership });
    closing.defer(() => services.close());
    if (config.serviceBots) await openGateway(config, stack, vault);
    await bots.open(config.poolBots, config.maxTotalBots);
    const autoscaler = startAutoscaler({
      ...{ database, redis, leadership, pool, fleet: bots, logger, checkMs: config.autoscaler.checkMs },
      clock: { now: Date.now, sleep },
      defaults: defaultPolicy(config),
      memoryRoom: options.memoryRoom ?? ((starting) => memoryRoom(starting, stack.engine.kind === 'process')),
      stuckMs,
    });
    closing.defer(() => autoscaler.close());
    const reconciler = startReconciler({
      ...{ database, redis, leadership, pool, fleet: bots, engine: stack.engine, logger },
      clock: { now: Date.now, sleep },
      activationTimeoutMs: config.activationTimeoutMs,
      ...(reconcileMs === undefined ? {} : { everyMs: reconcileMs }),
      stuckMs,
    });
    closing.defer(() => reconciler.close());
    const sales = startSales({
      ...{ database, pool, vault, logger, leadership, newId: uuidv7, box: openSalesBox(vault) },
      clock: { now: Date.now, sleep },
      yookassa: openShop(config, stack),
      receipt: config.sales.receipt,
      graceMs: config.sales.graceMs,
      returnUrl: async () => `https://t.me/${(await services.username('sales_bot')) ?? ''}`,
      refill: () => refillOf(autoscaler),
      listenAt: { ...stack.postgres, database: DATABASE },
    });
    closing.defer(() => sales.close());
    const metrics = startMetrics({ database, redis, engine: stack.engine, logger, now: Date.now, sleep });
    closing.defer(() => metrics.close());
    const backups = await openBackups({
      ...{ database, pool, logger, now: Date.now, promisedHours: config.backups.promisedHours },
      newSuffix: () => randomBytes(3).toString('hex'),
      server: { ...stack.postgres, database: DATABASE },
      exec: (command, env) => stack.engine.exec(POSTGRES_CONTAINER, command, env),
      target: await openTarget(config.backups.target),
      firstDue: () => firstDue(database, 'backup'),
      folder: join(config.home, 'backups'),
      encryption: { recipient: config.backups.recipient, keyFile: join(config.home, 'secrets/backup.agekey') },
      secrets: async () => ({ 'secrets/master.key': `${masterKey.toString('base64url')}\n` }),
      limits: { toolMs: 6 * 3_600_000, leastFree: 256 * 1_048_576 },
    });
    closing.defer(() => backups.close());
    const commands = startCommands({
      ...{ database, pool, bots, engine: stack.engine, redis, vault, logger, sleep, backups },
      maxBots: config.maxTotalBots,
      extend: (gift) => extendSubscription(database, { ...gift, graceMs: config.sales.graceMs, now: Date.now() }),
      facts: stack.postgres,
      databaseName: DATABASE,
      now: Date.now,
      newId: uuidv7,
    });
    closing.defer(() => commands.close());
    const scheduler = await startScheduler({
      ...{ database, logger, newId: uuidv7, now: Date.now, sleep },
      ...builtInSchedules({
        database,
        sales,
        backups,
        cleanImages: stack.cleanImages,
        zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      }),
      runner: `${leadership.holder}-${uuidv7()}`,
      isLeader: () => leadership.term() !== undefined,
      listenAt: { ...stack.postgres, database: DATABASE },
    });
    closing.defer(() => scheduler.close());
    const watchdog = startWatchdog({ database, logger, sleep });
    closing.defer(() => watchdog.close());
    const { projectFolder } = config;
    const settings = await openSettings({
      ...{ database, projectFolder, names: HOST_VARIABLES, check: checkHostVariables },
      processEnvironment: process.env,
    });
    return {
      config,
      metrics,
      settings,
      pool,
      bots,
      leadership,
      autoscaler,
      reconciler,
      sales,
      scheduler,
      backups,
      services,
      engine: stack.engine,
      database,
      redis,
      logger,
      servers: { postgres: stack.postgres, redis: stack.redis, databaseName: DATABASE },
      sandboxUrl: stack.sandboxUrl,
      configuration: stack.configuration,
      repair: async () => {
        await stack.repair();
        return (await bots.mend()).started;
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
  return createPoolBots({
    engine: stack.engine,
    redis,
    vault,
    project: config.project,
    env: { ...botEnv(config, stack), POSTGRES_REHEARSAL_PASSWORD: vault.derivePassword('postgres rehearsal') },
  });
}

/** What every bot is told of where things are. */
function botEnv(config: HostConfig, { forBots: places }: Stack): Record<string, string> {
  return {
    ...config.limitEnv,
    POSTGRES_HOST: places.postgres.host,
    POSTGRES_PORT: String(places.postgres.port),
    POSTGRES_DB: DATABASE,
    REDIS_HOST: places.redis.host,
    REDIS_PORT: String(places.redis.port),
    TELEGRAM_API_ROOT: config.telegramApiRoot ?? places.sandboxUrl ?? '',
    LOG_LEVEL: config.logLevel,
  };
}

/** Sees to it that providers can call, and that the simulated shop does. */
async function openGateway(config: HostConfig, stack: Stack, vault: Vault): Promise<void> {
  const { host, port } = stack.forBots.postgres;
  const url =
    stack.gatewayUrl ??
    (await startEmbeddedGateway({
      engine: stack.engine,
      project: config.project,
      ports: { webhooks: config.ports.gateway, health: config.ports.gatewayHealth },
      postgres: { host, port, database: DATABASE },
      login: { user: SERVICE_LOGINS.gateway, password: serviceLoginPassword(vault, 'gateway') },
      logLevel: config.logLevel,
    }));
  if (stack.sandboxUrl === undefined || config.telegramApiRoot !== undefined) return;
  await createSandboxClient(stack.sandboxUrl).shop.configure({ notificationUrl: `${url}/yookassa` });
}

/** The Sales Bot and the Master Bot; in the simulated Telegram they are made when no token was given. */
async function openServiceBots(
  config: HostConfig,
  stack: Stack,
  parts: Pick<ControlPlane, 'database' | 'redis' | 'logger' | 'leadership'> & { readonly vault: Vault },
): Promise<ServiceBots> {
  const simulated = config.serviceBots && config.telegramApiRoot === undefined ? stack.sandboxUrl : undefined;
  const made = simulated === undefined ? undefined : await ensureSandboxBots(createSandboxClient(simulated));
  const operators = [...config.operatorIds, ...(made === undefined ? [] : [made.operatorId])];
  const given = config.serviceBots ? config.serviceTokens : { sales_bot: undefined, master_bot: undefined };
  const { sales_bot = made?.tokens.sales_bot, master_bot = made?.tokens.master_bot } = given;
  return startServiceBots({
    ...parts,
    engine: stack.engine,
    clock: { now: Date.now, sleep },
    newId: uuidv7,
    project: config.project,
    env: {
      ...botEnv(config, stack),
      ADMIN_IDS_MASTER: operators.join(','),
      ...(config.supportUsername === undefined ? {} : { SUPPORT_USERNAME: config.supportUsername }),
    },
    tokens: {
      ...(sales_bot === undefined ? {} : { sales_bot }),
      ...(master_bot === undefined ? {} : { master_bot }),
    },
  });
}

/** The shop that takes the money: the operator's, or the simulated one where Telegram is simulated, too. */
function openShop({ sales, telegramApiRoot }: HostConfig, { sandboxUrl }: Stack): YooKassa {
  if (sales.shop !== undefined) return createYooKassa({ ...sales.shop, fetch });
  if (sandboxUrl === undefined || telegramApiRoot !== undefined) return noShop();
  return createYooKassa({ ...SANDBOX_SHOP, apiRoot: `${sandboxUrl}/yookassa/v3`, fetch });
}

/** What an honest estimate is made of: the newest decision about the pool. */
async function refillOf(autoscaler: Autoscaler): Promise<{ batch: number; startMs: number; limited: boolean }> {
  const { policy } = await autoscaler.policy();
  const [newest] = await autoscaler.decisions({ limit: 1 });
  const startMs = Math.max(FIRST_ESTIMATE_MS, newest?.history.startMs ?? 0);
  return { batch: policy.batch, startMs, limited: !policy.enabled || newest?.decision.state === 'limited' };
}

/** What the variables say of how the pool fills itself. */
function defaultPolicy({ autoscaler, maxTotalBots }: HostConfig): ScalingPolicy {
  const { enabled, minFree, batch, coolDownMs } = autoscaler;
  const rules = { percentage: 0, schedules: [], forecast: false };
  return { enabled, minFree, batch, maxTotal: maxTotalBots, ...rules, coolDownMs };
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
function healForEver(bots: PoolFleet, logger: Logger): () => Promise<void> {
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
