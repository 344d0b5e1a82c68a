/** Makes a Redis of our own ready to be started by the process engine: configuration, users, data folder. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerSpec } from '#main/engine/engine.ts';
import type { Program } from '#main/engine/process/launch.ts';
import type { RedisPrograms } from '#main/engine/process/programs/program-sets.ts';
import { ownPassword } from '../secret-file.ts';
import type { ServerFacts } from './postgres.ts';

/** The container's name, the same under every engine. */
export const REDIS_CONTAINER = 'booking-redis';
/** The image name that the engine's table of programs maps to {@link EmbeddedRedis.program}. */
export const REDIS_IMAGE = 'redis';
/** The user with all rights; the `default` user is off. */
export const REDIS_ADMIN = 'botpool';

/** A Redis that is ready to be started. */
export interface EmbeddedRedis {
  readonly spec: ContainerSpec;
  /** For the engine's table of programs, under {@link REDIS_IMAGE}. */
  readonly program: Program;
  readonly facts: ServerFacts;
  /** Where `ACL SAVE` keeps the users. */
  readonly aclFile: string;
}

/** What to prepare. */
export interface RedisOptions {
  readonly programs: RedisPrograms;
  /** A folder of its own; made when missing, kept when there. */
  readonly dataDir: string;
  /** The TCP port on 127.0.0.1. */
  readonly port: number;
  /** False for tests: nothing is written to the disk. Default true: the append-only file, synced every second. */
  readonly durable?: boolean;
  /** Default {@link REDIS_CONTAINER}. */
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Writes configuration and users. Users added and saved (`ACL SAVE`) survive a restart of Redis, but not this function:
 * whoever needs them adds them at each start of the product.
 */
export async function prepareRedis(options: RedisOptions): Promise<EmbeddedRedis> {
  const { programs, dataDir, port } = options;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const password = await ownPassword(join(dataDir, 'password'));
  const aclFile = join(dataDir, 'users.acl');
  const config = join(dataDir, 'redis.conf');
  await writeFile(aclFile, redisUsers(password), { mode: 0o600 });
  await writeFile(config, redisConfig({ port, durable: options.durable ?? true, dataDir, aclFile }), { mode: 0o600 });
  const spec: ContainerSpec = {
    name: options.name ?? REDIS_CONTAINER,
    image: REDIS_IMAGE,
    args: [config],
    env: {},
    labels: options.labels ?? {},
    restart: 'unless-stopped',
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
  };
  const program: Program = {
    command: programs.server,
    env: programs.env,
    path: [programs.bin],
    deathSignal: 'SIGTERM',
    foundation: true,
  };
  return { spec, program, facts: { host: '127.0.0.1', port, user: REDIS_ADMIN, password }, aclFile };
}

/** The text of the ACL file: the default user is off, the administrator may do all. */
export function redisUsers(password: string): string {
  return `user default off resetpass resetkeys resetchannels -@all\nuser ${REDIS_ADMIN} on >${password} ~* &* +@all\n`;
}

/** The text of `redis.conf`. Folder and files are quoted, because paths may hold blanks. */
export function redisConfig(options: {
  readonly port: number;
  readonly durable: boolean;
  readonly dataDir: string;
  readonly aclFile: string;
}): string {
  const lines = [
    'bind 127.0.0.1',
    `port ${options.port}`,
    'protected-mode yes',
    `dir ${JSON.stringify(options.dataDir)}`,
    `aclfile ${JSON.stringify(options.aclFile)}`,
    // What must not vanish is never evicted: a full Redis refuses writes, and the panel says so.
    'maxmemory-policy noeviction',
    'save ""',
    options.durable ? 'appendonly yes' : 'appendonly no',
    'appendfsync everysec',
    'daemonize no',
    'loglevel notice',
    'logfile ""',
    'databases 16',
    'maxclients 10000',
    'tcp-keepalive 60',
  ];
  return `${lines.join('\n')}\n`;
}
