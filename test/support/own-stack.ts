/**
 * A whole stack of one's own under a real engine, for tests and benchmarks that kill, freeze or restart its parts.
 * Works outside vitest, too.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Program } from '#main/engine/process/launch.ts';
import { createProcessEngine, type ProcessEngine } from '#main/engine/process/process-engine.ts';
import type { Programs } from '#main/engine/process/programs/program-sets.ts';
import { ensurePrograms } from '#main/engine/process/programs/programs.ts';
import { lastLines } from '#main/engine/process/programs/run-command.ts';
import { freePort } from '#main/stack/embedded/free-port.ts';
import { preparePostgres, type ServerFacts } from '#main/stack/embedded/postgres.ts';
import { postgresReady, type ReadyOptions, redisReady } from '#main/stack/embedded/ready.ts';
import { prepareRedis } from '#main/stack/embedded/redis.ts';
import { makeRunFolder } from './run-folder.ts';

/** What to start. */
export interface TestStackOptions {
  /** More images for the engine, for bots of the test. */
  readonly programs?: Readonly<Record<string, Program>>;
  /** True: settings of the product, synced to the disk. Default false. */
  readonly durable?: boolean;
}

/** PostgreSQL and Redis as containers `booking-postgres` and `booking-redis` of an engine of one's own. */
export interface TestStack {
  /** `engine.kill('booking-redis', 'SIGKILL')`, `'SIGSTOP'`, `engine.restart('booking-postgres')` … */
  readonly engine: ProcessEngine;
  readonly programs: Programs;
  /** A temporary folder, removed at the end. */
  readonly folder: string;
  readonly postgres: ServerFacts;
  readonly redis: ServerFacts;
  /** Resolves when both answer (again). */
  ready(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts both and waits until they answer: about a second. */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const cacheDir = fileURLToPath(new URL('../../.cache', import.meta.url));
  const programs = await ensurePrograms({ cacheDir, report: (sentence) => console.log(sentence) });
  const folder = await makeRunFolder();
  const cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
  try {
    const durable = options.durable ?? false;
    const place = async (name: string) => ({ dataDir: join(folder, name), port: await freePort(), durable });
    const [postgres, redis] = await Promise.all([
      preparePostgres({ programs: programs.postgres, ...(await place('postgres')) }),
      prepareRedis({ programs: programs.redis, ...(await place('redis')) }),
    ]);
    const engine = await createProcessEngine({
      stateDir: join(folder, 'engine'),
      programs: { ...options.programs, postgres: postgres.program, redis: redis.program },
    });
    cleanUp.defer(() => engine.close());
    const ready = async (): Promise<void> => {
      await Promise.all([
        postgresReady(postgres.facts, logTail(engine, postgres.spec.name)),
        redisReady(redis.facts, logTail(engine, redis.spec.name)),
      ]);
    };
    for (const { spec } of [postgres, redis]) {
      await engine.create(spec);
      await engine.start(spec.name);
    }
    await ready();
    const dispose = (): Promise<void> => cleanUp.disposeAsync();
    return {
      engine,
      programs,
      folder,
      postgres: postgres.facts,
      redis: redis.facts,
      ready,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await cleanUp.disposeAsync();
    throw error;
  }
}

function logTail(engine: ProcessEngine, name: string): ReadyOptions {
  return {
    lastLines: async () => {
      const texts: string[] = [];
      for await (const { text } of engine.logs(name, { tail: 10 })) texts.push(text);
      return lastLines(texts.join('\n'), 10);
    },
  };
}
