import { type ExecFileException, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { freePort } from '#main/stack/embedded/free-port.ts';
import { poolStatusSchema } from '#shared/api/pool.ts';
import type {} from '../support/global-setup.ts';
import { makeSubfolder } from '../support/run-folder.ts';

const MAIN = new URL('../../src/main/cli/main.ts', import.meta.url).pathname;

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let env: NodeJS.ProcessEnv = {};
let home = '';

/** Runs one command line to its end. */
async function botpool(args: readonly string[], input = ''): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const child = execFile(process.execPath, [MAIN, ...args], { env }, (error: ExecFileException | null, out, err) =>
    resolve({ code: error === null ? 0 : Number(error.code ?? 255), out, err }),
  );
  child.stdin?.end(input);
  return await promise;
}

async function json(args: readonly string[], input = ''): Promise<unknown> {
  const { out } = await botpool([...args, '--json'], input);
  return JSON.parse(out);
}

beforeAll(async () => {
  home = await makeSubfolder(inject('testRun').folder, 'cli');
  const [postgres, redis, sandbox, panel] = (await Promise.all([1, 2, 3, 4].map(() => freePort()))).map(String);
  const ports = { POSTGRES_PORT: postgres, REDIS_PORT: redis, SANDBOX_PORT: sandbox, PANEL_PORT: panel };
  const size = { ENGINE: 'process', POOL_BOTS: '1', AUTOSCALER: 'off', SPARE_SCHEMAS: '1' };
  env = { PATH: process.env['PATH'], HOME: home, LANG: 'en_GB.UTF-8', BOTPOOL_HOME: home, ...ports, ...size };
});
afterAll(() => botpool(['down']));

const ACTIVATE = ['activate', '--client', 'client_001', '--company', 'Anna Nails'];

describe('without a running host', () => {
  it('ends with the exit codes that scripts rely on', async () => {
    const usage = await botpool(['stauts']);
    expect([usage.code, usage.out, usage.err]).toEqual([2, '', expect.stringContaining('Did you mean status?')]);
    const unreachable = await botpool(['status']);
    expect([unreachable.code, unreachable.out, unreachable.err]).toEqual([
      3,
      '',
      expect.stringContaining('botpool up'),
    ]);
    expect((await botpool(['down'])).code).toBe(0);
  });

  it('names a configuration that is wrong, and starts nothing', async () => {
    env = { ...env, POOL_BOTS: 'many' };
    const { code, err } = await botpool(['up']);
    env = { ...env, POOL_BOTS: '1' };
    expect([code, err]).toEqual([1, expect.stringContaining('POOL_BOTS')]);
    expect(await json(['down'])).toEqual({ running: false, stopped: false });
  });
});

describe('with a running host', () => {
  it('starts in the background once, however often it is asked', async () => {
    const first = await botpool(['up']);
    expect([first.code, first.err]).toEqual([0, '']);
    expect(first.out).toMatch(/\d\.\d s {2}starting/);
    expect(await json(['up'])).toMatchObject({ running: true, alreadyRunning: true });
    const second = await botpool(['start']);
    expect([second.code, second.err]).toEqual([1, expect.stringContaining('already runs in')]);
    const file = join(home, 'run/host.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      pid: expect.any(Number),
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      token: expect.any(String),
      startedAt: expect.any(String),
    });
  });

  it('shows the pool with stable fields', async () => {
    const status = poolStatusSchema.strict().parse(await json(['status']));
    expect(status).toMatchObject({ total: 1, waiting: 1, active: 0, queued: 0 });
    expect(status.bots).toEqual([
      {
        pool_id: 1,
        container_id: 'booking-bot-pool-1',
        status: 'waiting',
        since: expect.any(Number),
        version: expect.any(String),
      },
    ]);
    expect((await botpool(['status'])).out).toMatch(/total 1, waiting 1.*\n\nBOT .*\nbot-pool-1 +waiting/);
  });

  it('says that nothing needs anybody, and what an alert is called by', async () => {
    const none = await botpool(['alerts']);
    expect([none.code, none.out.trim()]).toEqual([0, 'Nothing needs you.']);
    expect(await json(['alerts', 'list', '--resolved', '5'])).toEqual({ alerts: [] });
    expect((await botpool(['alerts', 'ack', '17'])).out).toContain('Alert 17 is not open');
    const wrong = await botpool(['alerts', 'ack', 'seventeen']);
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('<id>: expected a number, got seventeen')]);
  });

  it('takes a client from its first token to its first booking button, and back', async () => {
    const person = z.object({ id: z.number() });
    const owner = person.parse(await json(['sandbox', 'person', 'Anna']));
    await botpool(['sandbox', 'person', 'Olga']);
    const bot = z
      .object({ token: z.string(), username: z.string() })
      .parse(await json(['sandbox', 'bot', 'Anna Nails', '--owner', 'Anna']));
    expect(bot.username).toBe('anna_nails_bot');
    const refused = await botpool(['sandbox', 'bot', 'Other', '--owner', 'Anna', '--username', '1']);
    expect([refused.code, refused.out, refused.err]).toEqual([2, '', expect.stringContaining('username')]);
    const watching = spawn(process.execPath, [MAIN, 'status', '--watch', '--json'], { env });
    const lines = createInterface(watching.stdout)[Symbol.asyncIterator]();
    await lines.next();

    const options = ['--admin', String(owner.id), '--lang-of-bot', 'en', '--token', '-'];
    const activated = await json([...ACTIVATE, ...options], `${bot.token}\n`);
    expect(activated).toMatchObject({
      clientId: 'client_001',
      container: 'booking-bot-pool-1',
      link: 'https://t.me/anna_nails_bot',
      alreadyActive: false,
      durationMs: expect.any(Number),
      stages: { polling: expect.any(Number) },
    });
    let seen: unknown;
    while (!z.looseObject({ active: z.literal(1) }).safeParse(seen).success)
      seen = JSON.parse((await lines.next()).value ?? 'null');
    watching.kill();
    await once(watching, 'exit');

    const started = await botpool(['sandbox', 'start', 'Olga', '@anna_nails_bot']);
    expect([started.code, started.out]).toEqual([0, expect.stringMatching(/Hello, Olga![\s\S]*\[ .*Book a visit \]/)]);
    const pressed = await botpool(['sandbox', 'press', 'Olga', 'Anna Nails', 'book a visit']);
    expect([pressed.code, pressed.out]).toEqual([0, expect.stringContaining('[ Consultation')]);
    const wrong = await botpool(['sandbox', 'press', 'Olga', 'Anna Nails', 'Nothing']);
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('there is no button “Nothing”')]);
    expect(await json(['tenants', 'show', 'client_001'])).toMatchObject({
      clientId: 'client_001',
      serving: true,
      ownerId: owner.id,
    });
    expect((await botpool(['logs', '1'])).out).toContain('BOT ACTIVATED');
    expect(await json(['deactivate', '--client', 'client_001'])).toMatchObject({ drained: true });
  });

  it('queues a client when no bot is free, and says which place it has', async () => {
    const tokens: string[] = [];
    for (const name of ['First', 'Second']) {
      const bot = await json(['sandbox', 'bot', name, '--owner', 'Anna']);
      tokens.push(z.object({ token: z.string() }).parse(bot).token);
    }
    const file = join(home, 'token.txt');
    await writeFile(file, `${tokens[0]}\n`);
    await expect.poll(() => json(['status']), { timeout: 10_000 }).toMatchObject({ waiting: 1 });
    const first = await botpool([
      'activate',
      '--client',
      'client_002',
      '--company',
      'X',
      '--admin',
      '5',
      '--token-file',
      file,
    ]);
    expect([first.code, first.err]).toEqual([0, '']);
    const second = ['activate', '--client', 'client_003', '--company', 'X', '--admin', '5', '--token', tokens[1] ?? ''];
    const { code, out } = await botpool([...second, '--json']);
    expect([code, JSON.parse(out)]).toMatchObject([
      1,
      { error: { code: 'pool_empty' }, queued: true, queuePosition: 1 },
    ]);
    expect((await botpool(second)).out).toContain('client_003 is queued at place 1');
  });

  it('deletes a client only when its id was said twice', async () => {
    const deletion = ['tenants', 'delete', 'client_003', '--drop-data'];
    expect((await botpool(deletion)).code).toBe(2);
    expect((await botpool([...deletion, '--confirm', 'client_002'])).code).toBe(2);
    expect(await json([...deletion, '--confirm', 'client_003'])).toEqual({ clientId: 'client_003', dataKept: false });
  });

  it('is gone after down', async () => {
    expect(await json(['down'])).toMatchObject({ running: false, stopped: true });
    expect((await botpool(['status'])).code).toBe(3);
  });

  it('stops in order when the terminal says so, and leaves nothing behind', async () => {
    const child = spawn(process.execPath, [MAIN, 'start', '--json'], { env });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    let line: unknown;
    while (!z.looseObject({ ready: z.literal(true) }).safeParse(line).success)
      line = JSON.parse((await lines.next()).value ?? 'null');
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    await expect(stat(join(home, 'run/host.json'))).rejects.toThrow('ENOENT');
    await expect(stat(join(home, 'run/host.lock'))).rejects.toThrow('ENOENT');
  });
});
