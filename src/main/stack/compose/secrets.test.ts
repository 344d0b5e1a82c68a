import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareComposeSecrets } from './secrets.ts';

let folder: string;

beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'botpool-secrets-')), 'secrets');
});

afterAll(() => rm(join(folder, '..'), { recursive: true, force: true }));

it('makes the files once, readable for services inside a folder that is closed to strangers', async () => {
  const made = await prepareComposeSecrets(folder);
  expect(await prepareComposeSecrets(folder)).toEqual(made);
  const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
  expect(await mode(folder)).toBe(0o700);
  for (const name of ['postgres-password', 'redis-password', 'redis-users.acl']) {
    expect([name, await mode(join(folder, name))]).toEqual([name, 0o444]);
  }
  // Whoever reads it takes the line without its end, as `$(<file)` does.
  expect((await readFile(join(folder, 'postgres-password'), 'utf8')).trimEnd()).toBe(made.postgresPassword);
});

it('lets nobody into Redis but the administrator, and the health check say PING', async () => {
  const { redisPassword } = await prepareComposeSecrets(folder);
  const users = (await readFile(join(folder, 'redis-users.acl'), 'utf8')).trimEnd().split('\n');
  expect(users).toEqual([
    'user default off resetpass resetkeys resetchannels -@all',
    `user botpool on >${redisPassword} ~* &* +@all`,
    'user health on nopass resetkeys resetchannels -@all +ping',
  ]);
});
