/** The life of one pool bot: it waits, becomes one client's bot, serves, drains, and ends. It never starts over. */
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { asExpected } from '#core/errors.ts';
import { leaseHolder } from '#core/leases/lease.ts';
import { createBoxKeyPair, openSealed, sealContext } from '#core/secrets/sealed-box.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import type { Register } from '#shared/redis/keys.ts';
import { type BotConfig, botConfigSchema } from '#shared/schemas/pool.ts';
import { type RunningBot, startTenantBot } from './activation.ts';
import type { RuntimeClock } from './clock.ts';
import type { BotRuntimeConfig } from './config.ts';
import type { BotKind, KindLogger } from './kind.ts';
import { createPresence, type Presence } from './presence.ts';

/** What a pool bot is made of. */
export interface PoolBotOptions {
  readonly config: BotRuntimeConfig;
  readonly redis: Redis;
  readonly wakeRedis: Redis;
  readonly kinds: readonly BotKind[];
  /** The family of processes that it waits among: the pool unless said otherwise. */
  readonly family?: Register;
  readonly clock: RuntimeClock;
  readonly logger: KindLogger;
  /** Aborts when the process is asked to end. */
  readonly stop: AbortSignal;
}

/** Runs one pool bot until it has nothing more to do; resolves when everything is closed. */
export async function runPoolBot(options: PoolBotOptions): Promise<void> {
  const { config, redis, logger, clock } = options;
  const box = createBoxKeyPair();
  const bootId = randomUUID();
  const ending = new AbortController();
  const end = (): void => ending.abort();
  if (options.stop.aborted) return;
  options.stop.addEventListener('abort', end, { once: true });
  let bot: RunningBot | undefined;
  const presence = createPresence({
    redis,
    wakeRedis: options.wakeRedis,
    container: config.container,
    family: options.family,
    facts: {
      pool_id: config.poolId,
      container_id: config.container,
      boot_id: bootId,
      public_key: box.publicKey,
      version: config.version,
    },
    logger,
    health: () => ({
      updates: bot?.source.state.updates ?? 0,
      errors: bot?.source.state.errors ?? 0,
      memory_bytes: process.memoryUsage.rss(),
      cpu_ms: cpuMs(),
      ...(bot?.source.state.problem === undefined ? {} : { problem: bot.source.state.problem }),
    }),
    sleep: clock.sleep,
    monotonic: clock.monotonic,
    heartbeatMs: config.heartbeatMs,
    onDismissed: end,
  });
  await presence.begin();
  logger.info({ container: config.container, pool_id: config.poolId }, 'BOT CONTAINER STARTED IN WAITING MODE');
  logger.info({}, 'Waiting for configuration');
  let reason = 'stopped';
  try {
    const sealed = await waitForConfig(presence, ending.signal, (text) =>
      unseal(text, box.privateKey, options, bootId),
    );
    if (sealed === undefined) {
      reason = ending.signal.aborted ? 'stopped' : 'drained';
      return;
    }
    bot = await activate(options, presence, sealed, bootId);
    if (bot === undefined) {
      reason = 'activation failed';
      return;
    }
    reason = await serve(presence, bot, ending.signal);
    await presence.leave('draining', reason);
    logger.info({ reason }, 'draining');
    await bot.stop();
    reason = 'drained';
  } finally {
    await presence.leave(options.stop.aborted ? 'gone' : 'draining', reason);
    presence.close();
  }
}

/** Processor time of this process so far. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return Math.round((user + system) / 1_000);
}

/** Waits for a configuration that this process can open; anything else on the way is not for it. */
async function waitForConfig(
  presence: Presence,
  signal: AbortSignal,
  open: (sealed: string) => BotConfig | undefined,
): Promise<BotConfig | undefined> {
  while (!signal.aborted) {
    const word = await presence.nextWake(signal);
    if (word === 'deactivate' || word === 'drain') return undefined;
    if (word !== 'config') continue;
    const sealed = await presence.takeConfig().catch(() => null);
    const config = sealed === null ? undefined : open(sealed);
    if (config !== undefined) return config;
  }
  return undefined;
}

function unseal(
  sealed: string,
  privateKey: Parameters<typeof openSealed>[0],
  { config, logger }: PoolBotOptions,
  bootId: string,
): BotConfig | undefined {
  try {
    return botConfigSchema.parse(JSON.parse(openSealed(privateKey, sealed, sealContext(config.container, bootId))));
  } catch (error) {
    logger.warn({ err: error }, 'a configuration was not for this process');
    return undefined;
  }
}

async function activate(
  options: PoolBotOptions,
  presence: Presence,
  config: BotConfig,
  bootId: string,
): Promise<RunningBot | undefined> {
  const { logger } = options;
  const holder = leaseHolder(options.config.container, bootId, config.fence);
  const kind = options.kinds.find((one) => one.name === config.kind);
  const { client_id, activation_id, fence } = config;
  presence.beginActivation({ client_id, activation_id, fence });
  try {
    if (kind === undefined) throw new Error(`kind ${config.kind} is not part of this version`);
    const bot = await startTenantBot({ runtime: options.config, config, holder, kind, clock: options.clock, logger });
    logger.info({ client_id: config.client_id, username: bot.me.username, stages: bot.stages }, 'BOT ACTIVATED');
    const details = { username: bot.me.username, bot_id: bot.me.id, stages: bot.stages };
    await presence.acknowledgeActive({ client_id, activation_id, fence }, details);
    return bot;
  } catch (error) {
    logger.error({ err: error, client_id: config.client_id }, 'activation failed');
    const cause = asExpected(error);
    const known = isBotpoolError(cause);
    await presence.acknowledgeFailure(config.activation_id, known ? cause.code : 'storage_failed', {
      data: known ? { ...cause.data } : {},
    });
    return undefined;
  }
}

/** Serves until it is told to end, is asked to stop, or loses the right to poll; returns why. */
async function serve(presence: Presence, bot: RunningBot, stop: AbortSignal): Promise<string> {
  const until = AbortSignal.any([stop, bot.lost]);
  while (!until.aborted) {
    const word = await presence.nextWake(until);
    if (word === 'deactivate' || word === 'drain') return word;
  }
  return bot.lost.aborted ? 'lease_lost' : 'stopped';
}
