import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect, promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectControlPlane } from '#main/headless/client.ts';
import { removeHostFile, runFolder, writeHostFile } from '#main/headless/host-file.ts';
import { startApiServer } from '#main/headless/server.ts';
import type { SandboxChat } from '#main/sandbox/sandbox-client.ts';
import { type Client, type PoolWorld, startPoolWorld } from '../support/pool-world.ts';
import { connectRedis } from '../support/stack.ts';
import { until } from '../support/until.ts';

const MAIN = new URL('../../src/main/cli/main.ts', import.meta.url).pathname;

/** What a host shows while it runs. */
interface Answers {
  readonly api: readonly string[];
  readonly cli: readonly string[];
  readonly run: readonly string[];
}

/** An error with its causes and all their fields: that is where a token would hide. */
function textOf(error: unknown): string {
  return inspect(error, { depth: 10, showHidden: true });
}

async function press(chat: SandboxChat, label: RegExp): Promise<void> {
  const message = (await chat.read()).messages.findLast(({ from }) => from === 'bot');
  const button = message?.buttons.flat().findLast(({ text }) => label.test(text));
  if (button?.data === undefined) throw new Error(`no button ${label} below “${message?.text}”`);
  const { answer } = await chat.press({ data: button.data, waitMs: 10_000 });
  if (answer === null) throw new Error(`the press of ${label} was never answered`);
}

describe('secrets', () => {
  let world: PoolWorld;
  beforeAll(async () => {
    world = await startPoolWorld({ bots: 3 });
    // As in an installation that keeps its data: what Redis is told stands in a file.
    const redis = connectRedis(world.plane.servers.redis);
    await redis.config('SET', 'appendonly', 'yes');
    redis.disconnect();
  }, 90_000);
  afterAll(() => world[Symbol.asyncDispose]());

  async function redisTexts(): Promise<string[]> {
    const redis = connectRedis(world.plane.servers.redis);
    const texts: string[] = [];
    for (const key of await redis.keys('*')) {
      const type = await redis.type(key);
      if (type === 'stream') texts.push(JSON.stringify(await redis.xrange(key, '-', '+')));
      else if (type === 'string') texts.push((await redis.get(key)) ?? '');
      else if (type === 'hash') texts.push(JSON.stringify(await redis.hgetall(key)));
      else if (type === 'list') texts.push(JSON.stringify(await redis.lrange(key, 0, '-1')));
      else if (type === 'set') texts.push(JSON.stringify(await redis.smembers(key)));
      else texts.push(JSON.stringify(await redis.zrange(key, 0, '-1')));
      texts.push(key);
    }
    texts.push(String(await redis.call('ACL', 'LIST')));
    redis.disconnect();
    return texts;
  }

  async function postgresTexts(): Promise<string[]> {
    const { database } = world.plane;
    const { rows: tables } = await database.query<{ name: string }>(
      `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
       WHERE schemaname = 'control' OR schemaname LIKE 'client\\_%'`,
    );
    const texts: string[] = [];
    for (const { name } of tables) {
      const { rows } = await database.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      texts.push(...rows.map(({ row }) => row));
    }
    const { rows } = await database.query<{ query: string }>('SELECT query FROM pg_stat_activity');
    return [...texts, ...rows.map(({ query }) => query)];
  }

  async function filesBelow(folder: string, except: readonly string[] = []): Promise<string[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && !except.includes(entry.name));
    return await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')));
  }

  async function book(client: Client): Promise<void> {
    const chat = await world.newCustomer(client);
    await chat.start();
    await chat.waitFor({ timeoutMs: 30_000 });
    // The next month always has a day that is not over.
    for (const label of [/Book a visit/, / · /, /^›$/, /^\d+$/, /^\d\d:\d\d$/, /without a number/, /Confirm/])
      await press(chat, label);
    expect((await chat.read()).messages.findLast(({ from }) => from === 'bot')?.text).toContain('You are booked');
  }

  /** What the API and the command line say to an operator, failures too. */
  async function answers(client: Client, refused: Client): Promise<Answers> {
    const token = 'token-of-the-api-in-this-test';
    await using api = await startServer(token);
    const connection = await connectControlPlane({ url: api.url, token });
    const { pool, tenants, logs, activations } = connection.client;
    const { clientId, company, ownerId, token: refusedToken } = refused.input;
    const activation = { clientId, company, ownerId, locale: 'en' as const, timeZone: 'UTC', token: refusedToken };
    const texts = [
      JSON.stringify([
        await pool.status(),
        await tenants.list(),
        await tenants.show({ clientId: client.input.clientId }),
      ]),
      await activations.activate(activation).then(JSON.stringify, textOf),
    ];
    for await (const { text } of await logs.follow({ follow: false })) texts.push(text);
    connection.close();
    await writeHostFile(world.home, { url: api.url, token, startedAt: new Date() });
    const commands = [['status'], ['tenants', 'list'], ['tenants', 'show', client.input.clientId], ['logs']];
    const runs = commands.flatMap((command) => [command, [...command, '--json']]);
    const cli = await Promise.all(
      runs.map(async (command) => {
        const { stdout, stderr } = await promisify(execFile)(process.execPath, [MAIN, ...command], {
          env: { PATH: process.env['PATH'], BOTPOOL_HOME: world.home },
        });
        return `${stdout}${stderr}`;
      }),
    );
    return { api: texts, cli, run: await filesBelow(runFolder(world.home)) };
  }

  async function startServer(token: string) {
    const api = await startApiServer({ controlPlane: world.plane, port: 0, token, onStop: () => undefined });
    const close = async (): Promise<void> => {
      await removeHostFile(world.home);
      await api.close();
    };
    return { url: api.url, [Symbol.asyncDispose]: close };
  }

  it('of a run with activations, failures, bookings and kills appear nowhere in the clear', async () => {
    const client = await world.newClient();
    const { container } = await world.activate(client);
    await world.expectAnswer(client);
    const first = await world.credentials(client);
    const errors: string[] = [];
    const note = (step: Promise<unknown>): Promise<unknown> =>
      step.catch((error: unknown) => void errors.push(textOf(error)));
    const unknown = await world.newClient({ token: `777000222:${'B'.repeat(35)}` });
    await note(world.activate(unknown));
    const taken = await world.newClient({ token: client.token });
    await note(world.activate(taken));
    const malformed = await world.newClient({ token: `${client.token}!` });
    await note(world.activate(malformed));
    await book(client);
    await world.sandbox.failNextCalls({ bot: client.botId, drop: 'before', times: 1 });
    await world.plane.engine.kill(container, 'SIGKILL');
    await world.expectAnswer(client);
    const second = await until('another one serves', async () => {
      const open = await world.open(client);
      return open?.state === 'active' ? await world.credentials(client) : undefined;
    });
    expect(second.postgresPassword).not.toBe(first.postgresPassword);

    const { api, cli, run } = await answers(client, unknown);
    const { stdout: processes } = await promisify(execFile)('ps', ['axww', '-o', 'args']);
    const places: Readonly<Record<string, readonly string[]>> = {
      'log lines of the control plane': world.lines,
      'log files of the bots': await filesBelow(join(world.home, 'engine')),
      'bundled bots': await filesBelow(join(world.home, 'runtime')),
      'files of the running host': run,
      // The two that let the administrator in hold his password by right.
      'files of Redis': await filesBelow(join(world.home, 'data/redis'), ['password', 'users.acl']),
      'answers of the API': api,
      'output of the command line': cli,
      Redis: await redisTexts(),
      PostgreSQL: await postgresTexts(),
      'texts of errors': errors,
      'command lines': [processes],
    };
    const secrets = {
      token: client.token,
      'secret part of the token': client.token.split(':')[1] ?? '',
      'unknown token': String(unknown.input.token),
      ...Object.fromEntries(
        [first, second].flatMap(({ postgresPassword, redisPassword }, index) => [
          [`password ${index} of PostgreSQL`, postgresPassword],
          [`password ${index} of Redis`, redisPassword],
        ]),
      ),
      'administrator of PostgreSQL': world.plane.servers.postgres.password,
      'administrator of Redis': world.plane.servers.redis.password,
      'master key': (await readFile(join(world.home, 'secrets/master.key'), 'utf8')).trim(),
    };
    // What is searched is really there.
    expect(places['files of Redis']?.join('')).toContain(client.input.clientId);
    expect(places['output of the command line']?.join('')).toContain(client.input.clientId);
    expect(errors).toHaveLength(3);
    const found = Object.entries(places).flatMap(([place, texts]) => {
      expect(texts.length, place).toBeGreaterThan(0);
      const leaked = Object.entries(secrets).filter(([, secret]) => texts.some((text) => text.includes(secret)));
      return leaked.map(([name]) => `${name} in ${place}`);
    });
    expect(found).toEqual([]);
  });
});
