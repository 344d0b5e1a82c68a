/** The environment of a bot process, parsed once. */
import * as z from 'zod';
import { limitVariables, parseEnvironment, portVariable } from '#core/config/environment.ts';
import { LOG_LEVELS } from '#core/telemetry/logger.ts';
import { HEARTBEAT_MS } from '#shared/redis/keys.ts';
import type { KindLimits } from './kind.ts';

const schema = z.object({
  BOT_POOL_ID: z.coerce.number().int().min(1),
  CONTAINER_NAME: z.string().min(1).optional(),
  REDIS_HOST: z.string().default('127.0.0.1'),
  REDIS_PORT: portVariable.default(6379),
  REDIS_USERNAME: z.string().min(1),
  REDIS_PASSWORD: z.string().min(1),
  POSTGRES_HOST: z.string().default('127.0.0.1'),
  POSTGRES_PORT: portVariable.default(5432),
  POSTGRES_DB: z.string().default('booking_saas'),
  POSTGRES_REHEARSAL_PASSWORD: z.string().optional(),
  TELEGRAM_API_ROOT: z.url().default('https://api.telegram.org'),
  /** How often a bot says that it lives; its status lapses after 30 s. */
  BOT_HEARTBEAT_SECONDS: z.coerce
    .number()
    .min(0.1)
    .max(25)
    .default(HEARTBEAT_MS / 1_000),
  BOT_VERSION: z.string().default('dev'),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  ...limitVariables,
});

/** Where one bot process stands and what it may reach. */
export interface BotRuntimeConfig {
  readonly poolId: number;
  readonly container: string;
  readonly version: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly telegramApiRoot: string;
  readonly heartbeatMs: number;
  readonly redis: {
    readonly host: string;
    readonly port: number;
    readonly username: string;
    readonly password: string;
  };
  readonly postgres: { readonly host: string; readonly port: number; readonly database: string };
  readonly limits: KindLimits;
  /** Password of the login under which it may rehearse; without one it does not. */
  readonly rehearsalPassword: string | undefined;
}

/** Parses the environment of a bot process. Fails with `config_invalid`. */
export function parseBotRuntimeConfig(environment: Readonly<Record<string, string | undefined>>): BotRuntimeConfig {
  const env = parseEnvironment(schema, environment);
  return {
    poolId: env.BOT_POOL_ID,
    container: env.CONTAINER_NAME ?? `booking-bot-pool-${env.BOT_POOL_ID}`,
    version: env.BOT_VERSION,
    logLevel: env.LOG_LEVEL,
    heartbeatMs: env.BOT_HEARTBEAT_SECONDS * 1_000,
    telegramApiRoot: env.TELEGRAM_API_ROOT.replace(/\/$/, ''),
    redis: {
      host: env.REDIS_HOST,
      port: env.REDIS_PORT,
      username: env.REDIS_USERNAME,
      password: env.REDIS_PASSWORD,
    },
    postgres: { host: env.POSTGRES_HOST, port: env.POSTGRES_PORT, database: env.POSTGRES_DB },
    rehearsalPassword: env.POSTGRES_REHEARSAL_PASSWORD,
    limits: {
      maxBookingsPerUser: env.MAX_BOOKINGS_PER_USER,
      cancellationHours: env.CANCELLATION_HOURS,
      workHoursStart: env.WORK_HOURS_START,
      workHoursEnd: env.WORK_HOURS_END,
      rateLimitMessageSeconds: env.RATE_LIMIT_MESSAGE,
      rateLimitCallbackSeconds: env.RATE_LIMIT_CALLBACK,
    },
  };
}
