/** `npm start` as an operator meets it over days: it comes back with its clients, also after the worst ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSandboxClient, type SandboxChat } from '#main/sandbox/sandbox-client.ts';
import { freePort } from '#main/stack/embedded/free-port.ts';
import { until } from '../support/until.ts';

const ROOT = join(import.meta.dirname, '../..');
const READY_MS = 60_000;

let home: string;
let environment: Record<string, string>;
let chat: SandboxChat;
let running: Host | undefined;

interface Host {
  readonly process: ChildProcess;
  readonly output: () => string;
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'botpool-start-'));
  environment = {
    PATH: process.env['PATH'] ?? '',
    LANG: 'C',
    BOTPOOL_HOME: home,
    ENGINE: 'process',
    POOL_BOTS: '3',
    AUTOSCALER: 'off',
    SPARE_SCHEMAS: '2',
    POSTGRES_PORT: String(await freePort()),
    REDIS_PORT: String(await freePort()),
    SANDBOX_PORT: String(await freePort()),
    PANEL_PORT: String(await freePort()),
  };
});

afterAll(async () => {
  if (running !== undefined) await stop(running, 'SIGTERM');
  await rm(home, { recursive: true, force: true });
});

/** Starts the product and waits until it says that it is ready. */
async function start(): Promise<Host> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts/start.mjs')], { env: environment, cwd: ROOT });
  const texts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => texts.push(data.toString()));
  const output = (): string => texts.join('');
  running = { process: child, output };
  await until(
    'ready',
    () => /Ctrl-C stops everything/.test(output()) || (child.exitCode !== null && Promise.reject(output())),
    READY_MS,
  );
  return running;
}

async function stop(host: Host, signal: NodeJS.Signals): Promise<number | null> {
  running = undefined;
  if (host.process.exitCode === null) {
    host.process.kill(signal);
    await once(host.process, 'exit');
  }
  return host.process.exitCode;
}

function botpool(...args: string[]): Promise<{ readonly code: number | null; readonly text: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'src/main/cli/main.ts'), ...args], { env: environment, cwd: ROOT });
  const texts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => texts.push(data.toString()));
  return once(child, 'close').then(() => ({ code: child.exitCode, text: texts.join('') }));
}

/** Processes whose command line or environment names this installation's folder. */
function relatives(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => ['cmdline', 'environ'].some((file) => read(`/proc/${pid}/${file}`).includes(home)))
    .map((pid) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

async function greet(): Promise<string> {
  await chat.start();
  return (await chat.waitFor({ timeoutMs: 30_000 }))?.text ?? 'no answer';
}

it('starts, serves a client, and refuses a second start', async () => {
  await start();
  const sandbox = createSandboxClient(`http://127.0.0.1:${environment['SANDBOX_PORT']}`);
  const owner = await sandbox.createPerson({ name: 'Anna', languageCode: 'en' });
  const bot = await sandbox.createBot({ ownerId: owner.id, name: 'Anna Nails', username: 'anna_nails_bot' });
  const customer = await sandbox.createPerson({ name: 'Olga', languageCode: 'en' });
  chat = sandbox.chat(bot.username, customer.id);
  const activated = await botpool(
    ...['activate', '--client', 'client_001', '--token', bot.token],
    ...['--admin', String(owner.id), '--company', 'Anna Nails'],
  );
  expect(activated).toMatchObject({ code: 0 });
  expect(activated.text).not.toContain(bot.token.split(':')[1]);
  expect(await greet()).toContain('Hello, Olga');
  const second = await botpool('start');
  expect(second.code).toBe(1);
  expect(second.text).toContain('already runs');
});

it('stops everything on Ctrl-C and comes back with its client', async () => {
  const host = running;
  expect(host).toBeDefined();
  if (host !== undefined) expect(await stop(host, 'SIGINT')).toBe(0);
  await until('nothing of it runs', () => relatives().length === 0);
  await start();
  expect(await greet()).toContain('Hello, Olga');
});

/** Where the parts listen, as their own configurations say it, and what became of the ports that were wanted. */
function ports(): readonly (string | undefined)[] {
  const { url } = JSON.parse(read(join(home, 'run/host.json'))) as { readonly url: string };
  const postgres = /^port = (\d+)$/m.exec(read(join(home, 'data/postgres/cluster/botpool.conf')))?.[1];
  const redis = /^port (\d+)$/m.exec(read(join(home, 'data/redis/redis.conf')))?.[1];
  return [postgres, redis, /at http:\/\/127\.0\.0\.1:(\d+)/.exec(running?.output() ?? '')?.[1], new URL(url).port];
}

/** Kills the host itself, not what started it; nothing is told to what it has started. */
async function killHost(): Promise<void> {
  const pid = Number(JSON.parse(readFileSync(join(home, 'run/host.json'), 'utf8')).pid);
  const host = running;
  process.kill(pid, 'SIGKILL');
  if (host !== undefined) await once(host.process, 'exit');
  running = undefined;
}

/** The number that a file of the engine begins with. */
function pidIn(file: string): number {
  return Number.parseInt(read(join(home, 'engine', file)), 10);
}

it('comes back at once after it was killed, with the same ports and its client', async () => {
  const before = ports();
  expect(before).toEqual(
    ['POSTGRES_PORT', 'REDIS_PORT', 'SANDBOX_PORT', 'PANEL_PORT'].map((name) => environment[name]),
  );
  // A server that takes its time to end: it still listens when the next host has begun.
  const [redis, owner] = [pidIn('pids/booking-redis.pid'), pidIn('engine.lock')];
  process.kill(redis, 'SIGSTOP');
  await killHost();
  const starting = start();
  await until('the next host has taken the folder', () => pidIn('engine.lock') > 0 && pidIn('engine.lock') !== owner);
  process.kill(redis, 'SIGCONT');
  const { output } = await starting;
  expect(output()).not.toContain('is taken');
  expect(ports()).toEqual(before);
  expect(await greet()).toContain('Hello, Olga');
});

it('leaves no orphan when it is killed', async () => {
  await killHost();
  await until('nothing of it runs', () => relatives().length === 0, 15_000);
});
