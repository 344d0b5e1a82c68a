/** Starts one PostgreSQL and one Redis for a run of the integration tests, and hands out where they are. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import type { Programs } from '#main/engine/process/programs/program-sets.ts';
import { ensurePrograms } from '#main/engine/process/programs/programs.ts';
import type { ServerFacts } from '#main/stack/embedded/postgres.ts';
import { makeRunFolder } from './run-folder.ts';
import { startTestPostgres, startTestRedis } from './servers.ts';

/** What every integration test can find with `inject('testRun')`. */
export interface TestRun {
  readonly programs: Programs;
  /** The run's own temporary folder, removed at its end. */
  readonly folder: string;
  readonly postgres: ServerFacts;
  readonly redis: ServerFacts;
}

declare module 'vitest' {
  export interface ProvidedContext {
    testRun: TestRun;
  }
}

/** Called by vitest before the first test; what it returns is called after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cacheDir = fileURLToPath(new URL('../../.cache', import.meta.url));
  const programs = await ensurePrograms({ cacheDir, report: (sentence) => console.log(sentence) });
  const folder = await makeRunFolder();
  const stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  try {
    const redisFolder = join(folder, 'redis');
    await mkdir(redisFolder);
    const starting = [
      startTestPostgres(programs.postgres, folder),
      startTestRedis(programs.redis, redisFolder),
    ] as const;
    for (const server of await Promise.allSettled(starting)) {
      if (server.status === 'fulfilled') stack.use(server.value);
    }
    const [postgres, redis] = await Promise.all(starting);
    await addExtensions(postgres.facts);
    project.provide('testRun', { programs, folder, postgres: postgres.facts, redis: redis.facts });
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
  return () => stack.disposeAsync();
}

/** Every database made from now on has them. */
async function addExtensions(facts: ServerFacts): Promise<void> {
  const client = new pg.Client({ ...facts, database: 'template1' });
  await client.connect();
  await client.query('CREATE EXTENSION IF NOT EXISTS btree_gist');
  await client.end();
}
