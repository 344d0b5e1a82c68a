import { rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '#core/postgres/database.ts';
import { preparePostgres } from '#main/stack/embedded/postgres.ts';
import { startTestStack } from '../support/own-stack.ts';
import { connectRedis } from '../support/stack.ts';

describe('the embedded stack', () => {
  it('comes back with its data after PostgreSQL and Redis were killed', async () => {
    await using stack = await startTestStack({ durable: true });
    const { engine } = stack;
    const database = openDatabase({ ...stack.postgres, database: 'postgres', max: 2, applicationName: 'test' });
    const redis = connectRedis(stack.redis);
    try {
      await database.query('CREATE TABLE kept AS SELECT 42 AS answer');
      await redis.set('kept', '42');
      const before = await Promise.all(['booking-postgres', 'booking-redis'].map((name) => engine.inspect(name)));
      await Promise.all(before.map(({ name }) => engine.kill(name, 'SIGKILL')));
      await stack.ready();
      const after = await Promise.all(before.map(({ name }) => engine.inspect(name)));
      expect(after.every(({ pid }, index) => pid !== before[index]?.pid)).toBe(true);
      expect((await database.query('SELECT answer FROM kept')).rows).toEqual([{ answer: 42 }]);
      expect(await redis.get('kept')).toBe('42');
    } finally {
      redis.disconnect();
      await database.close();
    }
  });

  it('never makes a password anew for a cluster that was made with another one', async () => {
    await using stack = await startTestStack();
    const dataDir = join(stack.folder, 'postgres');
    const options = { programs: stack.programs.postgres, dataDir, port: stack.postgres.port, durable: false };
    expect((await preparePostgres(options)).facts.password).toBe(stack.postgres.password);
    const file = join(dataDir, 'password');
    await truncate(file);
    const refusal = { code: 'secret_unreadable', data: { what: expect.stringContaining(`${file} (it is empty`) } };
    await expect(preparePostgres(options)).rejects.toMatchObject(refusal);
    await rm(file);
    await expect(preparePostgres(options)).rejects.toMatchObject({ code: 'secret_unreadable' });
  });

  it('dumps and restores through exec without naming host or password', async () => {
    await using stack = await startTestStack();
    const { engine } = stack;
    const psql = ['psql', '-c', 'CREATE TABLE kept AS SELECT 42 AS answer', 'postgres'];
    expect(await (await engine.exec('booking-postgres', psql)).exitCode).toBe(0);
    const dump = await engine.exec('booking-postgres', ['pg_dump', '-Fc', 'postgres']);
    const made = await engine.exec('booking-postgres', ['createdb', 'copy']);
    expect(await made.exitCode).toBe(0);
    const restore = await engine.exec('booking-postgres', ['pg_restore', '-d', 'copy']);
    dump.stdout.pipe(restore.stdin);
    expect(await Promise.all([dump.exitCode, restore.exitCode])).toEqual([0, 0]);
    const database = openDatabase({ ...stack.postgres, database: 'copy', max: 1, applicationName: 'test' });
    expect((await database.query('SELECT answer FROM kept')).rows).toEqual([{ answer: 42 }]);
    await database.close();
  });

  it('freezes PostgreSQL with all its sessions, and thaws it', async () => {
    await using stack = await startTestStack();
    const database = openDatabase({ ...stack.postgres, database: 'postgres', max: 1, applicationName: 'test' });
    await database.query('SELECT 1');
    await stack.engine.kill('booking-postgres', 'SIGSTOP');
    let answered = false;
    const asked = database.query('SELECT 2 AS two').then((result) => {
      answered = true;
      return result;
    });
    const second = await startTestStack();
    await second[Symbol.asyncDispose]();
    expect(answered).toBe(false);
    await stack.engine.kill('booking-postgres', 'SIGCONT');
    expect((await asked).rows).toEqual([{ two: 2 }]);
    await database.close();
  });
});
