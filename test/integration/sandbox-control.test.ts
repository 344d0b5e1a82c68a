/** What stands behind the simulated Telegram: trouble on order, the record, the control API, its file and its process. */
import { fork } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandboxClient } from '#main/sandbox/sandbox-client.ts';
import { startSandbox } from '#sandbox/server.ts';
import { anna, call, chat, client, polling, restart, sandbox, setUp, shop } from './sandbox-world.ts';

describe('trouble on order', () => {
  beforeEach(async () => {
    await setUp();
    await chat.start();
  });

  it('limits floods when switched on', async () => {
    await client.setLimits({ enabled: true, perChatBurst: 2 });
    const send = () => call('sendMessage', { chat_id: anna.id, text: 'x' });
    expect((await send()).status).toBe(200);
    expect((await send()).status).toBe(200);
    expect(await send()).toMatchObject({
      status: 429,
      retryAfter: '1',
      description: 'Too Many Requests: retry after 1',
      parameters: { retry_after: 1 },
    });
  });

  it('fails the next calls as told', async () => {
    await client.failNextCalls({ times: 1, method: 'sendMessage', bot: shop.id, code: 429, retryAfter: 7 });
    expect((await call('getMe')).status).toBe(200);
    expect(await call('sendMessage', { chat_id: anna.id, text: 'x' })).toMatchObject({
      status: 429,
      parameters: { retry_after: 7 },
    });
    expect((await call('sendMessage', { chat_id: anna.id, text: 'x' })).status).toBe(200);
    await expect(client.failNextCalls({ times: 0, code: 500 })).rejects.toMatchObject({ status: 400, field: 'times' });
  });

  it('cuts connections before or after the work is done', async () => {
    const send = (text: string) => call('sendMessage', { chat_id: anna.id, text });
    await client.failNextCalls({ method: 'sendMessage', drop: 'before' });
    await expect(send('never')).rejects.toThrow();
    await client.failNextCalls({ method: 'sendMessage', drop: 'after' });
    await expect(send('sent')).rejects.toThrow();
    expect(
      (await chat.read()).messages.filter((message) => message.from === 'bot').map((message) => message.text),
    ).toEqual(['sent']);
  });

  it('makes Telegram unreachable, for waiting polls too', async () => {
    const { result } = await call('getUpdates');
    const [last] = result as { update_id: number }[];
    const waiting = call('getUpdates', { timeout: 50, offset: (last?.update_id ?? 0) + 1 }).then(
      () => 'answered',
      () => 'cut',
    );
    await polling();
    await client.setFaults({ unreachable: true });
    expect(await waiting).toBe('cut');
    await expect(call('getMe')).rejects.toThrow();
    await client.clearFaults();
    expect((await call('getMe')).status).toBe(200);
  });
});

describe('the record', () => {
  it('holds calls without tokens and file contents', async () => {
    await setUp();
    await chat.start();
    await call('sendMessage', { chat_id: anna.id, text: `my token is ${shop.token}` });
    await call('setWebhook', { url: `https://h.example/${shop.token}`, secret_token: 'sec' });
    const calls = await client.recordedCalls({ bot: shop.id, method: 'sendMessage' });
    expect(calls).toMatchObject([
      { method: 'sendmessage', code: 200, chatId: anna.id, params: { text: 'my token is [token]' } },
    ]);
    expect(JSON.stringify(await client.recordedCalls())).not.toContain(shop.token.split(':')[1]);
    expect((await client.recordSummary(shop.id)).bots[0]?.messagesSent).toEqual({ [anna.id]: 1 });
  });
});

describe('the control API', () => {
  /** As a browser would send it, with every header in our hands. */
  async function ask(path: string, headers: Record<string, string>, body?: string) {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; code: string | undefined }>();
    const method = body === undefined ? 'GET' : 'POST';
    const request = httpRequest(`${sandbox.url}${path}`, { method, headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const { error } = JSON.parse(Buffer.concat(chunks).toString()) as { error?: { code: string } };
      resolve({ status: response.statusCode ?? 0, code: error?.code });
    });
    request.on('error', reject);
    request.end(body);
    return await promise;
  }

  const BOTS = '/control/bots?tokens=true';

  it('refuses every web page, whatever it asks for', async () => {
    await setUp();
    const json = { 'content-type': 'application/json' };
    const person = JSON.stringify({ name: 'Eve' });
    for (const origin of ['https://evil.example', 'null', sandbox.url]) {
      expect(await ask(BOTS, { origin })).toEqual({ status: 403, code: 'origin_refused' });
      expect(await ask('/control/people', { ...json, origin }, person)).toEqual({
        status: 403,
        code: 'origin_refused',
      });
    }
    expect(await ask('/control/people', { 'content-type': 'text/plain' }, person)).toEqual({
      status: 415,
      code: 'not_json',
    });
    expect(await ask('/control/people', {}, person)).toMatchObject({ status: 415 });
    expect((await client.listPeople()).map(({ name }) => name)).not.toContain('Eve');
  });

  it('answers to the names of loopback and to those that it was told, with any port', async () => {
    await setUp({ allowedHosts: ['Booking-Sandbox'] });
    const good = ['127.0.0.1', 'localhost:1', 'LOCALHOST', '[::1]:80', 'booking-sandbox:8081'];
    for (const host of good) expect(await ask(BOTS, { host }), host).toMatchObject({ status: 200 });
    const bad = ['evil.example', 'evil.example:8081', 'localhost.evil.example', '127.0.0.1.evil.example', '[::2]'];
    for (const host of bad) {
      expect(await ask(BOTS, { host }), host).toEqual({ status: 403, code: 'host_refused' });
    }
  });

  it('takes JSON with a charset, and posts without a body', async () => {
    await setUp();
    const type = { 'content-type': 'application/json; charset=utf-8' };
    expect(await ask('/control/people', type, JSON.stringify({ name: 'Olga' }))).toMatchObject({ status: 200 });
    expect(await ask('/control/reset', {}, '')).toMatchObject({ status: 200 });
  });

  it('leaves Telegram itself open to every name', async () => {
    await setUp();
    expect(await ask(`/bot${shop.token}/getMe`, { host: 'telegram', origin: 'https://evil.example' })).toMatchObject({
      status: 200,
    });
  });
});

describe('a sandbox with a data file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('goes on with the same world after a restart', async () => {
    const dataFile = join(folder, 'world.json');
    await setUp({ dataFile });
    await chat.start();
    await chat.sendDocument({ base64: Buffer.from('kept').toString('base64'), fileName: 'a.txt' });
    const before = await call('getUpdates');
    await call('sendMessage', { chat_id: anna.id, text: 'kept' });
    const view = await chat.read();
    await restart(dataFile);
    expect((await stat(dataFile)).mode & 0o777).toBe(0o600);
    expect((await call('getUpdates', { limit: 50 })).result).toEqual(before.result);
    expect(await client.chat(shop.id, anna.id).read()).toEqual(view);
    const [, second] = before.result as { message: { document: { file_id: string } } }[];
    const { file_path } = (await call('getFile', { file_id: second?.message.document.file_id })).result as {
      file_path: string;
    };
    expect(await (await fetch(`${sandbox.url}/file/bot${shop.token}/${file_path}`)).text()).toBe('kept');
  });

  it('names a file it cannot use and the next step', async () => {
    const dataFile = join(folder, 'world.json');
    await writeFile(dataFile, '{"version":1,');
    await setUp();
    await expect(startSandbox({ dataFile })).rejects.toThrow(new RegExp(`${dataFile}.*not JSON.*Move the file away`));
    expect(await readFile(dataFile, 'utf8')).toBe('{"version":1,');
  });
});

describe('the sandbox process', () => {
  const entry = fileURLToPath(new URL('../../src/sandbox/main.ts', import.meta.url));
  const launch = (environment: Record<string, string>) => {
    const child = fork(entry, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    const lines: string[] = [];
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const firstLine = new Promise<string>((resolve) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        lines.push(chunk.toString());
        resolve(lines.join(''));
      });
    });
    return { child, exited, firstLine };
  };

  beforeEach(() => setUp());

  it('says where it listens and goes when its parent goes', async () => {
    const { child, exited, firstLine } = launch({ SANDBOX_PORT: '0' });
    const { msg, url } = JSON.parse(await firstLine) as { msg: string; url: string };
    expect(msg).toBe('SANDBOX STARTED');
    expect((await createSandboxClient(url).clock()).now).toBeGreaterThan(0);
    child.disconnect();
    expect(await exited).toBe(0);
  });

  it('stops gracefully when told', async () => {
    const { child, exited, firstLine } = launch({ SANDBOX_PORT: '0' });
    await firstLine;
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
  });

  it('names the bad variable', async () => {
    const { exited, firstLine } = launch({ SANDBOX_PORT: 'many' });
    expect(await firstLine).toContain('SANDBOX_PORT');
    expect(await exited).toBe(1);
  });
});
