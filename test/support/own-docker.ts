/**
 * A Docker engine of one test, to be stopped and started again. It lives in a network namespace of its own: even an
 * engine that is told to have no bridge deletes `docker0` when it starts, and with it the network of whoever runs
 * beside it. Needs root.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { until } from './until.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const UNPACKED = join(ROOT, '.cache/docker-ci/root/usr/sbin/dockerd');
const PREFIX = 'botpool-own-docker-';
const run = promisify(execFile);

/** The engine and its switch. */
export interface OwnDocker {
  /** For DOCKER_HOST. */
  readonly address: string;
  readonly docker: Docker;
  /** The folder in which it keeps images and containers. */
  readonly data: string;
  /** As a host does it that shuts down. */
  stop(): Promise<void>;
  start(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Of the engine that runs here, or of the one that the project can unpack. */
async function findDockerd(): Promise<string> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    const path = name === 'dockerd\n' ? await readlink(`/proc/${pid}/exe`).catch(() => '') : '';
    if (existsSync(path)) return path;
  }
  if (!existsSync(UNPACKED)) await run(join(ROOT, 'scripts/docker-engine.sh'), ['unpack']);
  return UNPACKED;
}

/** Removes what runs have left whose process is gone. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = name.startsWith(PREFIX) ? name.slice(PREFIX.length).split('-')[0] : undefined;
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    // It may have had a disk of its own.
    await run('umount', ['--lazy', join(folder, name)]).catch(() => undefined);
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Starts it; with `diskMiB`, on a disk of its own that is so small. */
export async function startOwnDocker({ diskMiB }: { readonly diskMiB?: number } = {}): Promise<OwnDocker> {
  const dockerd = await findDockerd();
  // The paths of sockets must be short, so they cannot lie with the data.
  const [sockets, cache] = ['/var/run', join(ROOT, '.cache')];
  await mkdir(cache, { recursive: true });
  await Promise.all([sockets, cache].map(sweep));
  const folder = await mkdtemp(join(sockets, `${PREFIX}${process.pid}-`));
  const data = await mkdtemp(join(cache, `${PREFIX}${process.pid}-`));
  const socketPath = join(folder, 'docker.sock');
  const docker = new Docker({ socketPath, host: undefined });
  if (diskMiB !== undefined) await run('mount', ['-t', 'tmpfs', '-o', `size=${diskMiB}m`, 'tmpfs', data]);
  let engine: ChildProcess | undefined;
  const own: OwnDocker = {
    address: `unix://${socketPath}`,
    docker,
    data,
    async start() {
      const places = ['--host', own.address, '--data-root', data, '--exec-root', join(folder, 'exec')];
      const apart = ['--pidfile', join(folder, 'pid'), '--bridge', 'none', '--iptables=false', '--ip-forward=false'];
      const bin = resolve(dirname(dockerd), '../bin');
      const env = { ...process.env, PATH: `${bin}:${dirname(dockerd)}:${process.env['PATH']}` };
      // It ends with this process, however that ends.
      const apartFromOthers = ['--pdeathsig', 'TERM', '/usr/bin/unshare', '--net'];
      const command = [...apartFromOthers, dockerd, ...places, ...apart, '--log-level', 'error'];
      engine = spawn('/usr/bin/setpriv', command, { env, stdio: 'ignore' });
      await until('the engine answers', async () => (await docker.ping()) !== undefined);
    },
    async stop() {
      if (engine === undefined || engine.exitCode !== null) return;
      const ended = once(engine, 'exit');
      engine.kill('SIGTERM');
      await ended;
    },
    async [Symbol.asyncDispose]() {
      await own.stop();
      if (diskMiB !== undefined) await run('umount', ['--lazy', data]);
      await Promise.all([folder, data].map((each) => rm(each, { recursive: true, force: true })));
    },
  };
  await own.start();
  return own;
}
