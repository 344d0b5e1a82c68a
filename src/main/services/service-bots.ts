/** The containers of the installation's own bots: made, kept alive, and given their tokens. */
import type { Redis } from 'ioredis';
import type { Leadership } from '#core/leadership/leadership.ts';
import type { Database } from '#core/postgres/database.ts';
import type { Vault } from '#core/secrets/vault.ts';
import {
  getServiceBot,
  openService,
  openServiceCredentials,
  type ServiceName,
  storeServiceToken,
} from '#core/services/service-bots.ts';
import { type TendContext, type TendedBot, type TendedState, tendServiceBot } from '#core/services/tend.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import { listRedisUsers, openRedisUser } from '#core/tenants/storage.ts';
import { SERVICE_REGISTER } from '#shared/redis/keys.ts';
import type { Engine } from '../engine/engine.ts';
import { type BotRole, roleArgs } from '../stack/bot-runtime-program.ts';
import { containerRules } from '../stack/pool-bots.ts';

/** What the service bots are made of. */
export interface ServiceBotsOptions {
  readonly engine: Pick<Engine, 'list' | 'create' | 'start' | 'kill'>;
  readonly leadership: Pick<Leadership, 'whileLeading'>;
  readonly database: Database;
  readonly redis: Redis;
  readonly vault: Vault;
  readonly logger: Logger;
  readonly clock: { now(): number; sleep(ms: number, signal: AbortSignal): Promise<void> };
  readonly newId: () => string;
  readonly project: string;
  /** Variables that each of them gets: where PostgreSQL, Redis and Telegram are, who the operators are. No secret. */
  readonly env: Readonly<Record<string, string>>;
  /** Those without a token are not run. */
  readonly tokens: Readonly<Partial<Record<ServiceName, string>>>;
}

/** The running service bots. */
export interface ServiceBots {
  /** How each one stands, as the last look found it. */
  states(): ReadonlyMap<ServiceName, TendedState>;
  /** Its username, once Telegram has told it. */
  username(name: ServiceName): Promise<string | undefined>;
  close(): Promise<void>;
}

const BOTS: readonly (TendedBot & { readonly role: BotRole })[] = [
  { name: 'sales_bot', kind: 'sales', container: 'booking-bot-sales', role: 'sales-bot' },
  { name: 'master_bot', kind: 'master', container: 'booking-bot-master', role: 'master-bot' },
];

const ROUND_MS = { eager: 200, calm: 2_000 } as const;
/** A process that has said nothing for so long, although its container runs, is frozen. */
const FROZEN_MS = 45_000;

/** Sees to it that the bots that have a token run, as long as this control plane leads and until it is closed. */
export function startServiceBots(options: ServiceBotsOptions): ServiceBots {
  const { logger, clock, newId, database, redis, vault } = options;
  const context: TendContext = { database, redis, vault, logger, now: clock.now, newId };
  const wanted = BOTS.filter(({ name }) => options.tokens[name] !== undefined);
  const states = new Map<ServiceName, TendedState>();
  const seen = new Map<string, number>();
  const tend = async (bot: (typeof BOTS)[number]): Promise<void> => {
    await healUsers(options, bot);
    const state = await tendServiceBot(context, bot);
    states.set(bot.name, state);
    await endFrozen(options, bot, state, seen);
  };
  const lead = async ({ signal }: { readonly signal: AbortSignal }): Promise<void> => {
    for (const bot of wanted) {
      await storeServiceToken(database, vault, bot.name, options.tokens[bot.name] ?? '');
      await makeContainer(options, bot);
    }
    while (!signal.aborted) {
      for (const bot of wanted) {
        await tend(bot).catch((error: unknown) => {
          if (!signal.aborted) logger.warn({ err: error, bot: bot.name }, 'a service bot was not looked after');
        });
      }
      const calm = wanted.every(({ name }) => states.get(name) === 'serving');
      await clock.sleep(calm ? ROUND_MS.calm : ROUND_MS.eager, signal);
    }
  };
  const stop = wanted.length === 0 ? undefined : options.leadership.whileLeading('service bots', lead);
  return {
    states: () => states,
    username: async (name) => (await getServiceBot(database, name)).botUsername ?? undefined,
    close: async () => await stop?.(),
  };
}

async function openContainerUser(options: ServiceBotsOptions, container: string): Promise<void> {
  const rules = containerRules(container, options.vault.derivePassword(`redis ${container}`), SERVICE_REGISTER);
  await options.redis.call('ACL', 'SETUSER', container, ...rules);
}

async function makeContainer(options: ServiceBotsOptions, bot: (typeof BOTS)[number]): Promise<void> {
  const { engine, vault } = options;
  const service = bot.container.replace('booking-', '');
  await openContainerUser(options, bot.container);
  const labels = { 'com.docker.compose.project': options.project, 'com.docker.compose.service': service };
  const present = (await engine.list(labels)).some(({ name }) => name === bot.container);
  if (!present) {
    await engine.create({
      name: bot.container,
      image: 'bot-runtime',
      args: roleArgs(bot.role),
      labels: { ...labels, 'botpool.role': bot.role },
      env: {
        ...options.env,
        BOT_POOL_ID: '1',
        CONTAINER_NAME: bot.container,
        REDIS_USERNAME: bot.container,
        REDIS_PASSWORD: vault.derivePassword(`redis ${bot.container}`),
      },
      restart: 'unless-stopped',
    });
  }
  await engine.start(bot.container);
}

/** A restarted Redis has forgotten its users: those of the container, and those of the fence that serves. */
async function healUsers(options: ServiceBotsOptions, tended: TendedBot): Promise<void> {
  const known = await listRedisUsers(options.redis);
  if (!known.has(tended.container)) await openContainerUser(options, tended.container);
  const bot = await getServiceBot(options.database, tended.name);
  const credentials = openServiceCredentials(options.vault, bot);
  if (credentials === undefined || known.has(credentials.login)) return;
  await openService(options.database, options.vault, bot);
  await openRedisUser(options.redis, bot.name, credentials, bot.tokenFingerprint ?? '');
}

async function endFrozen(
  options: ServiceBotsOptions,
  { container }: TendedBot,
  state: TendedState,
  seen: Map<string, number>,
): Promise<void> {
  const now = options.clock.now();
  if (state !== 'absent') seen.set(container, now);
  const since = seen.get(container) ?? now;
  seen.set(container, since);
  if (now - since < FROZEN_MS) return;
  seen.set(container, now);
  options.logger.warn({ container }, 'a service bot has said nothing for too long; its process is ended');
  await options.engine.kill(container, 'SIGKILL').catch(() => undefined);
}
