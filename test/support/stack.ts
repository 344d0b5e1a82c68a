/** PostgreSQL and Redis for integration tests: fresh databases on the run's server, and Redis servers of one's own. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { inject } from 'vitest';
import { type Database, openDatabase } from '#core/postgres/database.ts';
import type { ServerFacts } from '#main/stack/embedded/postgres.ts';
import type {} from './global-setup.ts';
import { makeSubfolder } from './run-folder.ts';
import { startTestRedis } from './servers.ts';

/** How to reach one database. */
export interface DatabaseFacts extends ServerFacts {
  readonly database: string;
}

/** A database of one test, dropped when it is disposed, whoever is still connected. */
export interface TestDatabase {
  /** Opened as superuser. */
  readonly database: Database;
  readonly facts: DatabaseFacts;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A Redis server of one test. */
export interface TestRedis {
  /** Connected as administrator. */
  readonly redis: Redis;
  readonly facts: ServerFacts;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The run's PostgreSQL, as its superuser. */
export function testPostgres(): ServerFacts {
  return inject('testRun').postgres;
}

/** Makes an empty database with a random name and btree_gist. */
export async function createTestDatabase(options: { readonly max?: number } = {}): Promise<TestDatabase> {
  const server = testPostgres();
  const facts: DatabaseFacts = { ...server, database: `test_${randomBytes(6).toString('hex')}` };
  await onServer(server, `CREATE DATABASE ${facts.database}`);
  const database = openDatabase({ ...facts, max: options.max ?? 10, applicationName: 'test' });
  return {
    database,
    facts,
    async [Symbol.asyncDispose]() {
      await database.close();
      await onServer(server, `DROP DATABASE IF EXISTS ${facts.database} WITH (FORCE)`);
    },
  };
}

/** Starts a Redis server of its own (about 20 ms), so that FLUSHALL, users and memory limits hurt nobody else. */
export async function createTestRedis(): Promise<TestRedis> {
  const { programs, folder: run } = inject('testRun');
  const folder = await makeSubfolder(run, 'redis');
  const server = await startTestRedis(programs.redis, folder);
  const redis = connectRedis(server.facts);
  return {
    redis,
    facts: server.facts,
    async [Symbol.asyncDispose]() {
      redis.disconnect();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A connection as the given user. The caller disconnects it. */
export function connectRedis(facts: ServerFacts): Redis {
  const redis = new Redis({ host: facts.host, port: facts.port, username: facts.user, password: facts.password });
  redis.on('error', () => undefined);
  return redis;
}

async function onServer(facts: ServerFacts, statement: string): Promise<void> {
  const client = new pg.Client({ ...facts, database: 'postgres' });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
