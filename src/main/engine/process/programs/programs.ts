/**
 * Finds PostgreSQL and Redis for a machine without Docker: first what was fetched before, then what the machine has,
 * then packages of its own Debian or Ubuntu release, unpacked inside the project's cache without touching the system.
 */
import { join } from 'node:path';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { fetchPostgres, fetchRedis } from './debian-packages.ts';
import { withFolderLock } from './folder-lock.ts';
import { findHostPostgres, findHostRedis } from './host-programs.ts';
import { findCachedPostgres, findCachedRedis } from './program-cache.ts';
import type { Programs, ProgramsOptions } from './program-sets.ts';

/** The oldest PostgreSQL that Botpool works with. */
const OLDEST_POSTGRES = 15;
/** The oldest Redis that Botpool works with. */
const OLDEST_REDIS = 7;

/**
 * Finds or fetches both. Safe to run in several processes at once; a broken-off download goes on where it stopped.
 * Fails with `program_missing` when a program is not there and cannot be fetched, and says what to install.
 */
export async function ensurePrograms(options: ProgramsOptions): Promise<Programs> {
  const found = await lookFor(options);
  if (found.postgres !== undefined && found.redis !== undefined) {
    return { postgres: found.postgres, redis: found.redis };
  }
  return withFolderLock(join(options.cacheDir, 'programs.lock'), () => fetchMissing(options));
}

async function fetchMissing(options: ProgramsOptions): Promise<Programs> {
  // Another process may have fetched them while this one waited for the lock.
  const found = await lookFor(options);
  const postgres =
    found.postgres ?? (await fetchPostgres(options, OLDEST_POSTGRES).catch((cause) => explain('postgres', cause)));
  const redis = found.redis ?? (await fetchRedis(options, OLDEST_REDIS).catch((cause) => explain('redis', cause)));
  return { postgres, redis };
}

async function lookFor(options: ProgramsOptions): Promise<Partial<Programs>> {
  const useHost = options.hostPrograms ?? true;
  const folder = join(options.cacheDir, 'programs');
  const [postgres, redis] = await Promise.all([
    findCachedPostgres(folder, OLDEST_POSTGRES).then((it) => it ?? (useHost ? findHostPostgres(OLDEST_POSTGRES) : it)),
    findCachedRedis(folder, OLDEST_REDIS).then((it) => it ?? (useHost ? findHostRedis(OLDEST_REDIS) : it)),
  ]);
  return { ...(postgres === undefined ? {} : { postgres }), ...(redis === undefined ? {} : { redis }) };
}

const MISSING = {
  postgres: {
    program: `PostgreSQL ${OLDEST_POSTGRES} or newer with its contrib extensions`,
    remedy: 'install it (Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql@17)',
  },
  redis: {
    program: `redis-server ${OLDEST_REDIS} or newer`,
    remedy: 'install it (Debian, Ubuntu: apt-get install redis-server; macOS: brew install redis)',
  },
} as const;

function explain(what: keyof typeof MISSING, cause: unknown): never {
  const { program, remedy } = MISSING[what];
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new BotpoolError(
    'program_missing',
    { program, remedy: `${remedy} and try again; fetching it did not work: ${reason}` },
    { cause },
  );
}
