/** The configuration of a control plane: `.env` of the project below the process's own variables, parsed once. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import * as z from 'zod';
import { limitVariables, parseEnvironment, portVariable } from '#core/config/environment.ts';
import { DROP_PENDING_POLICIES } from '#core/pool/claim.ts';
import { LOG_LEVELS } from '#core/telemetry/logger.ts';

const schema = z.object({
  /** Folder for data, secrets, logs; below the project unless said otherwise. */
  BOTPOOL_HOME: z.string().optional(),
  COMPOSE_PROJECT_NAME: z.string().default('botpool'),
  /** What runs the containers: Docker where one answers, child processes otherwise, unless it is said. */
  ENGINE: z.enum(['auto', 'docker', 'process']).default('auto'),
  /** How many bots the pool is made of. */
  POOL_BOTS: z.coerce.number().int().min(0).max(500).default(10),
  /** The real Telegram, or a Bot API server of one's own. Without it, and without tokens, the sandbox plays Telegram. */
  TELEGRAM_API_ROOT: z.url().optional(),
  BOT_TOKEN_SALES: z.string().optional(),
  BOT_TOKEN_MASTER: z.string().optional(),
  DROP_PENDING_UPDATES: z.enum(DROP_PENDING_POLICIES).default('first-start'),
  ACTIVATION_TIMEOUT_SECONDS: z.coerce.number().min(1).default(30),
  SPARE_SCHEMAS: z.coerce.number().int().min(0).max(200).default(10),
  POSTGRES_PORT: portVariable.default(15432),
  REDIS_PORT: portVariable.default(16379),
  SANDBOX_PORT: portVariable.default(18081),
  PANEL_PORT: portVariable.default(17373),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  ...limitVariables,
});

/** What a control plane is told by its environment. */
export interface HostConfig {
  readonly home: string;
  readonly project: string;
  readonly engine: 'auto' | 'docker' | 'process';
  readonly poolBots: number;
  /** `undefined`: the sandbox plays Telegram. */
  readonly telegramApiRoot: string | undefined;
  readonly dropPending: (typeof DROP_PENDING_POLICIES)[number];
  readonly activationTimeoutMs: number;
  readonly spares: number;
  /** Preferred ports on loopback; a taken one is replaced by a free one. */
  readonly ports: {
    readonly postgres: number;
    readonly redis: number;
    readonly sandbox: number;
    readonly panel: number;
  };
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Handed on to every bot. */
  readonly limitEnv: Readonly<Record<string, string>>;
  readonly limits: { readonly workHoursStart: number; readonly workHoursEnd: number };
}

const TELEGRAM = 'https://api.telegram.org';

/** Reads `.env` of this folder and the given variables, which win unless empty. Fails with `config_invalid`. */
export function readHostConfig(
  projectFolder: string,
  environment: Readonly<Record<string, string | undefined>>,
): HostConfig {
  const file = join(projectFolder, '.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const env = parseEnvironment(schema, { ...withoutEmpty(fromFile), ...withoutEmpty(environment) });
  const hasTokens = env.BOT_TOKEN_SALES !== undefined || env.BOT_TOKEN_MASTER !== undefined;
  const limitNames = Object.keys(limitVariables) as (keyof typeof limitVariables)[];
  return {
    home: env.BOTPOOL_HOME ?? join(projectFolder, '.botpool'),
    project: env.COMPOSE_PROJECT_NAME,
    engine: env.ENGINE,
    poolBots: env.POOL_BOTS,
    telegramApiRoot: env.TELEGRAM_API_ROOT ?? (hasTokens ? TELEGRAM : undefined),
    dropPending: env.DROP_PENDING_UPDATES,
    activationTimeoutMs: env.ACTIVATION_TIMEOUT_SECONDS * 1_000,
    spares: env.SPARE_SCHEMAS,
    ports: { postgres: env.POSTGRES_PORT, redis: env.REDIS_PORT, sandbox: env.SANDBOX_PORT, panel: env.PANEL_PORT },
    logLevel: env.LOG_LEVEL,
    limitEnv: Object.fromEntries(limitNames.map((name) => [name, String(env[name])])),
    limits: { workHoursStart: env.WORK_HOURS_START, workHoursEnd: env.WORK_HOURS_END },
  };
}

/** `NAME=` means: not set. */
function withoutEmpty(variables: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
}
