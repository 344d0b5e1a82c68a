/** What a bot's process does when what it stands on falls silent, and what any process does about the unforeseen. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Update } from 'grammy/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTenantBot } from '#bot-runtime/runtime/activation.ts';
import { systemClock } from '#bot-runtime/runtime/clock.ts';
import { parseBotRuntimeConfig } from '#bot-runtime/runtime/config.ts';
import { startUpdateSource } from '#bot-runtime/runtime/update-source.ts';
import { isPostgresAway } from '#core/errors.ts';
import { takeLease } from '#core/leases/lease.ts';
import { openDatabase } from '#core/postgres/database.ts';
import { openRedis } from '#core/redis/connection.ts';
import { holdLease } from '#core/redis/pool-scripts.ts';
import { freePort } from '#main/stack/embedded/free-port.ts';
import { POSTGRES_CONTAINER } from '#main/stack/embedded/postgres.ts';
import { REDIS_CONTAINER } from '#main/stack/embedded/redis.ts';
import { keys } from '#shared/redis/keys.ts';
import { startTestStack, type TestStack } from '../support/own-stack.ts';
import { until } from '../support/until.ts';

const ROOT = join(import.meta.dirname, '../..');
const SECRET = 'AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1';
const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };
const STATEMENT_MS = 500;
/** When a statement without an answer is given up. */
const ANSWER_MS = STATEMENT_MS + 1_000;

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack[Symbol.asyncDispose]());

async function whileFrozen(container: string, work: () => Promise<void>): Promise<void> {
  await stack.engine.kill(container, 'SIGSTOP');
  try {
    await work();
  } finally {
    await stack.engine.kill(container, 'SIGCONT');
    await stack.ready();
  }
}

function openTestDatabase(max: number) {
  const options = { ...stack.postgres, database: 'postgres', max, applicationName: 'test' };
  const database = openDatabase({ ...options, statementTimeoutMs: STATEMENT_MS });
  return { database, [Symbol.asyncDispose]: () => database.close() };
}

function openTestRedis(options: { readonly blocking?: boolean; readonly silenceMs?: number } = {}) {
  const { host, port, user, password } = stack.redis;
  const errors: string[] = [];
  const onError = (error: Error): void => void errors.push(error.message);
  const redis = openRedis({ host, port, username: user, password, name: 'test', onError, ...options });
  return { redis, errors, [Symbol.dispose]: () => redis.disconnect() };
}

describe('with PostgreSQL frozen', () => {
  it('a transaction waits for one answer only, and its connection serves nobody else', async () => {
    await using opened = openTestDatabase(1);
    const { database } = opened;
    const pid = async (): Promise<unknown> => (await database.query('SELECT pg_backend_pid() AS pid')).rows[0];
    const before = await pid();
    const inside = Promise.withResolvers<void>();
    const frozen = Promise.withResolvers<void>();
    const work = database.transaction(async (tx) => {
      inside.resolve();
      await frozen.promise;
      await tx.query('SELECT 1');
    });
    await inside.promise;
    await whileFrozen(POSTGRES_CONTAINER, async () => {
      const twoAnswers = delay(2 * ANSWER_MS).then(() => 'still waiting');
      frozen.resolve();
      const end: unknown = await Promise.race([work.catch((error: unknown) => error), twoAnswers]);
      expect(isPostgresAway(end), String(end)).toBe(true);
    });
    expect(await pid()).not.toEqual(before);
  });

  it('for longer than a handler may take, an update is confirmed only when it was handled', async () => {
    await using opened = openTestDatabase(3);
    const { database } = opened;
    await database.query('CREATE TABLE handled (update_id bigint)');
    const chat = { id: 1, type: 'private', first_name: 'Customer' } as const;
    const update: Update = {
      update_id: 7,
      message: { message_id: 1, date: 0, chat, from: { ...chat, is_bot: false } },
    };
    const offsets: number[] = [];
    let stopSource = async (): Promise<void> => undefined;
    let failures = 0;
    let silences = 0;
    await whileFrozen(POSTGRES_CONTAINER, async () => {
      const source = startUpdateSource({
        async fetch(offset, _timeout, signal) {
          offsets.push(offset);
          if (offset <= update.update_id) return [update];
          await once(signal, 'abort');
          return [];
        },
        handle: ({ update_id }) =>
          database.transaction(async (tx) => void (await tx.query('INSERT INTO handled VALUES ($1)', [update_id]))),
        handledBefore: async () => new Set(),
        noteHandled: async () => undefined,
        isPassing(error) {
          failures += 1;
          return isPostgresAway(error);
        },
        storageAnswers: () =>
          database.query('SELECT 1').then(
            () => true,
            () => {
              silences += 1;
              return false;
            },
          ),
        mayPoll: () => true,
        sleep: systemClock().sleep,
        handlerMs: ANSWER_MS / 3,
        logger: QUIET,
      });
      stopSource = () => source.stop(false);
      await until('the handler has overrun and failed', () => failures >= 2 && silences >= 2, 40_000);
      // Asked for again and again, and never confirmed.
      expect(new Set(offsets)).toEqual(new Set([0]));
    });
    await until('it is confirmed', () => offsets.includes(update.update_id + 1));
    expect((await database.query('SELECT update_id FROM handled')).rows).toEqual([{ update_id: '7' }]);
    await stopSource();
  });
});

describe('with Redis frozen', () => {
  it.each([true, false])('a connection that hears nothing is made anew (blocking: %s)', async (blocking) => {
    using opened = openTestRedis({ blocking, silenceMs: 700 });
    const { redis, errors } = opened;
    await redis.ping();
    await whileFrozen(REDIS_CONTAINER, async () => {
      redis.blpop('list', 0.2).catch(() => undefined);
      await until('the silence is noticed', () => errors.some((message) => message.includes('Socket timeout')));
    });
    await until('it answers again', async () => (await redis.ping()) === 'PONG');
  });

  it('a connection on which nobody waits is left alone', async () => {
    using opened = openTestRedis({ silenceMs: 300 });
    await opened.redis.ping();
    const id = await opened.redis.client('ID');
    await delay(900);
    expect(await opened.redis.client('ID')).toBe(id);
  });
});

describe('a lease that another holds', () => {
  it('is waited for no longer when nobody wants it any more', async () => {
    using opened = openTestRedis();
    const { redis } = opened;
    await holdLease(redis, 'wanted', 'another');
    const unwanted = new AbortController();
    const asking = takeLease(redis, 'wanted', 'me', systemClock(), 600_000, { signal: unwanted.signal });
    unwanted.abort();
    expect(await asking).toBeUndefined();
    expect(await redis.get(keys.botLease('wanted'))).toBe('another');
  });

  it('does not delay the word that the token is invalid', async () => {
    using opened = openTestRedis();
    const telegram = createServer((request, response) => {
      request.resume();
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ok: false, error_code: 401, description: 'Unauthorized' }));
    }).listen(0, '127.0.0.1');
    await once(telegram, 'listening');
    const { postgres, redis } = stack;
    const runtime = parseBotRuntimeConfig({
      BOT_POOL_ID: '1',
      REDIS_PORT: String(redis.port),
      REDIS_USERNAME: redis.user,
      REDIS_PASSWORD: redis.password,
      POSTGRES_PORT: String(postgres.port),
      POSTGRES_DB: 'postgres',
      TELEGRAM_API_ROOT: `http://127.0.0.1:${(telegram.address() as AddressInfo).port}`,
    });
    await using database = openTestDatabase(1);
    await database.database.query('CREATE TABLE settings ()');
    await holdLease(opened.redis, 'f'.repeat(32), 'another');
    const starting = startTenantBot({
      runtime,
      config: {
        activation_id: 'a-1',
        client_id: 'client_001',
        fence: 1,
        kind: 'booking',
        company: 'Salon',
        locale: 'en',
        time_zone: 'UTC',
        owner_id: 1,
        token: `1:${SECRET}`,
        token_fingerprint: 'f'.repeat(32),
        drop_pending_updates: false,
        postgres: { user: postgres.user, password: postgres.password },
        redis: { user: redis.user, password: redis.password },
      },
      holder: 'me',
      kind: { name: 'booking', install: () => ({ onStarted: async () => undefined, close: async () => undefined }) },
      clock: systemClock(),
      logger: QUIET,
    });
    await expect(starting).rejects.toMatchObject({ code: 'token_invalid' });
    // Nobody renews it: had the end of the wait been waited for, it would have lapsed.
    expect(await opened.redis.get(keys.botLease('f'.repeat(32)))).toBe('another');
    telegram.close();
  });
});

describe('an error that nobody foresaw', () => {
  /** On SIGUSR2 nobody hears of a failed request, on SIGWINCH one is thrown where nobody catches it. */
  const TROUBLE = `
    import grammy from ${JSON.stringify(pathToFileURL(createRequire(import.meta.url).resolve('grammy')).href)};
    const url = 'https://api.telegram.org/bot123456789:' + process.env.TEST_SECRET + '/getMe';
    const failure = () => new grammy.HttpError('Network request for getMe failed! (' + url + ')', new TypeError(url));
    process.on('SIGUSR2', () => { Promise.reject(failure()); });
    process.on('SIGWINCH', () => setImmediate(() => { throw failure(); }));`;

  beforeAll(() => writeFile(join(stack.folder, 'trouble.mjs'), TROUBLE));

  interface Child extends AsyncDisposable {
    readonly process: ChildProcess;
    readonly output: () => string;
  }

  async function startChild(entry: string, args: string[], env: Record<string, string>, ready: RegExp): Promise<Child> {
    const nodeArgs = ['--import', join(stack.folder, 'trouble.mjs'), join(ROOT, entry), ...args];
    const child = spawn(process.execPath, nodeArgs, {
      cwd: ROOT,
      env: { PATH: process.env['PATH'] ?? '', LANG: 'C', TEST_SECRET: SECRET, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const texts: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => texts.push(data.toString()));
    const output = (): string => texts.join('');
    const ended = once(child, 'close');
    const dispose = async (): Promise<void> => {
      if (child.exitCode === null) child.kill('SIGTERM');
      await ended;
    };
    await until(`${entry} runs`, () => ready.test(output()) || child.exitCode !== null, 50_000);
    if (!ready.test(output())) {
      await dispose();
      throw new Error(output());
    }
    return { process: child, output, [Symbol.asyncDispose]: dispose };
  }

  async function expectScrubbedEnd(child: Child, signal: NodeJS.Signals): Promise<void> {
    const ended = once(child.process, 'close');
    child.process.kill(signal);
    await ended;
    expect(child.output()).not.toContain(SECRET);
    expect(child.output()).toContain('HttpError');
    expect(child.process.exitCode, child.output()).toBe(1);
  }

  describe.each(['SIGUSR2', 'SIGWINCH'] as const)('by %s', (signal) => {
    it('ends a pool bot, which takes its leave, without its token in a line', async () => {
      const { host, port, user, password } = stack.redis;
      using opened = openTestRedis();
      const env = {
        BOT_POOL_ID: '9',
        REDIS_HOST: host,
        REDIS_PORT: String(port),
        REDIS_USERNAME: user,
        REDIS_PASSWORD: password,
      };
      await using bot = await startChild('bot-runtime/roles/pool-bot.ts', [], env, /Waiting for configuration/);
      expect(await opened.redis.zcard(keys.poolWaiting)).toBe(1);
      await expectScrubbedEnd(bot, signal);
      expect(bot.output()).toContain('"level":"fatal"');
      expect(await opened.redis.zcard(keys.poolWaiting)).toBe(0);
      expect(await opened.redis.exists(keys.botStatus('booking-bot-pool-9'))).toBe(0);
    });

    it('ends the sandbox', async () => {
      const env = { SANDBOX_PORT: String(await freePort()) };
      await using sandbox = await startChild('src/sandbox/main.ts', [], env, /SANDBOX STARTED/);
      await expectScrubbedEnd(sandbox, signal);
    });
  });

  it('ends a host in order, with all that it runs', async () => {
    const env = {
      ENGINE: 'process',
      BOTPOOL_HOME: join(stack.folder, 'home'),
      POOL_BOTS: '1',
      SPARE_SCHEMAS: '1',
      POSTGRES_PORT: String(await freePort()),
      REDIS_PORT: String(await freePort()),
      SANDBOX_PORT: String(await freePort()),
      PANEL_PORT: String(await freePort()),
    };
    await using host = await startChild('src/main/cli/main.ts', ['start'], env, /is ready after/);
    await expectScrubbedEnd(host, 'SIGUSR2');
    expect(host.output()).toContain('Stopped. Data stays.');
  });
});
