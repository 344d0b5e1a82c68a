/** Asks programs for their versions, and builds the description of a set that really starts on this machine. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { PostgresPrograms, RedisPrograms } from './program-sets.ts';
import { runCommand } from './run-command.ts';

/** What one family of programs needs around it. */
export type ProgramEnv = Readonly<Record<string, string>>;

/** The set in this folder, or undefined when it is incomplete, mixed, too old, without btree_gist, or does not start. */
export async function probePostgres(
  bin: string,
  env: ProgramEnv,
  oldest: number,
): Promise<PostgresPrograms | undefined> {
  const file = (name: string): string => join(bin, name);
  const names = ['postgres', 'initdb', 'pg_ctl', 'psql', 'pg_dump', 'pg_restore'];
  if (!(await allExist(names.map(file)))) return undefined;
  const versions = await Promise.all(['postgres', 'pg_dump', 'initdb'].map((name) => versionOf(file(name), env)));
  const [version] = versions;
  if (version === undefined || versions.some((other) => other !== version)) return undefined;
  const major = Number.parseInt(version, 10);
  if (!(major >= oldest) || !(await hasBtreeGist(bin, major))) return undefined;
  return {
    bin,
    major,
    version,
    env,
    postgres: file('postgres'),
    initdb: file('initdb'),
    pgCtl: file('pg_ctl'),
    psql: file('psql'),
    pgDump: file('pg_dump'),
    pgRestore: file('pg_restore'),
  };
}

/** The server and client in this folder, or undefined when they are missing, too old, or do not start. */
export async function probeRedis(bin: string, env: ProgramEnv, oldest: number): Promise<RedisPrograms | undefined> {
  const server = join(bin, 'redis-server');
  const cli = join(bin, 'redis-cli');
  if (!(await allExist([server, cli]))) return undefined;
  const version = await versionOf(server, env);
  if (version === undefined || !(Number.parseInt(version, 10) >= oldest)) return undefined;
  return { bin, version, env, server, cli };
}

/** The first thing like a version in what `--version` prints, or undefined when the program does not start. */
async function versionOf(program: string, env: ProgramEnv): Promise<string | undefined> {
  const result = await runCommand(program, ['--version'], { env, timeoutMs: 10_000 }).catch(() => undefined);
  if (result === undefined || result.code !== 0) return undefined;
  return parseVersion(result.stdout);
}

/** Finds the version in `postgres (PostgreSQL) 15.13 (Debian …)` or `Redis server v=7.0.15 sha=…`; Debian's suffix is no part of it. */
export function parseVersion(text: string): string | undefined {
  return /(?:^|[\s=v])(\d+(?:\.\d+)+)/.exec(text)?.[1];
}

async function hasBtreeGist(bin: string, major: number): Promise<boolean> {
  const prefixes = [join(bin, '..'), join(bin, '../../../..')];
  const places = ['share', 'share/postgresql', `share/postgresql/${major}`, `share/postgresql@${major}`];
  const files = prefixes.flatMap((prefix) =>
    places.map((place) => join(prefix, place, 'extension/btree_gist.control')),
  );
  const found = await Promise.all(files.map((path) => exists(path)));
  return found.includes(true);
}

async function allExist(files: readonly string[]): Promise<boolean> {
  return (await Promise.all(files.map((path) => exists(path)))).every(Boolean);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
