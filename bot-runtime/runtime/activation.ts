/** Turns a sealed configuration into a running bot: verified, leased, stored, polling. What fails has a code. */
import { autoRetry } from '@grammyjs/auto-retry';
import { Bot, BotError, type Context, GrammyError, HttpError, type Transformer } from 'grammy';
import type { Update, UserFromGetMe } from 'grammy/types';
import { isLoginRefused, isPostgresAway, isRedisAway } from '#core/errors.ts';
import { type Lease, takeLease, type Vouch } from '#core/leases/lease.ts';
import { type Database, openDatabase } from '#core/postgres/database.ts';
import { type Listener, listen } from '#core/postgres/listener.ts';
import { openRedis } from '#core/redis/connection.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { keys } from '#shared/redis/keys.ts';
import type { BotConfig, StageTimings } from '#shared/schemas/pool.ts';
import type { ActivationStage } from '#shared/state/tenant-state.ts';
import type { RuntimeClock } from './clock.ts';
import type { BotRuntimeConfig } from './config.ts';
import { isTelegramAway } from './dialog/screen.ts';
import { createHandledUpdates } from './handled-updates.ts';
import type { BotKind, KindInstance, KindLogger, UpdateType } from './kind.ts';
import { createSendBudget } from './send-budget.ts';
import { createTelegramTransport } from './telegram-transport.ts';
import { startUpdateSource, type UpdateSource } from './update-source.ts';

/** A bot that serves its tenant. */
export interface RunningBot {
  readonly me: UserFromGetMe;
  readonly stages: StageTimings;
  readonly source: UpdateSource;
  /** Aborts when the right to poll is lost: the process must end. */
  readonly lost: AbortSignal;
  /** Stops polling, waits for the handlers, confirms, closes everything, gives the lease up. */
  stop(): Promise<void>;
}

/** What an activation is made of. */
export interface ActivationOptions {
  readonly runtime: BotRuntimeConfig;
  readonly config: BotConfig;
  readonly holder: string;
  readonly kind: BotKind;
  readonly clock: RuntimeClock;
  readonly logger: KindLogger;
}

/** Another holder's lease ends after 15 s at the latest, when it is dead. */
const LEASE_WAIT_MS = 18_000;
const INTRODUCE_AFTER_MS = 1_000;
const GET_ME_TRIES = 3;
const GET_ME_MS = 6_000;
const MAX_CONNECTIONS = 3;
/** A statement of a bot takes milliseconds; what takes longer waits for a server that is away, or for a lock. */
const STATEMENT_MS = 5_000;
/** How often a statement of one update may be cancelled before the update itself is blamed. */
const CANCELLED_TRIES = 3;
/** How often an update may be answered anew because Telegram wants to hear less of the bot. */
const FLOOD_TRIES = 5;
/**
 * How often an update is answered anew because the answer did not reach Telegram: a good five minutes. One whose answer
 * breaks every connection must not hold up its chat for ever.
 */
const AWAY_TRIES = 64;
const ALLOWED_UPDATES = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const;

/** Starts a tenant's bot. Fails with a code of the failure table, and then leaves nothing behind. */
export async function startTenantBot(options: ActivationOptions): Promise<RunningBot> {
  const { runtime, config, clock, logger } = options;
  const stages: StageTimings = {};
  const begun = clock.monotonic();
  const stamp = <T>(stage: ActivationStage, step: Promise<T>): Promise<T> =>
    step.then((result) => {
      stages[stage] = Math.round((clock.monotonic() - begun) * 10) / 10;
      return result;
    });
  const bot = new Bot<Context>(config.token, {
    client: { apiRoot: runtime.telegramApiRoot, timeoutSeconds: 40, fetch: createTelegramTransport() },
  });
  const budget = createSendBudget({ now: clock.now, sleep: clock.sleep });
  bot.api.config.use(budget.transformer);
  bot.api.config.use(retryFailures());
  const database = openTenantDatabase(options);
  const redis = openRedis({
    host: runtime.redis.host,
    port: runtime.redis.port,
    username: config.redis.user,
    password: config.redis.password,
    name: `${runtime.container}-${config.client_id}`,
    onError: (error) => logger.warn({ err: error }, 'the tenant connection to Redis broke'),
  });
  const vouch = (): ReturnType<Vouch> => vouchByLogin(database);
  const listeners: Listener[] = [];
  const undoing = new AbortController();
  const asked = takeLease(redis, config.token_fingerprint, options.holder, clock, LEASE_WAIT_MS, {
    vouch,
    signal: undoing.signal,
  });
  const leasing = stamp('leased', asked);
  leasing.catch(() => undefined);
  let lease: Lease | undefined;
  const undo = async (): Promise<void> => {
    undoing.abort();
    const late = await leasing.catch(() => undefined);
    await (lease ?? late)?.drop();
    await Promise.all(listeners.map((listener) => listener.close()));
    redis.disconnect();
    await database.close().catch(() => undefined);
  };
  try {
    const [me, taken] = await Promise.all([
      stamp('verified', verifyToken(bot, clock)),
      leasing,
      stamp('storage', checkStorage(database)),
    ]);
    if (taken === undefined) throw new BotpoolError('token_in_use', {});
    lease = taken;
    await bot.api.deleteWebhook({ drop_pending_updates: config.drop_pending_updates }).catch(asTelegramFailure);
    bot.botInfo = me;
    const instance = options.kind.install(bot, {
      tenant: {
        clientId: config.client_id,
        company: config.company,
        ownerId: config.owner_id,
        locale: config.locale,
        timeZone: config.time_zone,
      },
      limits: runtime.limits,
      database,
      redis,
      redisPrefix: keys.tenantPrefix(config.client_id),
      logger,
      now: clock.now,
      sleep: clock.sleep,
      spare: budget.spare,
      listen: (channels, heard) => {
        const listener = listen({
          ...runtime.postgres,
          ...config.postgres,
          applicationName: `${runtime.container} listens`,
          channels,
          onSignal: heard,
          onReady: () => heard(undefined, undefined),
          sleep: clock.sleep,
          onTrouble: (error) => logger.warn({ err: error }, 'the connection that listens broke; trying again'),
        });
        listeners.push(listener);
        return listener;
      },
    });
    const handled = createHandledUpdates(redis, keys.tenantPrefix(config.client_id), (error) =>
      logger.warn({ err: error }, 'Redis could not tell which updates were handled'),
    );
    const revoked = new AbortController();
    const source = startUpdateSource({
      fetch: (offset, timeout, signal) => fetchUpdates(bot, options.kind.updates ?? [], offset, timeout, signal),
      handle: (update) => bot.handleUpdate(update),
      handledBefore: handled.before,
      noteHandled: handled.note,
      isPassing: (error, failures) => {
        const cause = error instanceof BotError ? error.error : error;
        if (isLoginRefused(cause)) revoked.abort();
        if (isPostgresAway(cause) || isRedisAway(cause)) return true;
        if (isFlood(cause)) return failures < FLOOD_TRIES;
        if (isTelegramAway(cause)) return failures < AWAY_TRIES;
        return isCancelled(cause) && failures < CANCELLED_TRIES;
      },
      storageAnswers: async () => (await vouch()) !== 'unknown',
      mayPoll: () => taken.valid() && !revoked.signal.aborted,
      sleep: clock.sleep,
      logger,
    });
    await stamp('polling', Promise.resolve());
    const introduction = introduceLater(instance, clock, logger);
    const lost = AbortSignal.any([taken.lost, revoked.signal]);
    return running({ me, stages, source, lost }, taken, instance, async () => {
      introduction.abort();
      await Promise.all(listeners.map((listener) => listener.close()));
      redis.disconnect();
      await database.close();
    });
  } catch (error) {
    await undo();
    throw error;
  }
}

/** PostgreSQL's word on whether a later fence has ended this one. */
async function vouchByLogin(database: Database): ReturnType<Vouch> {
  try {
    await database.query('SELECT 1');
    return 'mine';
  } catch (error) {
    return isLoginRefused(error) ? 'over' : 'unknown';
  }
}

/** True when Telegram wants to be left alone for longer than a call waits. */
function isFlood(error: unknown): boolean {
  return error instanceof GrammyError && error.error_code === 429;
}

/** True when PostgreSQL ended a statement that took too long. */
function isCancelled(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '57014';
}

function running(
  bot: Omit<RunningBot, 'stop'>,
  lease: Lease,
  instance: KindInstance,
  close: () => Promise<void>,
): RunningBot {
  return {
    ...bot,
    async stop() {
      await bot.source.stop(lease.valid() && !bot.lost.aborted);
      await instance.close();
      await lease.drop();
      await close();
    },
  };
}

function openTenantDatabase({ runtime, config, logger }: ActivationOptions): Database {
  return openDatabase({
    ...runtime.postgres,
    user: config.postgres.user,
    password: config.postgres.password,
    max: MAX_CONNECTIONS,
    applicationName: runtime.container,
    idleTimeoutMs: 30_000,
    statementTimeoutMs: STATEMENT_MS,
    prepare: true,
    onIdleError: (error) => logger.warn({ err: error }, 'an idle connection to PostgreSQL broke'),
  });
}

async function fetchUpdates(
  bot: Bot,
  more: readonly UpdateType[],
  offset: number,
  timeout: number,
  signal: AbortSignal,
): Promise<readonly Update[]> {
  const call = { offset, timeout, limit: 100, allowed_updates: [...ALLOWED_UPDATES, ...more] };
  return await bot.api.getUpdates(call, asGrammySignal(signal));
}

/** Waits as Telegram asks for when it wants to hear less. Polls are left alone: their loop backs off by itself and must stay abortable. */
function retryFailures(): Transformer {
  const retry = autoRetry({
    ...{ maxRetryAttempts: 3, maxDelaySeconds: 20 },
    // What comes of these the update source sees to, sooner and for longer.
    ...{ rethrowHttpErrors: true, rethrowInternalServerErrors: true },
  });
  return (previous, method, payload, signal) =>
    method === 'getUpdates' || method === 'getMe'
      ? previous(method, payload, signal)
      : retry(previous, method, payload, signal);
}

/** Command lists and the like wait until the first customer, who may be here already, has an answer. */
function introduceLater(instance: KindInstance, clock: RuntimeClock, logger: KindLogger): AbortController {
  const over = new AbortController();
  const introduce = async (): Promise<void> => {
    await clock.sleep(INTRODUCE_AFTER_MS, over.signal);
    if (!over.signal.aborted) await instance.onStarted();
  };
  introduce().catch((error: unknown) => logger.warn({ err: error }, 'the bot could not introduce itself'));
  return over;
}

/** grammY types its signals by a polyfill; in Node it takes the built-in ones. */
function asGrammySignal(signal: AbortSignal): NonNullable<Parameters<Bot['api']['getUpdates']>[1]> {
  return signal as unknown as NonNullable<Parameters<Bot['api']['getUpdates']>[1]>;
}

/** Asks Telegram who the token is; passing trouble is tried again, a refusal is not. */
async function verifyToken(bot: Bot, clock: RuntimeClock): Promise<UserFromGetMe> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await bot.api.getMe(asGrammySignal(AbortSignal.timeout(GET_ME_MS)));
    } catch (error) {
      if (isRefusal(error) || attempt === GET_ME_TRIES) return asTelegramFailure(error);
      await clock.sleep(250 * 2 ** attempt);
    }
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof GrammyError && [401, 403, 404].includes(error.error_code);
}

function asTelegramFailure(error: unknown): never {
  if (isRefusal(error)) throw new BotpoolError('token_invalid', {}, { cause: error });
  if (error instanceof GrammyError || error instanceof HttpError) {
    throw new BotpoolError('telegram_unreachable', {}, { cause: error });
  }
  throw error;
}

async function checkStorage(database: Database): Promise<void> {
  try {
    await database.query('SELECT 1 FROM settings LIMIT 1');
  } catch (error) {
    const cause = isPostgresAway(error)
      ? new BotpoolError('postgres_unreachable', { address: 'PostgreSQL' }, { cause: error })
      : error;
    throw new BotpoolError('storage_failed', {}, { cause });
  }
}
