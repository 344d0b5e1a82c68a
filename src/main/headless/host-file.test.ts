import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { isAlive, lockHost, readHostFile, removeHostFile, runFolder, writeHostFile } from './host-file.ts';

const FACTS = { url: 'http://127.0.0.1:17373', token: 'a'.repeat(43), startedAt: new Date(0) };

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'botpool-host-file-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** A process that has ended. */
async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

it('is found while its process runs, is private, and goes away', async () => {
  expect(await readHostFile(home)).toBeUndefined();
  await writeHostFile(home, FACTS);
  expect(await readHostFile(home)).toMatchObject({
    pid: process.pid,
    url: FACTS.url,
    startedAt: '1970-01-01T00:00:00.000Z',
  });
  expect((await stat(join(runFolder(home), 'host.json'))).mode & 0o777).toBe(0o600);
  await removeHostFile(home);
  expect(await readHostFile(home)).toBeUndefined();
});

it('of a dead process counts for nothing', async () => {
  await writeHostFile(home, FACTS);
  const path = join(runFolder(home), 'host.json');
  const content = JSON.parse(await readFile(path, 'utf8')) as object;
  await writeFile(path, JSON.stringify({ ...content, pid: await deadProcess() }));
  expect(await readHostFile(home)).toBeUndefined();
});

it.runIf(process.platform === 'linux')('tells a process from a later one of the same number', async () => {
  expect(await isAlive({ pid: process.pid, processStart: '1' })).toBe(false);
  expect(await isAlive({ pid: process.pid })).toBe(true);
});

it('lets one host in, and names it to the second', async () => {
  const lock = await lockHost(home);
  const refused = await lockHost(home).catch((error: unknown) => error);
  expect(isBotpoolError(refused, 'already_running') && refused.data).toEqual({ pid: process.pid, folder: home });
  await lock.release();
  await (await lockHost(home)).release();
  expect(await readdir(runFolder(home))).toEqual([]);
});

it('takes over the lock of a dead host, and exactly one of many does', async () => {
  await (await lockHost(home)).release();
  await writeFile(join(runFolder(home), 'host.lock'), JSON.stringify({ pid: await deadProcess(), processStart: '1' }));
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockHost(home)));
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
});
