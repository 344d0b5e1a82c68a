/** PostgreSQL and Redis of one's own, as the pool sees them, without bots: roles, users and FLUSHALL hurt nobody else. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { type Database, openDatabase } from '#core/postgres/database.ts';
import type { ServerFacts } from '#main/stack/embedded/postgres.ts';
import { startTestStack } from './own-stack.ts';
import { connectRedis } from './stack.ts';

/** See the file's head. */
export interface OwnStack {
  readonly facts: { readonly postgres: ServerFacts; readonly redis: ServerFacts };
  /** Opened as superuser, in the maintenance database. */
  readonly admin: Database;
  /** Connected as administrator. */
  readonly redis: Redis;
  connect(): Redis;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts both. */
export async function startOwnStack(): Promise<OwnStack> {
  const stack = await startTestStack();
  const admin = openDatabase({ ...stack.postgres, database: 'postgres', max: 2, applicationName: 'test' });
  const redis = connectRedis(stack.redis);
  return {
    facts: { postgres: stack.postgres, redis: stack.redis },
    admin,
    redis,
    connect: () => connectRedis(stack.redis),
    async sleep(ms, signal) {
      await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    },
    async [Symbol.asyncDispose]() {
      redis.disconnect();
      await admin.close();
      await stack[Symbol.asyncDispose]();
    },
  };
}
