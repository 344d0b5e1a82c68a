/** Makes a PostgreSQL of our own ready to be started by the process engine: data folder, password, rules, settings. */
import { access, appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ContainerSpec } from '#main/engine/engine.ts';
import { giveTo, type Identity, inIdentity, unprivilegedIdentity } from '#main/engine/process/identity.ts';
import type { Program } from '#main/engine/process/launch.ts';
import type { PostgresPrograms } from '#main/engine/process/programs/program-sets.ts';
import { runOrFail } from '#main/engine/process/programs/run-command.ts';
import { ownPassword, syncFolder } from '../secret-file.ts';
import { postgresHostRules, postgresSettings } from './postgres-settings.ts';

/** The container's name, the same under every engine. */
export const POSTGRES_CONTAINER = 'booking-postgres';
/** The image name that the engine's table of programs maps to {@link EmbeddedPostgres.program}. */
export const POSTGRES_IMAGE = 'postgres';
/** The superuser of the cluster. */
export const POSTGRES_USER = 'booking_user';
/** The file below the data folder that tells a finished cluster. */
export const CLUSTER_MARK = 'cluster/PG_VERSION';

/** How to reach a server. */
export interface ServerFacts {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** A PostgreSQL that is ready to be started. */
export interface EmbeddedPostgres {
  readonly spec: ContainerSpec;
  /** For the engine's table of programs, under {@link POSTGRES_IMAGE}. */
  readonly program: Program;
  readonly facts: ServerFacts;
}

/** What to prepare. */
export interface PostgresOptions {
  readonly programs: PostgresPrograms;
  /** A folder of its own for cluster, password and settings; made when missing, kept when there. */
  readonly dataDir: string;
  /** The TCP port on 127.0.0.1. */
  readonly port: number;
  /** False for tests: nothing is synced to the disk. Default true. */
  readonly durable?: boolean;
  /** Default {@link POSTGRES_CONTAINER}. */
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Makes the cluster when there is none, and writes its settings anew. Nothing runs afterwards. Fails with
 * `program_failed` when initdb does, or when nobody but root could run it.
 */
export async function preparePostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const { programs, dataDir, port, durable = true } = options;
  const cluster = join(dataDir, 'cluster');
  await mkdir(dataDir, { recursive: true, mode: 0o755 });
  const identity = await unprivilegedIdentity([cluster, programs.postgres]);
  const password = await ownPassword(join(dataDir, 'password'), join(dataDir, CLUSTER_MARK));
  const passFile = join(dataDir, 'pgpass');
  await writeFile(passFile, `127.0.0.1:${port}:*:${POSTGRES_USER}:${password}\n`, { mode: 0o600 });
  await giveTo(identity, passFile);
  const program: Program = {
    command: programs.postgres,
    env: programs.env,
    path: [programs.bin],
    identity,
    deathSignal: durable ? 'SIGINT' : 'SIGQUIT',
    foundation: true,
  };
  if (!(await exists(join(dataDir, CLUSTER_MARK))))
    await initCluster({ programs, identity, cluster, password, durable });
  await giveTo(identity, cluster);
  await writeFile(join(cluster, 'botpool.conf'), postgresSettings({ port, durable }));
  await giveTo(identity, join(cluster, 'botpool.conf'));
  return { program, facts: { host: '127.0.0.1', port, user: POSTGRES_USER, password }, spec: spec(options, passFile) };
}

function spec(options: PostgresOptions, passFile: string): ContainerSpec {
  return {
    name: options.name ?? POSTGRES_CONTAINER,
    image: POSTGRES_IMAGE,
    args: ['-D', join(options.dataDir, 'cluster')],
    // Commands run beside it (pg_dump, psql) find the server and the password by these.
    env: {
      PGHOST: '127.0.0.1',
      PGPORT: String(options.port),
      PGUSER: POSTGRES_USER,
      PGDATABASE: 'postgres',
      PGPASSFILE: passFile,
    },
    labels: options.labels ?? {},
    restart: 'unless-stopped',
    // Fast shutdown: sessions end, files are closed; SIGTERM would wait for every client.
    stopSignal: 'SIGINT',
    stopTimeoutMs: 30_000,
  };
}

interface NewCluster {
  readonly programs: PostgresPrograms;
  readonly identity: Identity;
  readonly cluster: string;
  readonly password: string;
  readonly durable: boolean;
}

/** initdb works under a temporary name, so that a broken-off one is never taken for a cluster. */
async function initCluster({ programs, identity, cluster, password, durable }: NewCluster): Promise<void> {
  const part = `${cluster}.part`;
  const passwordFile = `${cluster}.password`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  await Promise.all([giveTo(identity, part), giveTo(identity, passwordFile)]);
  const args = ['-D', part, `--username=${POSTGRES_USER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const flags = ['--encoding=UTF8', '--locale=C', '--no-instructions', ...(durable ? [] : ['--no-sync'])];
  const { command, args: line, ...user } = inIdentity(identity, programs.initdb, [...args, ...flags]);
  const env = { PATH: `${programs.bin}:/usr/bin:/bin`, LANG: 'C', TZ: 'UTC', ...programs.env };
  try {
    await runOrFail(command, line, { env, cwd: '/', timeoutMs: 120_000, ...user });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await writeFile(join(part, 'pg_hba.conf'), postgresHostRules(), { flush: durable });
  await appendFile(join(part, 'postgresql.conf'), "\ninclude 'botpool.conf'\n", { flush: durable });
  await rename(part, cluster);
  if (durable) await syncFolder(dirname(cluster));
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
