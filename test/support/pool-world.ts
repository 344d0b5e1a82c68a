/** A whole control plane of one's own with real bots and the sandbox's Telegram, for tests of the pool protocol. */
import { randomBytes, randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ActivationResult } from '#core/pool/activate.ts';
import { type Activation, findOpen, openCredentials } from '#core/pool/activations.ts';
import { listBots, parseBotStatus } from '#core/pool/presence.ts';
import { createVault } from '#core/secrets/vault.ts';
import { createLogger } from '#core/telemetry/logger.ts';
import type { TenantCredentials } from '#core/tenants/storage.ts';
import { getTenant, listTenants, type Tenant } from '#core/tenants/tenants.ts';
import { type HostConfig, readHostConfig } from '#main/config.ts';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from '#main/control-plane.ts';
import { createSandboxClient, type SandboxChat, type SandboxClient } from '#main/sandbox/sandbox-client.ts';
import { embeddedStack } from '#main/stack/embedded/open-embedded.ts';
import { postgresReady, redisReady } from '#main/stack/embedded/ready.ts';
import { ownMasterKey } from '#main/stack/master-key.ts';
import type { BotPlaces, OpenStack } from '#main/stack/stack.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { keys } from '#shared/redis/keys.ts';
import type { BotStatus } from '#shared/schemas/pool.ts';
import type { ActivationInput } from '#shared/schemas/tenant.ts';
import { makeRunFolder } from './run-folder.ts';
import { until } from './until.ts';

/** What to start. */
export interface PoolWorldOptions {
  readonly bots: number;
  /** Default 8 s. */
  readonly activationTimeoutMs?: number;
  readonly timings?: ControlPlaneOptions['timings'];
  /** Switches the autoscaler on, or changes it. Default: off, so that the pool keeps its size. */
  readonly autoscaler?: Partial<HostConfig['autoscaler']>;
  readonly maxTotalBots?: number;
  /** Default: what this machine's memory bears. */
  readonly memoryRoom?: ControlPlaneOptions['memoryRoom'];
  /** Changes where bots find what they need, for instance by a bad network between. */
  readonly places?: (places: BotPlaces) => Promise<BotPlaces>;
  /** True: the Sales Bot and the Master Bot run, too. */
  readonly serviceBots?: boolean;
  /** More variables for the bots. */
  readonly botEnv?: Readonly<Record<string, string>>;
}

/** A client with a bot of its own at the sandbox's Telegram. */
export interface Client {
  readonly input: ActivationInput & { readonly clientId: string; readonly company: string };
  readonly botId: number;
  readonly token: string;
}

/** A running world. Disposing ends it and removes everything. */
export interface PoolWorld {
  readonly plane: ControlPlane;
  readonly sandbox: SandboxClient;
  readonly home: string;
  /** Every line that the control plane has logged. */
  readonly lines: readonly string[];
  /** A client that nobody has seen yet. */
  newClient(overrides?: Partial<ActivationInput>): Promise<Client>;
  activate(client: Client): Promise<ActivationResult>;
  /** The code that this call fails with. */
  codeOf(step: Promise<unknown>): Promise<string>;
  deactivate(client: Client): Promise<unknown>;
  /** Activates a client that nobody has seen yet, sees it answer, and gives its bot back. */
  expectGoodClient(): Promise<void>;
  /** The credentials of an open activation, as its bot has them. */
  credentials(client: Client): Promise<TenantCredentials>;
  /** A customer who has written nothing yet. */
  newCustomer(client: Client): Promise<SandboxChat>;
  /** The customer presses Start, and the bot greets in its client's name. */
  expectAnswer(client: Client): Promise<void>;
  tenant(client: Client): Promise<Tenant>;
  open(client: Client): Promise<Activation | undefined>;
  status(container: string): Promise<BotStatus | undefined>;
  /** Resolves when exactly so many bots wait, and nothing else is under way. */
  waiting(count: number): Promise<void>;
  /** After a test, also a failed one: nobody is active, Telegram is well, all bots wait. */
  clear(): Promise<void>;
  /** Resolves when PostgreSQL and Redis answer. */
  serversReady(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a world and waits until all its bots wait. */
export async function startPoolWorld(options: PoolWorldOptions): Promise<PoolWorld> {
  const home = await makeRunFolder();
  const lines: string[] = [];
  const logger = createLogger('control-plane', 'info', { write: (line) => void lines.push(line) });
  const config = {
    ...readHostConfig(home, {}),
    home,
    poolBots: options.bots,
    serviceBots: options.serviceBots ?? false,
    ...(options.maxTotalBots === undefined ? {} : { maxTotalBots: options.maxTotalBots }),
    activationTimeoutMs: options.activationTimeoutMs ?? 8_000,
    spares: 2,
    ports: {
      postgres: randomPort(),
      redis: randomPort(),
      sandbox: randomPort(),
      panel: randomPort(),
      gateway: randomPort(),
      gatewayHealth: randomPort(),
    },
  };
  const autoscaler = { ...config.autoscaler, enabled: false, ...options.autoscaler };
  const limitEnv = {
    ...config.limitEnv,
    RATE_LIMIT_MESSAGE: '0',
    RATE_LIMIT_CALLBACK: '0',
    BOT_HEARTBEAT_SECONDS: '1',
    ...options.botEnv,
  };
  const cacheDir = fileURLToPath(new URL('../../.cache', import.meta.url));
  const plane = await startControlPlane({
    config: { ...config, limitEnv, autoscaler },
    ...(options.places === undefined ? {} : { openStack: movedStack(config, cacheDir, options.places) }),
    ...(options.memoryRoom === undefined ? {} : { memoryRoom: options.memoryRoom }),
    cacheDir,
    logger,
    report: () => undefined,
    durable: false,
    timings: {
      roundMs: 300,
      sweepMs: 1_000,
      missingMs: 4_000,
      drainMs: 4_000,
      statementTimeoutMs: 4_000,
      reconcileMs: 1_000,
      ...options.timings,
    },
  }).catch(async (error: unknown) => {
    await rm(home, { recursive: true, force: true });
    throw error;
  });
  const world = createWorld(plane, home, lines, options.bots);
  await world.waiting(options.bots);
  return world;
}

/** The embedded stack, whose bots are told other places. */
function movedStack(config: HostConfig, cacheDir: string, move: (places: BotPlaces) => Promise<BotPlaces>): OpenStack {
  const { home, project, ports } = config;
  const open = embeddedStack({ home, project, cacheDir, ports });
  return async (request) => {
    const stack = await open(request);
    return { ...stack, forBots: await move(stack.forBots) };
  };
}

function randomPort(): number {
  return randomInt(20_000, 60_000);
}

function createWorld(plane: ControlPlane, home: string, lines: readonly string[], bots: number): PoolWorld {
  const sandbox = createSandboxClient(plane.sandboxUrl ?? '');
  const world: PoolWorld = {
    plane,
    sandbox,
    home,
    lines,
    async newClient(overrides = {}) {
      const owner = await sandbox.createPerson({ name: 'Owner' });
      const name = `t${randomBytes(6).toString('hex')}_bot`;
      const { id, token } = await sandbox.createBot({ ownerId: owner.id, name: 'Salon', username: name });
      const input = {
        clientId: `client_${randomInt(100_000, 999_999)}`,
        company: `Salon ${randomBytes(4).toString('hex')}`,
        token,
        ownerId: owner.id,
        locale: 'en' as const,
        ...overrides,
      };
      return { input, botId: id, token };
    },
    activate: (client) => plane.pool.activateBot(client.input, 'test'),
    async codeOf(step) {
      try {
        await step;
      } catch (error) {
        if (isBotpoolError(error)) return error.code;
        throw error;
      }
      return 'no failure';
    },
    deactivate: (client) => plane.pool.deactivateBot(client.input.clientId, { actor: 'test', reason: 'test' }),
    async expectGoodClient() {
      const before = (await listBots(plane.redis)).filter(({ status }) => status === 'waiting').length;
      const client = await world.newClient();
      await world.activate(client);
      await world.expectAnswer(client);
      await world.deactivate(client);
      await world.waiting(before);
    },
    async credentials(client) {
      const vault = createVault(await ownMasterKey(join(home, 'secrets/master.key')));
      const activation = await world.open(client);
      const credentials = activation === undefined ? undefined : openCredentials(vault, activation);
      if (credentials === undefined) throw new Error(`${client.input.clientId} has no credentials`);
      return credentials;
    },
    async newCustomer(client) {
      const person = await sandbox.createPerson({ name: 'Customer', languageCode: 'en' });
      return sandbox.chat(client.botId, person.id);
    },
    async expectAnswer(client) {
      const chat = await world.newCustomer(client);
      await chat.start();
      const answer = await chat.waitFor({ timeoutMs: 30_000 });
      if (answer === null) throw new Error(`${client.input.clientId} does not answer`);
    },
    tenant: (client) => getTenant(plane.database, client.input.clientId),
    open: (client) => findOpen(plane.database, client.input.clientId),
    status: async (container) => parseBotStatus(await plane.redis.get(keys.botStatus(container))),
    async waiting(count) {
      await until(`${count} bots wait`, async () => {
        const containers = await plane.engine.list({ 'botpool.role': 'pool-bot' });
        if (containers.some(({ state }) => state !== 'running')) return false;
        const bots = await listBots(plane.redis);
        return bots.filter(({ status }) => status === 'waiting').length === count;
      });
    },
    async clear() {
      await world.serversReady();
      await sandbox.clearFaults();
      const tenants = await listTenants(plane.database);
      const active = tenants.filter(({ state }) => state === 'active');
      await Promise.all(
        active.map(({ clientId }) => plane.pool.deactivateBot(clientId, { actor: 'test', reason: 'clear' })),
      );
      await world.waiting(bots);
    },
    async serversReady() {
      const lastLines = (): Promise<string> => Promise.resolve('');
      await postgresReady(plane.servers.postgres, { lastLines });
      await redisReady(plane.servers.redis, { lastLines });
    },
    async [Symbol.asyncDispose]() {
      await plane.close();
      await rm(home, { recursive: true, force: true });
    },
  };
  return world;
}
