/** Waits until a server really answers: one query or one PING through the front door, not a line in a log. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { ServerFacts } from './postgres.ts';

/** How long, and whom to ask for the last words of a server that never answered. */
export interface ReadyOptions {
  /** Milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** The server's newest log lines, for the error. */
  readonly lastLines: () => Promise<string>;
}

/** Resolves when PostgreSQL answers `SELECT 1`. Fails with `program_failed` and the last log lines. */
export async function postgresReady(facts: ServerFacts, options: ReadyOptions): Promise<void> {
  await untilAnswered('postgres', options, async (timeoutMs) => {
    const client = new pg.Client({ ...facts, database: 'postgres', connectionTimeoutMillis: timeoutMs });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
    } finally {
      await client.end().catch(() => undefined);
    }
  });
}

/** Resolves when Redis answers PING and has loaded its data. Fails with `program_failed` and the last log lines. */
export async function redisReady(facts: ServerFacts, options: ReadyOptions): Promise<void> {
  await untilAnswered('redis', options, async (timeoutMs) => {
    const client = new Redis({
      host: facts.host,
      port: facts.port,
      username: facts.user,
      password: facts.password,
      lazyConnect: true,
      connectTimeout: timeoutMs,
      commandTimeout: timeoutMs,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.ping();
    } finally {
      client.disconnect();
    }
  });
}

async function untilAnswered(
  program: string,
  options: ReadyOptions,
  ask: (timeoutMs: number) => Promise<void>,
): Promise<void> {
  const until = performance.now() + (options.timeoutMs ?? 30_000);
  let pause = 5;
  for (;;) {
    try {
      return await ask(2_000);
    } catch (cause) {
      if (performance.now() >= until) {
        const lines = await options.lastLines().catch(() => '');
        const detail = `${cause instanceof Error ? cause.message : String(cause)}; last lines: ${lines || 'none'}`;
        throw new BotpoolError('program_failed', { program, detail }, { cause });
      }
      await sleep(pause);
      pause = Math.min(pause * 1.5, 200);
    }
  }
}
