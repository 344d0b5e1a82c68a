/** The small Debian system under every stand-in: made once by mmdebstrap, kept as a tar, imported when it is missing. */
import { access, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { runCommand, runOrFail } from '../../engine/process/programs/run-command.ts';
import { RELEASE } from './debian-source.ts';

/** The base as files of the cache. */
export interface BaseSystem {
  readonly tar: string;
  /** Its `/var/lib/dpkg/status`: what need not be unpacked again. */
  readonly status: string;
}

/** Beyond what is essential: accounts, certificates, time zones, and the C++ library that Node needs. */
const PACKAGES = 'adduser,passwd,ca-certificates,libstdc++6,tzdata';
const LEFT_OUT = ['man', 'doc', 'locale', 'info'];
const MAKE_MS = 600_000;

/** Makes the system, or finds the one that was made. Fails with `program_missing` without mmdebstrap. */
export async function ensureBaseSystem(
  folder: string,
  sources: readonly string[],
  env: Readonly<Record<string, string>>,
  refresh: boolean,
): Promise<BaseSystem> {
  const base = { tar: join(folder, 'base.tar'), status: join(folder, 'base.status') };
  if (!refresh && (await exists(base.status))) return base;
  await ensureMaker(env);
  await rm(base.status, { force: true });
  const part = join(folder, 'base.part.tar');
  const options = LEFT_OUT.map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);
  const args = [
    ...['--quiet', '--variant=apt', `--include=${PACKAGES}`, ...options],
    ...['--aptopt=Acquire::Languages "none"', '--aptopt=Acquire::Retries "3"'],
    ...[RELEASE, part, ...sources],
  ];
  await runOrFail('mmdebstrap', args, { env: { ...env, SOURCE_DATE_EPOCH: '0' }, timeoutMs: MAKE_MS });
  const status = await runOrFail('tar', ['-xOf', part, './var/lib/dpkg/status'], { env });
  await rename(part, base.tar);
  // Last of all: where the status is, the tar is whole.
  await writeFile(base.status, status);
  return base;
}

async function ensureMaker(env: Readonly<Record<string, string>>): Promise<void> {
  if (await hasMaker(env)) return;
  const install = ['-qq', 'install', '-y', '--no-install-recommends', 'mmdebstrap'];
  const root = process.getuid?.() === 0;
  const options = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, timeoutMs: MAKE_MS };
  if (root && (await runCommand('apt-get', install, options)).code !== 0) {
    await runCommand('apt-get', ['-qq', 'update'], options);
    await runCommand('apt-get', install, options);
  }
  if (root && (await hasMaker(env))) return;
  throw new BotpoolError('program_missing', {
    program: 'mmdebstrap',
    remedy: 'Install it (apt-get install mmdebstrap) and try again.',
  });
}

async function hasMaker(env: Readonly<Record<string, string>>): Promise<boolean> {
  return await runCommand('mmdebstrap', ['--version'], { env }).then(
    ({ code }) => code === 0,
    () => false,
  );
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
