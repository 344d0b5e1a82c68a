/** Looks: reads what the rules judge, from files, servers and the engine. Changes nothing. */
import { readdir, stat, statfs } from 'node:fs/promises';
import { connect } from 'node:net';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { listApiTokens } from '#core/access/api-tokens.ts';
import { countBots, listBots } from '#core/pool/presence.ts';
import type { Queryable } from '#core/postgres/database.ts';
import type { Findings } from './judge.ts';

/** What is looked at. */
export interface DoctorOptions {
  readonly database: Queryable;
  readonly redis: Redis;
  readonly redisAddress: { readonly host: string; readonly port: number };
  readonly home: string;
  /** The folder of `.env`. */
  readonly projectFolder: string;
  readonly engine: string;
  readonly sandbox: boolean;
  readonly panel: Findings['panel'];
  readonly now: () => number;
  /** The newest whole backup, by those who make them. */
  readonly newestBackup?: () => Promise<{ readonly hours: number | 'none'; readonly verified: boolean }>;
}

const OPEN_MS = 2_000;

/** Everything at once. */
export async function look(options: DoctorOptions): Promise<Findings> {
  const { database, redis, home } = options;
  const [openFiles, homeMode, environmentMode, tokens, redisOpen, info, bind, policy] = await Promise.all([
    listOpenFiles(home),
    modeOf(home),
    modeOf(environmentFile(options.projectFolder)),
    listApiTokens(database),
    answersStrangers(options.redisAddress),
    redis.info('server'),
    setting(redis, 'bind'),
    setting(redis, 'maxmemory-policy'),
  ]);
  const [postgres, counts, bots, disk, backup] = await Promise.all([
    lookAtPostgres(options),
    countBots(redis),
    listBots(redis),
    statfs(home),
    options.newestBackup?.(),
  ]);
  return {
    openFiles,
    homeMode: homeMode ?? 0,
    environmentMode,
    panel: options.panel,
    endlessAdminTokens: tokens.filter(
      (one) => one.scope === 'admin' && one.expiresAt === null && one.revokedAt === null,
    ).length,
    redisOpen,
    redisBind: bind,
    redisPolicy: policy,
    postgres,
    redisVersion: /^redis_version:(\S+)/m.exec(info)?.[1] ?? '0',
    engine: options.engine,
    sandbox: options.sandbox,
    pool: { ...counts, problems: bots.filter(({ health }) => health?.problem !== undefined).length },
    backupHours: backup?.hours,
    backupVerified: backup?.verified ?? false,
    disk: { free: disk.bavail * disk.bsize, total: disk.blocks * disk.bsize },
    memory: { free: freemem(), total: totalmem() },
  };
}

/** Where the variables of this installation stand. */
export function environmentFile(projectFolder: string): string {
  return join(projectFolder, '.env');
}

/** Files below `secrets` that others than their owner may read, by their names below the home. */
export async function listOpenFiles(home: string): Promise<readonly string[]> {
  const folder = join(home, 'secrets');
  const names = await readdir(folder).catch(() => []);
  const modes = await Promise.all(names.map(async (name) => [name, await modeOf(join(folder, name))] as const));
  return modes.flatMap(([name, mode]) => (mode !== undefined && (mode & 0o077) !== 0 ? [`secrets/${name}`] : []));
}

async function modeOf(path: string): Promise<number | undefined> {
  const facts = await stat(path).catch(() => undefined);
  return facts === undefined ? undefined : facts.mode & 0o777;
}

async function lookAtPostgres({ database, now }: DoctorOptions): Promise<Findings['postgres']> {
  const asked = now();
  const { rows } = await database.query(
    `SELECT current_setting('password_encryption') AS encryption, current_setting('listen_addresses') AS listens,
       current_setting('max_connections')::int AS most, current_setting('server_version_num')::int / 10000 AS version,
       (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
       (SELECT count(*)::int FROM pg_hba_file_rules WHERE auth_method = 'trust' AND type LIKE 'host%') AS trusting,
       extract(epoch FROM clock_timestamp())::float8 * 1000 AS clock`,
  );
  const row = rows[0] ?? {};
  // The server's clock was read somewhere between the question and the answer.
  const middle = (asked + now()) / 2;
  return {
    encryption: String(row['encryption']),
    listens: String(row['listens']),
    most: Number(row['most']),
    version: Number(row['version']),
    connections: Number(row['connections']),
    trusting: Number(row['trusting']),
    clockOffMs: middle - Number(row['clock']),
  };
}

async function setting(redis: Redis, name: string): Promise<string> {
  const answer: unknown = await redis.config('GET', name);
  return Array.isArray(answer) ? String(answer[1] ?? '') : '';
}

/** True when Redis does what somebody asks who has shown no password; `undefined` when it did not answer in time. */
async function answersStrangers({ host, port }: DoctorOptions['redisAddress']): Promise<boolean | undefined> {
  const socket = connect({ host, port });
  const { promise, resolve } = Promise.withResolvers<boolean | undefined>();
  const deadline = setTimeout(() => resolve(undefined), OPEN_MS);
  socket.on('error', () => resolve(undefined));
  socket.on('data', (data) => resolve(data.toString().startsWith('+PONG')));
  socket.on('connect', () => socket.write('PING\r\n'));
  try {
    return await promise;
  } finally {
    clearTimeout(deadline);
    socket.destroy();
  }
}
