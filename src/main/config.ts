/** The configuration of a control plane: `.env` of the project below the process's own variables, parsed once. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import * as z from 'zod';
import { limitVariables, parseEnvironment, portVariable } from '#core/config/environment.ts';
import { DROP_PENDING_POLICIES } from '#core/pool/claim.ts';
import { LOG_LEVELS } from '#core/telemetry/logger.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';

/** The project of an installation that does not name one. */
const PROJECT = 'botpool';

const schema = z.object({
  /** Folder for data, secrets, logs; below the project unless said otherwise. */
  BOTPOOL_HOME: z.string().optional(),
  COMPOSE_PROJECT_NAME: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]*$/, 'expected small letters, digits, - and _')
    .default(PROJECT),
  /** Begins the names of containers and networks on Docker. Default: `booking`, or the project's name when it is another. */
  STACK_PREFIX: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]*$/, 'expected small letters, digits, - and _')
    .optional(),
  /** What runs the containers: Docker where one answers, child processes otherwise, unless it is said. */
  ENGINE: z.enum(['auto', 'docker', 'process']).default('auto'),
  /** How many bots the pool has when nobody needs more. */
  POOL_BOTS: z.coerce.number().int().min(0).max(500).default(10),
  /** `off`: the pool keeps the size that it is given. */
  AUTOSCALER: z.enum(['on', 'off']).default('on'),
  /** Fewer waiting bots than this, and so many more are started. */
  MIN_FREE_BOTS: z.coerce.number().int().min(0).max(1_000).default(3),
  SCALE_BATCH: z.coerce.number().int().min(1).max(100).default(5),
  /** Seconds between two looks at the pool when nothing happens; events are heard at once. */
  CHECK_INTERVAL: z.coerce.number().min(1).max(3_600).default(30),
  /** Seconds for which bots must have been too many before some are removed. */
  SCALE_DOWN_AFTER: z.coerce.number().min(0).max(604_800).default(600),
  /** How many it may ever have. */
  MAX_TOTAL_BOTS: z.coerce.number().int().min(0).max(5_000).default(100),
  /** The real Telegram, or a Bot API server of one's own. Without it, and without tokens, the sandbox plays Telegram. */
  TELEGRAM_API_ROOT: z.url().optional(),
  BOT_TOKEN_SALES: z.string().optional(),
  BOT_TOKEN_MASTER: z.string().optional(),
  /** Whether the installation's own bots run here: they do when they have tokens, and in the simulated Telegram. */
  SERVICE_BOTS: z.enum(['on', 'off']).default('on'),
  /** Telegram ids of the operators, for whom alone the Master Bot works; separated by commas or spaces. */
  ADMIN_IDS_MASTER: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(/[\s,]+/)
        .filter((id) => id !== '')
        .map(Number),
    )
    .pipe(z.array(z.number('expected Telegram ids, such as 123456789').int().positive())),
  /** Whom buyers write to when the Sales Bot cannot help, with or without the @. */
  SUPPORT_USERNAME: z
    .string()
    .regex(/^@?[A-Za-z]\w{3,31}$/, 'expected a Telegram username')
    .transform((name) => name.replace(/^@/, ''))
    .optional(),
  DROP_PENDING_UPDATES: z.enum(DROP_PENDING_POLICIES).default('first-start'),
  ACTIVATION_TIMEOUT_SECONDS: z.coerce.number().min(1).default(30),
  SPARE_SCHEMAS: z.coerce.number().int().min(0).max(200).default(10),
  POSTGRES_PORT: portVariable.default(15432),
  REDIS_PORT: portVariable.default(16379),
  SANDBOX_PORT: portVariable.default(18081),
  PANEL_PORT: portVariable.default(17373),
  /** Where providers call, and where the gateway says how it is. */
  GATEWAY_PORT: portVariable.default(9000),
  GATEWAY_HEALTH_PORT: portVariable.default(9001),
  /** Any address but loopback needs TLS and an administrator who can sign in. */
  PANEL_ADDRESS: z.string().default('127.0.0.1'),
  /** Under which address others reach the panel, for instance through a proxy. */
  PANEL_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  PANEL_TLS_CERT: z.string().optional(),
  PANEL_TLS_KEY: z.string().optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  /** A public key of age: backups are encrypted to it and to a key of this installation. */
  BACKUP_AGE_RECIPIENT: z
    .string()
    .regex(/^age1[a-z0-9]+$/, 'expected a public key of age, age1…')
    .optional(),
  /** Where copies of backups go: a bucket of S3, or of anything that speaks its protocol. */
  BACKUP_S3_BUCKET: z.string().min(3).optional(),
  /** Without one it is Amazon's own. */
  BACKUP_S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  BACKUP_S3_REGION: z.string().default('us-east-1'),
  BACKUP_S3_ACCESS_KEY: z.string().optional(),
  BACKUP_S3_SECRET_KEY: z.string().optional(),
  /** Begins every name in the bucket. */
  BACKUP_S3_PREFIX: z
    .string()
    .regex(/^[\w./-]*$/, 'expected letters, digits, and . _ / -')
    .default('botpool/'),
  /** `on`: the bucket stands in the path. Default: on with an endpoint of one's own. */
  BACKUP_S3_FORCE_PATH_STYLE: z.enum(['on', 'off']).optional(),
  /** Hours: an older newest backup is late. */
  BACKUP_PROMISED_HOURS: z.coerce.number().min(1).max(8_760).default(26),
  /** The shop at YooKassa. Without it the sandbox's shop is used, where the sandbox plays Telegram. */
  YOOKASSA_SHOP_ID: z.string().optional(),
  YOOKASSA_SECRET_KEY: z.string().optional(),
  YOOKASSA_API_ROOT: z.url({ protocol: /^https?$/ }).default('https://api.yookassa.ru/v3'),
  /** Codes of YooKassa for receipts: 1 is “without VAT”. */
  RECEIPT_VAT_CODE: z.coerce.number().int().min(1).max(12).default(1),
  RECEIPT_TAX_SYSTEM: z.coerce.number().int().min(1).max(6).optional(),
  /** Days for which a bot goes on after its paid period has ended. */
  GRACE_DAYS: z.coerce.number().min(0).max(90).default(3),
  ...limitVariables,
});

/** Every variable of a host. */
export const HOST_VARIABLES: readonly string[] = Object.keys(schema.shape);

/** Fails with `config_invalid` when a host could not start with these variables. */
export function checkHostVariables(variables: Readonly<Record<string, string>>): void {
  targetOf(parseEnvironment(schema, variables));
}

/** A bucket for copies of backups. `prefix` ends with `/`, or is empty. */
export interface BackupTarget {
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly pathStyle: boolean;
}

/** What a control plane is told by its environment. */
export interface HostConfig {
  /** The folder of `.env`. */
  readonly projectFolder: string;
  readonly home: string;
  readonly project: string;
  /** Begins the names of containers and networks on Docker. */
  readonly prefix: string;
  readonly engine: 'auto' | 'docker' | 'process';
  readonly poolBots: number;
  /** How many bots the pool may ever have; at least `poolBots`. */
  readonly maxTotalBots: number;
  /** What the autoscaler does until an operator sets a policy. */
  readonly autoscaler: {
    readonly enabled: boolean;
    readonly minFree: number;
    readonly batch: number;
    readonly checkMs: number;
    readonly coolDownMs: number;
  };
  /** `undefined`: the sandbox plays Telegram. */
  readonly telegramApiRoot: string | undefined;
  readonly serviceBots: boolean;
  /** The tokens of the installation's own bots; in the simulated Telegram they are made when there are none. */
  readonly serviceTokens: { readonly sales_bot: string | undefined; readonly master_bot: string | undefined };
  readonly operatorIds: readonly number[];
  readonly supportUsername: string | undefined;
  readonly dropPending: (typeof DROP_PENDING_POLICIES)[number];
  readonly activationTimeoutMs: number;
  readonly spares: number;
  /** Preferred ports on loopback; a taken one is replaced by a free one. */
  readonly ports: {
    readonly postgres: number;
    readonly redis: number;
    readonly sandbox: number;
    readonly panel: number;
    readonly gateway: number;
    readonly gatewayHealth: number;
  };
  /** Where the panel answers. `tls`: PEM texts. */
  readonly panel: {
    readonly address: string;
    readonly publicUrl: URL | undefined;
    readonly tls: { readonly cert: string; readonly key: string } | undefined;
  };
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly backups: {
    readonly recipient: string | undefined;
    readonly promisedHours: number;
    /** Where copies go; undefined: nowhere. */
    readonly target: BackupTarget | undefined;
  };
  readonly sales: {
    /** `undefined`: the sandbox's shop, or none. */
    readonly shop: { readonly shopId: string; readonly secretKey: string; readonly apiRoot: string } | undefined;
    readonly receipt: { readonly vatCode: number; readonly taxSystemCode: number | undefined };
    readonly graceMs: number;
  };
  /** Handed on to every bot. */
  readonly limitEnv: Readonly<Record<string, string>>;
  readonly limits: { readonly workHoursStart: number; readonly workHoursEnd: number };
}

const TELEGRAM = 'https://api.telegram.org';
const DAY_MS = 24 * 3_600_000;

/** Reads `.env` of this folder and the given variables, which win unless empty. Fails with `config_invalid`. */
export function readHostConfig(
  projectFolder: string,
  environment: Readonly<Record<string, string | undefined>>,
): HostConfig {
  const env = parseEnvironment(schema, readVariables(projectFolder, environment));
  const hasTokens = env.BOT_TOKEN_SALES !== undefined || env.BOT_TOKEN_MASTER !== undefined;
  const limitNames = Object.keys(limitVariables) as (keyof typeof limitVariables)[];
  return {
    projectFolder,
    home: env.BOTPOOL_HOME ?? join(projectFolder, '.botpool'),
    project: env.COMPOSE_PROJECT_NAME,
    prefix: env.STACK_PREFIX ?? (env.COMPOSE_PROJECT_NAME === PROJECT ? 'booking' : env.COMPOSE_PROJECT_NAME),
    engine: env.ENGINE,
    poolBots: env.POOL_BOTS,
    maxTotalBots: Math.max(env.MAX_TOTAL_BOTS, env.POOL_BOTS),
    autoscaler: {
      enabled: env.AUTOSCALER === 'on',
      minFree: env.MIN_FREE_BOTS,
      batch: env.SCALE_BATCH,
      checkMs: env.CHECK_INTERVAL * 1_000,
      coolDownMs: env.SCALE_DOWN_AFTER * 1_000,
    },
    telegramApiRoot: env.TELEGRAM_API_ROOT ?? (hasTokens ? TELEGRAM : undefined),
    serviceBots: env.SERVICE_BOTS === 'on',
    serviceTokens: { sales_bot: env.BOT_TOKEN_SALES, master_bot: env.BOT_TOKEN_MASTER },
    operatorIds: env.ADMIN_IDS_MASTER,
    supportUsername: env.SUPPORT_USERNAME,
    dropPending: env.DROP_PENDING_UPDATES,
    activationTimeoutMs: env.ACTIVATION_TIMEOUT_SECONDS * 1_000,
    spares: env.SPARE_SCHEMAS,
    ports: {
      postgres: env.POSTGRES_PORT,
      redis: env.REDIS_PORT,
      sandbox: env.SANDBOX_PORT,
      panel: env.PANEL_PORT,
      gateway: env.GATEWAY_PORT,
      gatewayHealth: env.GATEWAY_HEALTH_PORT,
    },
    panel: {
      address: env.PANEL_ADDRESS,
      publicUrl: env.PANEL_PUBLIC_URL === undefined ? undefined : new URL(env.PANEL_PUBLIC_URL),
      tls:
        env.PANEL_TLS_CERT === undefined || env.PANEL_TLS_KEY === undefined
          ? undefined
          : { cert: env.PANEL_TLS_CERT, key: env.PANEL_TLS_KEY },
    },
    logLevel: env.LOG_LEVEL,
    backups: {
      recipient: env.BACKUP_AGE_RECIPIENT,
      promisedHours: env.BACKUP_PROMISED_HOURS,
      target: targetOf(env),
    },
    sales: {
      shop:
        env.YOOKASSA_SHOP_ID === undefined || env.YOOKASSA_SECRET_KEY === undefined
          ? undefined
          : { shopId: env.YOOKASSA_SHOP_ID, secretKey: env.YOOKASSA_SECRET_KEY, apiRoot: env.YOOKASSA_API_ROOT },
      receipt: { vatCode: env.RECEIPT_VAT_CODE, taxSystemCode: env.RECEIPT_TAX_SYSTEM },
      graceMs: env.GRACE_DAYS * DAY_MS,
    },
    limitEnv: Object.fromEntries(limitNames.map((name) => [name, String(env[name])])),
    limits: { workHoursStart: env.WORK_HOURS_START, workHoursEnd: env.WORK_HOURS_END },
  };
}

/** A bucket without its keys is half a setting: better to say so at the start than in the night. */
function targetOf(env: z.output<typeof schema>): BackupTarget | undefined {
  const { BACKUP_S3_BUCKET: bucket, BACKUP_S3_ENDPOINT: endpoint, BACKUP_S3_REGION: region } = env;
  if (bucket === undefined) return undefined;
  const { BACKUP_S3_ACCESS_KEY: accessKey, BACKUP_S3_SECRET_KEY: secretKey, BACKUP_S3_PREFIX: prefix } = env;
  if (accessKey === undefined || secretKey === undefined) {
    const problems = 'BACKUP_S3_BUCKET is set, so BACKUP_S3_ACCESS_KEY and BACKUP_S3_SECRET_KEY are needed';
    throw new BotpoolError('config_invalid', { problems });
  }
  const pathStyle = (env.BACKUP_S3_FORCE_PATH_STYLE ?? (endpoint === undefined ? 'off' : 'on')) === 'on';
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  return { endpoint, region, bucket, prefix: folder, accessKey, secretKey, pathStyle };
}

/** `.env` of this folder below the given variables; what is empty is not set. */
export function readVariables(
  projectFolder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const file = join(projectFolder, '.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  return { ...withoutEmpty(fromFile), ...withoutEmpty(environment) };
}

/**
 * Everything that was set of what {@link readHostConfig} reads, with the content of files in place of their names: for
 * another control plane of the same installation, in a place where those files are not.
 */
export function settingsOf(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const file = variables[`${name}_FILE`];
    const value = variables[name] ?? (file === undefined ? undefined : readFileSync(file, 'utf8').trim());
    if (value !== undefined) settings[name] = value;
  }
  return settings;
}

/** `NAME=` means: not set. */
function withoutEmpty(variables: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
}
