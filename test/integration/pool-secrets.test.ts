import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PoolWorld, startPoolWorld } from '../support/pool-world.ts';
import { connectRedis } from '../support/stack.ts';
import { until } from '../support/until.ts';

describe('secrets', () => {
  let world: PoolWorld;
  beforeAll(async () => {
    world = await startPoolWorld({ bots: 3 });
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

  async function filesBelow(folder: string): Promise<string[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')));
  }

  it('of a run with activations, failures, messages and kills appear nowhere in the clear', async () => {
    const client = await world.newClient();
    const { container } = await world.activate(client);
    await world.expectAnswer(client);
    const first = await world.credentials(client);
    const errors: string[] = [];
    const note = (step: Promise<unknown>): Promise<unknown> =>
      step.catch((error: unknown) => {
        errors.push(
          error instanceof Error ? `${error.message} ${error.stack} ${JSON.stringify(error)}` : String(error),
        );
      });
    const unknown = await world.newClient({ token: `777000222:${'B'.repeat(35)}` });
    await note(world.activate(unknown));
    const taken = await world.newClient({ token: client.token });
    await note(world.activate(taken));
    const malformed = await world.newClient({ token: `${client.token}!` });
    await note(world.activate(malformed));
    await world.sandbox.failNextCalls({ bot: client.botId, drop: 'before', times: 1 });
    await world.plane.engine.kill(container, 'SIGKILL');
    await world.expectAnswer(client);
    const second = await until('another one serves', async () => {
      const open = await world.open(client);
      return open?.state === 'active' ? await world.credentials(client) : undefined;
    });
    expect(second.postgresPassword).not.toBe(first.postgresPassword);

    const { stdout: processes } = await promisify(execFile)('ps', ['axww', '-o', 'args']);
    const places: Readonly<Record<string, readonly string[]>> = {
      'log lines of the control plane': world.lines,
      'log files of the bots': await filesBelow(join(world.home, 'engine')),
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
    };
    expect(errors).toHaveLength(3);
    const found = Object.entries(places).flatMap(([place, texts]) => {
      expect(texts.length, place).toBeGreaterThan(0);
      const leaked = Object.entries(secrets).filter(([, secret]) => texts.some((text) => text.includes(secret)));
      return leaked.map(([name]) => `${name} in ${place}`);
    });
    expect(found).toEqual([]);
  });
});
