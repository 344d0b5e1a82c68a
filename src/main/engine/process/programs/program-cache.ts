/** Knows how fetched programs lie in the cache: one folder per set, `<kind>-<version>`, whose name appears only when it is whole. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProgramEnv, probePostgres, probeRedis } from './probe.ts';
import type { PostgresPrograms, RedisPrograms } from './program-sets.ts';

/** The newest fetched PostgreSQL that starts here, or undefined. */
export async function findCachedPostgres(folder: string, oldest: number): Promise<PostgresPrograms | undefined> {
  for (const tree of await trees(folder, 'postgres')) {
    const found = await postgresInTree(tree, oldest);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The newest fetched Redis that starts here, or undefined. */
export async function findCachedRedis(folder: string, oldest: number): Promise<RedisPrograms | undefined> {
  for (const tree of await trees(folder, 'redis')) {
    const found = await redisInTree(tree, oldest);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** PostgreSQL in one unpacked tree of Debian packages. */
export async function postgresInTree(tree: string, oldest: number): Promise<PostgresPrograms | undefined> {
  const env = await treeEnv(tree);
  const majors = await readdir(join(tree, 'usr/lib/postgresql')).catch(() => []);
  for (const major of majors.toSorted((a, b) => Number(b) - Number(a))) {
    const found = await probePostgres(join(tree, 'usr/lib/postgresql', major, 'bin'), env, oldest);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Redis in one unpacked tree of Debian packages. */
export async function redisInTree(tree: string, oldest: number): Promise<RedisPrograms | undefined> {
  return probeRedis(join(tree, 'usr/bin'), await treeEnv(tree), oldest);
}

async function trees(folder: string, kind: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const ours = names.filter((name) => name.startsWith(`${kind}-`) && !name.endsWith('.part'));
  return ours.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true })).map((name) => join(folder, name));
}

/** Libraries that came along with the programs are looked for before the machine's own. */
async function treeEnv(tree: string): Promise<ProgramEnv> {
  const folders: string[] = [];
  for (const lib of ['usr/lib', 'lib']) {
    const names = await readdir(join(tree, lib)).catch(() => []);
    folders.push(...names.filter((name) => name.includes('-linux-')).map((name) => join(tree, lib, name)));
  }
  return folders.length === 0 ? {} : { LD_LIBRARY_PATH: folders.join(':') };
}
