import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownMasterKey } from './master-key.ts';
import { ownPassword } from './secret-file.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'botpool-secret-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** What tells that PostgreSQL has data. */
async function makeData(): Promise<void> {
  await mkdir(join(home, 'data/postgres/cluster'), { recursive: true });
  await writeFile(join(home, 'data/postgres/cluster/PG_VERSION'), '18\n');
}

describe('a secret in a file', () => {
  it('is made once, is private, and nothing is left beside it', async () => {
    const file = join(home, 'secrets/password');
    const all = await Promise.all(Array.from({ length: 8 }, () => ownPassword(file)));
    expect(new Set(all).size).toBe(1);
    expect(all[0]).toMatch(/^[\w-]{32}$/);
    expect(await ownPassword(file, home)).toBe(all[0]);
    expect(await readdir(join(home, 'secrets'))).toEqual(['password']);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(home, 'secrets'))).mode & 0o777).toBe(0o700);
  });

  it('is read as an older version has written it', async () => {
    await writeFile(join(home, 'password'), 'old');
    expect(await ownPassword(join(home, 'password'), home)).toBe('old');
  });

  it('is made anew when it is empty and nothing was made with it', async () => {
    const file = join(home, 'password');
    await writeFile(file, '');
    expect(await ownPassword(file, join(home, 'nothing'))).toMatch(/^[\w-]{32}$/);
  });

  it.each([
    ['empty', async (file: string) => writeFile(file, '\n')],
    ['missing', async () => undefined],
  ])('is never made anew when it is %s beside data', async (state, prepare) => {
    const file = join(home, 'password');
    await prepare(file);
    const before = await readdir(home);
    const what = `${file} (it is ${state}, but ${home} was made with it; bring it back from a backup)`;
    await expect(ownPassword(file, home)).rejects.toMatchObject({ code: 'secret_unreadable', data: { what } });
    expect(await readdir(home)).toEqual(before);
  });

  it('that cannot be read is named, data or not', async () => {
    const what = `${home} (EISDIR)`;
    await expect(ownPassword(home)).rejects.toMatchObject({ code: 'secret_unreadable', data: { what } });
  });
});

describe('the master key', () => {
  it('is the same at every start', async () => {
    const file = join(home, 'secrets/master.key');
    const key = await ownMasterKey(file);
    expect(key).toHaveLength(32);
    await makeData();
    expect(await ownMasterKey(file)).toEqual(key);
  });

  it('is not made anew for an installation that has data', async () => {
    const file = join(home, 'secrets/master.key');
    await makeData();
    await expect(ownMasterKey(file)).rejects.toMatchObject({ code: 'secret_unreadable' });
    await mkdir(join(home, 'secrets'));
    await writeFile(file, '');
    await expect(ownMasterKey(file)).rejects.toMatchObject({ code: 'secret_unreadable' });
    expect(await readFile(file, 'utf8')).toBe('');
  });

  it('of another length is refused and kept', async () => {
    const file = join(home, 'master.key');
    await writeFile(file, 'c2hvcnQ\n');
    await expect(ownMasterKey(file)).rejects.toMatchObject({ code: 'secret_unreadable' });
    expect(await readFile(file, 'utf8')).toBe('c2hvcnQ\n');
  });
});
