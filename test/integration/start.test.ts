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
    POOL_BOTS: '3',
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
    () => /is ready after/.test(output()) || (child.exitCode !== null && Promise.reject(output())),
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

it('leaves no orphan when it is killed, and comes back with its client', async () => {
  const pid = Number(JSON.parse(readFileSync(join(home, 'run/host.json'), 'utf8')).pid);
  const host = running;
  process.kill(pid, 'SIGKILL');
  if (host !== undefined) await once(host.process, 'exit');
  running = undefined;
  await until('nothing of it runs', () => relatives().length === 0, 15_000);
  await start();
  expect(await greet()).toContain('Hello, Olga');
});
