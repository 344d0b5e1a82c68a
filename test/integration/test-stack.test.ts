import { describe, expect, it } from 'vitest';
import { createTestDatabase, createTestRedis } from '../support/stack.ts';

describe('the stack of a test run', () => {
  it('gives every test an empty database with btree_gist', async () => {
    await using one = await createTestDatabase();
    await using other = await createTestDatabase();
    await one.database.query('CREATE TABLE t (a int, b text, EXCLUDE USING gist (a WITH =, b WITH =))');
    const { rows } = await other.database.query("SELECT to_regclass('t') AS found");
    expect(rows).toEqual([{ found: null }]);
  });

  it('gives every test a Redis of its own', async () => {
    await using one = await createTestRedis();
    await using other = await createTestRedis();
    await one.redis.set('key', 'value');
    expect(await other.redis.get('key')).toBeNull();
    await one.redis.call('ACL', 'SETUSER', 'guest', 'on', '>secret', '~guest:*', '+@all');
    await expect(other.redis.call('AUTH', 'guest', 'secret')).rejects.toThrow('WRONGPASS');
  });

  it('lets nobody in without a password', async () => {
    await using own = await createTestRedis();
    const { Redis } = await import('ioredis');
    const stranger = new Redis({ host: own.facts.host, port: own.facts.port, retryStrategy: () => null });
    stranger.on('error', () => undefined);
    await expect(stranger.set('key', 'value')).rejects.toThrow('NOAUTH');
    stranger.disconnect();
  });
});
