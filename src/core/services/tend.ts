/** Gives a service bot's process its configuration, and sees what became of it. Every step may be repeated or cut short. */
import type { Redis } from 'ioredis';
import { readStatuses } from '#core/pool/presence.ts';
import type { Database } from '#core/postgres/database.ts';
import { deliver } from '#core/redis/pool-scripts.ts';
import { sealContext, sealTo } from '#core/secrets/sealed-box.ts';
import type { Vault } from '#core/secrets/vault.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import { closeRedisUsers, openRedisUser, tenantLogin } from '#core/tenants/storage.ts';
import { keys, SERVICE_REGISTER } from '#shared/redis/keys.ts';
import type { BotConfig, BotStatus } from '#shared/schemas/pool.ts';
import {
  claimService,
  getServiceBot,
  openService,
  openServiceToken,
  type ServiceBot,
  type ServiceName,
  settleService,
} from './service-bots.ts';

/** What tending needs. */
export interface TendContext {
  readonly database: Database;
  readonly redis: Redis;
  readonly vault: Vault;
  readonly logger: Logger;
  readonly now: () => number;
  readonly newId: () => string;
}

/** One service bot as it is to be. */
export interface TendedBot {
  readonly name: ServiceName;
  readonly kind: 'sales' | 'master';
  readonly container: string;
}

/** How a bot stands: `absent` when no process of it beats. */
export type TendedState = 'absent' | 'waiting' | 'starting' | 'serving' | 'without a token';

/** A token that Telegram refused is not tried again at once; a new one is. */
const REFUSED_PAUSE_MS = 15_000;
const OLDER_FENCES = 5;

/** Looks after one bot once. */
export async function tendServiceBot(context: TendContext, tended: TendedBot): Promise<TendedState> {
  const [[status], bot] = await Promise.all([
    readStatuses(context.redis, [tended.container]),
    getServiceBot(context.database, tended.name),
  ]);
  if (bot.tokenSealed === null) return 'without a token';
  if (status === undefined) return 'absent';
  if (status.status === 'waiting') return await begin(context, tended, bot, status);
  if (status.activation_id !== bot.activationId) {
    // It serves under an older fence, whose logins have ended: it is sent home.
    await sendHome(context, status);
    return 'absent';
  }
  return await settle(context, bot, status);
}

async function begin(
  context: TendContext,
  tended: TendedBot,
  before: ServiceBot,
  status: BotStatus,
): Promise<TendedState> {
  if (before.outcome !== null && before.state === 'failed') {
    if (context.now() - before.changedAt.getTime() < REFUSED_PAUSE_MS) return 'waiting';
  }
  const { container_id: container, boot_id: bootId } = status;
  await claimService(context.database, tended.name, { activationId: context.newId(), container, bootId });
  const bot = await getServiceBot(context.database, tended.name);
  if (bot.bootId !== bootId || bot.state !== 'claimed') return 'waiting';
  await closeRedisUsers(context.redis, olderLogins(bot));
  const credentials = await openService(context.database, context.vault, bot);
  await openRedisUser(context.redis, bot.name, credentials, bot.tokenFingerprint ?? '');
  const config = configOf(context, tended, bot, credentials);
  const sealed = sealTo(status.public_key, JSON.stringify(config), sealContext(container, bootId));
  const delivery = { container, bootId, activationId: bot.activationId ?? '', clientId: bot.name, fence: bot.fence };
  const answer = await deliver(context.redis, { ...delivery, sealed }, SERVICE_REGISTER);
  context.logger.info({ bot: bot.name, fence: bot.fence, answer }, 'a service bot was given its configuration');
  return 'starting';
}

function configOf(
  context: TendContext,
  tended: TendedBot,
  bot: ServiceBot,
  credentials: { readonly login: string; readonly postgresPassword: string; readonly redisPassword: string },
): BotConfig {
  return {
    activation_id: bot.activationId ?? '',
    client_id: bot.name,
    fence: bot.fence,
    kind: tended.kind,
    company: 'Botpool',
    locale: 'ru',
    time_zone: 'Europe/Moscow',
    owner_id: 0,
    token: openServiceToken(context.vault, bot) ?? '',
    token_fingerprint: bot.tokenFingerprint ?? '',
    // Whoever wrote while it was away wanted to buy: nothing is dropped.
    drop_pending_updates: false,
    postgres: { user: credentials.login, password: credentials.postgresPassword },
    redis: { user: credentials.login, password: credentials.redisPassword },
  };
}

async function settle(context: TendContext, bot: ServiceBot, status: BotStatus): Promise<TendedState> {
  const outcome = status.status === 'active' ? 'active' : status.outcome;
  if (outcome !== undefined && bot.state === 'claimed') {
    const { username, bot_id: botId } = status.details ?? {};
    if (await settleService(context.database, bot, outcome, { username, botId })) {
      const log = outcome === 'active' ? context.logger.info : context.logger.warn;
      log.call(context.logger, { bot: bot.name, fence: bot.fence, outcome, username }, 'a service bot has started');
    }
  }
  return status.status === 'active' ? 'serving' : 'starting';
}

async function sendHome(context: TendContext, status: BotStatus): Promise<void> {
  const wake = keys.botWake(status.container_id);
  await context.redis.multi().rpush(wake, `drain ${status.boot_id}`).pexpire(wake, 30_000).exec();
}

function olderLogins(bot: ServiceBot): string[] {
  const fences = Array.from({ length: OLDER_FENCES }, (_unused, index) => bot.fence - 1 - index);
  return fences.filter((fence) => fence > 0).map((fence) => tenantLogin(bot.name, fence));
}
