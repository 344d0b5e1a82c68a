/** Finds what the machine has installed by itself. */
import { readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { probePostgres, probeRedis } from './probe.ts';
import type { PostgresPrograms, RedisPrograms } from './program-sets.ts';

/** Where distributions put one folder per major version, newest last. */
const VERSIONED = [
  { folder: '/usr/lib/postgresql', pattern: /^\d+$/, bin: 'bin' },
  { folder: '/usr', pattern: /^pgsql-\d+$/, bin: 'bin' },
  { folder: '/opt/homebrew/opt', pattern: /^postgresql@\d+$/, bin: 'bin' },
  { folder: '/usr/local/opt', pattern: /^postgresql@\d+$/, bin: 'bin' },
] as const;

/** Where unversioned installations put programs. */
const COMMON = ['/usr/local/pgsql/bin', '/usr/local/bin', '/usr/bin', '/opt/homebrew/bin'] as const;

/** The newest complete PostgreSQL of this machine, or undefined. */
export async function findHostPostgres(oldest: number): Promise<PostgresPrograms | undefined> {
  const folders = [...(await versionedFolders()), ...(await resolved(COMMON, 'postgres'))];
  const sets = await Promise.all([...new Set(folders)].map((bin) => probePostgres(bin, {}, oldest)));
  const complete = sets.filter((set) => set !== undefined);
  return complete.toSorted((a, b) => b.major - a.major)[0];
}

/** The machine's own Redis, or undefined. */
export async function findHostRedis(oldest: number): Promise<RedisPrograms | undefined> {
  for (const bin of COMMON) {
    const found = await probeRedis(bin, {}, oldest);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function versionedFolders(): Promise<string[]> {
  const lists = await Promise.all(
    VERSIONED.map(async ({ folder, pattern, bin }) => {
      const names = await readdir(folder).catch(() => []);
      return names.filter((name) => pattern.test(name)).map((name) => join(folder, name, bin));
    }),
  );
  return lists.flat();
}

/** Folders of links are followed: PostgreSQL finds its own files beside the real program. */
async function resolved(folders: readonly string[], program: string): Promise<string[]> {
  const found = await Promise.all(folders.map((bin) => realpath(join(bin, program)).catch(() => undefined)));
  return found.filter((path) => path !== undefined).map((path) => dirname(path));
}
