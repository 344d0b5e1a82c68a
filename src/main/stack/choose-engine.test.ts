import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { chooseEngine, orderOf } from './choose-engine.ts';

async function home(...files: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'botpool-choose-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const file of files) {
    await mkdir(join(folder, file, '..'), { recursive: true });
    await writeFile(join(folder, file), '');
  }
  return folder;
}

const TRIED = '/var/run/docker.sock (default socket) is not there';
const connect = () => Promise.reject(new BotpoolError('engine_unreachable', { tried: TRIED }));

it('stays with what the data was made with', () => {
  expect(orderOf('auto', { process: false, docker: false })).toBe('either');
  expect(orderOf('auto', { process: true, docker: false })).toBe('process');
  expect(orderOf('auto', { process: false, docker: true })).toBe('docker');
  expect(orderOf('auto', { process: true, docker: true })).toBe('docker');
  expect(orderOf('docker', { process: true, docker: false })).toBe('docker');
  expect(orderOf('process', { process: false, docker: true })).toBe('process');
});

it('takes child processes where no Docker answers, and says of each socket why', async () => {
  const chosen = await chooseEngine({ wished: 'auto', home: await home(), connect, env: {} });
  expect(chosen).toMatchObject({ kind: 'process', why: expect.stringContaining(TRIED) });
});

it('does not put an empty installation in the place of one whose Docker is away', async () => {
  const chosen = chooseEngine({ wished: 'auto', home: await home('secrets/postgres-password'), connect, env: {} });
  await expect(chosen).rejects.toMatchObject({ code: 'engine_unreachable' });
});

it('fails when Docker is wished and does not answer', async () => {
  const chosen = chooseEngine({ wished: 'docker', home: await home(), connect, env: {} });
  await expect(chosen).rejects.toMatchObject({ code: 'engine_unreachable' });
});

it('does not look for Docker where the data is of child processes, and says so', async () => {
  const never = () => Promise.reject(new Error('nobody shall look'));
  const folder = await home('data/postgres/cluster/PG_VERSION');
  const chosen = await chooseEngine({ wished: 'auto', home: folder, connect: never, env: {} });
  expect(chosen).toMatchObject({ kind: 'process', why: expect.stringContaining('made without Docker') });
});
