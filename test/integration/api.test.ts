import { once } from 'node:events';
import { request } from 'node:http';
import { createRouterClient, ORPCError } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createLogger } from '#core/telemetry/logger.ts';
import { type ApiServices, createRouter } from '#main/api/router.ts';
import { readHostConfig } from '#main/config.ts';
import { type ControlPlane, startControlPlane } from '#main/control-plane.ts';
import { type ControlPlaneConnection, connectControlPlane } from '#main/headless/client.ts';
import { type ApiServer, startApiServer } from '#main/headless/server.ts';
import { createSandboxClient } from '#main/sandbox/sandbox-client.ts';
import { freePort } from '#main/stack/embedded/free-port.ts';
import type { PoolStatus } from '#shared/api/pool.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type {} from '../support/global-setup.ts';
import { makeSubfolder } from '../support/run-folder.ts';

const TOKEN = 'test-token-that-is-long-enough-to-be-one';
const ROOT = new URL('../..', import.meta.url).pathname;
const cleanUp = new AsyncDisposableStack();
const logLines: string[] = [];
const stops: string[] = [];
let plane: ControlPlane;
let server: ApiServer;
let connection: ControlPlaneConnection;

async function planeForTests(): Promise<ControlPlane> {
  const home = await makeSubfolder(inject('testRun').folder, 'api');
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  const [postgres, redis, sandbox] = ports.map(String);
  const config = readHostConfig(home, {
    BOTPOOL_HOME: home,
    POOL_BOTS: '2',
    AUTOSCALER: 'off',
    SPARE_SCHEMAS: '2',
    POSTGRES_PORT: postgres,
    REDIS_PORT: redis,
    SANDBOX_PORT: sandbox,
  });
  const logger = createLogger('test', 'info', { write: (line: string) => void logLines.push(line) });
  return await startControlPlane({
    config,
    cacheDir: `${ROOT}.cache`,
    logger,
    report: () => undefined,
    durable: false,
  });
}

async function serve(services: ApiServices): Promise<ApiServer> {
  const api = await startApiServer({ controlPlane: services, port: 0, token: TOKEN, onStop: () => stops.push('stop') });
  cleanUp.defer(() => api.close());
  return api;
}

async function connect(url: string): Promise<ControlPlaneConnection> {
  const one = await connectControlPlane({ url, token: TOKEN });
  cleanUp.defer(() => one.close());
  return one;
}

beforeAll(async () => {
  plane = await planeForTests();
  cleanUp.defer(() => plane.close());
  server = await serve(plane);
  connection = await connect(server.url);
});
afterAll(() => cleanUp.disposeAsync());

/** The HTTP status that an attempt to open the WebSocket is answered with; 101 when it is let in. */
async function upgradeStatus(headers: Record<string, string>, path = '/api/ws'): Promise<number | undefined> {
  const call = request(`${server.url}${path}`, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    },
  });
  call.end();
  const answered = once(call, 'response').then(([response]) => response.statusCode as number);
  const opened = once(call, 'upgrade').then(([response, socket]) => {
    socket.destroy();
    return response.statusCode as number;
  });
  return await Promise.race([answered, opened]);
}

async function failureOf(work: Promise<unknown>): Promise<BotpoolError> {
  const error = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof BotpoolError) return error;
  throw new Error(`expected a BotpoolError, got ${String(error)}`);
}

describe('who may come in', () => {
  const authorization = `Bearer ${TOKEN}`;

  it('is decided before the connection is opened', async () => {
    expect(await upgradeStatus({})).toBe(401);
    expect(await upgradeStatus({ authorization: 'Bearer wrong' })).toBe(401);
    expect(await upgradeStatus({ authorization: `${authorization}x` })).toBe(401);
    expect(await upgradeStatus({ authorization })).toBe(101);
  });

  it('is nobody in a browser, under a foreign name, or at another door', async () => {
    expect(await upgradeStatus({ authorization, origin: 'https://evil.example' })).toBe(403);
    expect(await upgradeStatus({ authorization, host: 'evil.example' })).toBe(403);
    expect(await upgradeStatus({ authorization }, '/other')).toBe(404);
  });

  it('meets a control plane that cannot be reached when the token is wrong', async () => {
    const error = await failureOf(connectControlPlane({ url: server.url, token: 'wrong' }));
    expect(error.code).toBe('control_plane_unreachable');
  });

  it('learns nothing without having said who they are, not even what is expected', async () => {
    const tools = { newId: () => 'id', sleep: async () => undefined, stopHost: () => undefined, pid: 1 };
    const host = { ...tools, newSignInLink: server.newSignInLink, accessChanged: () => undefined };
    const client = createRouterClient(createRouter(plane, host), { context: { caller: undefined } });
    const error = await client.tenants.show({ clientId: 5 as never }).catch((cause: unknown) => cause);
    expect(error instanceof ORPCError && error.data).toEqual({ code: 'signed_out', data: {} });
  });

  it('is told by /health that somebody is at home', async () => {
    const response = await fetch(`${server.url}/health`);
    expect([response.status, await response.json()]).toEqual([200, { ok: true }]);
    expect((await fetch(`${server.url}/api/ws`)).status).toBe(404);
  });
});

describe('failures', () => {
  it('arrive as the errors that they were', async () => {
    const { client } = connection;
    const unknown = await failureOf(client.tenants.show({ clientId: 'client_999' }));
    expect([unknown.code, unknown.data]).toEqual(['client_unknown', { clientId: 'client_999' }]);
    expect((await failureOf(client.tenants.show({ clientId: 'client_1' }))).code).toBe('client_id_malformed');
    const request = { clientId: 'client_001', token: '12:ab', ownerId: 5, company: 'Anna Nails' };
    expect((await failureOf(client.activations.activate(request))).code).toBe('token_malformed');
  });

  it('name the field that does not fit', async () => {
    const { client } = connection;
    const request = { clientId: 'client_001', token: '12:ab', ownerId: 5, company: 'X', timeZone: 'Mars' };
    const zone = await failureOf(client.activations.activate(request));
    expect([zone.code, zone.data]).toMatchObject(['input_invalid', { field: 'timeZone' }]);
    const deletion = client.tenants.delete({ clientId: 'client_001', keepData: false, confirm: 'client_002' });
    expect((await failureOf(deletion)).data).toMatchObject({ field: 'confirm' });
  });

  it('of a stream arrive, too', async () => {
    const lines = connection.client.logs.follow({ container: 'booking-nobody' });
    const error = await failureOf((async () => (await lines).next())());
    expect([error.code, error.data]).toEqual(['container_unknown', { name: 'booking-nobody' }]);
  });

  it('that nobody foresaw cross as an id; the cause stays in the log', async () => {
    const secret = 'SELECT secret_thing';
    const activateBot = (): Promise<never> => Promise.reject(new TypeError(secret));
    const broken = await serve({ ...plane, pool: { ...plane.pool, activateBot } });
    const { client } = await connect(broken.url);
    const request = { clientId: 'client_001', token: `1:${'a'.repeat(35)}`, ownerId: 5, company: 'X' };
    const error = await failureOf(client.activations.activate(request));
    expect(error.code).toBe('internal');
    expect(JSON.stringify([error.data, error.message])).not.toContain('secret');
    const line = logLines.find((text) => text.includes(String(error.data['id' as never])));
    expect(line).toContain(secret);
  });

  it('mean that the control plane cannot be reached when the connection is lost under a stream', async () => {
    const other = await serve(plane);
    const { client } = await connect(other.url);
    const stream = await client.pool.watch();
    await stream.next();
    const waiting = failureOf(stream.next());
    await other.close();
    expect((await waiting).code).toBe('control_plane_unreachable');
    expect((await failureOf(client.pool.status())).code).toBe('control_plane_unreachable');
  });
});

it('stops watching for a reader who has left, by return or by signal', async () => {
  let listeners = 0;
  const listen: ControlPlane['pool']['listen'] = (listener) => {
    const stop = plane.pool.listen(listener);
    listeners += 1;
    return () => {
      listeners -= 1;
      stop();
    };
  };
  const { client } = await connect((await serve({ ...plane, pool: { ...plane.pool, listen } })).url);
  const leaving = new AbortController();
  const streams = [await client.pool.watch(), await client.pool.watch({}, { signal: leaving.signal })];
  for (const stream of streams) await stream.next();
  expect(listeners).toBe(2);
  await streams[0]?.return?.();
  leaving.abort();
  await expect.poll(() => listeners).toBe(0);
});

/** Reads snapshots until one fits; returns those read and when each came. */
async function readUntil(
  stream: AsyncIterator<PoolStatus, unknown, void>,
  fits: (status: PoolStatus) => boolean,
): Promise<PoolStatus[]> {
  const read: PoolStatus[] = [];
  for (;;) {
    const { value, done } = await stream.next();
    if (done === true) throw new Error('the stream ended');
    read.push(value as PoolStatus);
    if (fits(value as PoolStatus)) return read;
  }
}

describe('a client', () => {
  it('gets its bot, is seen by those who watch, and gives it back', async () => {
    const { client } = connection;
    const world = createSandboxClient((await client.sandbox.info()).url ?? '');
    const owner = await world.createPerson({ name: 'Anna' });
    const tokens = await Promise.all(
      ['one_bot', 'two_bot', 'three_bot'].map(async (username) => {
        return (await world.createBot({ ownerId: owner.id, name: username, username })).token;
      }),
    );
    const activate = (number: number) =>
      client.activations.activate({
        clientId: `client_00${number}`,
        token: tokens[number - 1] ?? '',
        ownerId: owner.id,
        company: 'Anna Nails',
      });
    const stream = await client.pool.watch();
    await readUntil(stream, (status) => status.waiting === 2);

    const result = await activate(1);
    expect(result).toMatchObject({ clientId: 'client_001', botUsername: 'one_bot', alreadyActive: false });
    const [seen] = (await readUntil(stream, (status) => status.active === 1)).slice(-1);
    expect(seen?.bots.find((bot) => bot.client_id === 'client_001')).toMatchObject({
      container_id: result.container,
      status: 'active',
    });
    expect((await activate(1)).alreadyActive).toBe(true);
    expect(await client.tenants.show({ clientId: 'client_001' })).toMatchObject({
      state: 'active',
      serving: true,
      container: result.container,
      botUsername: 'one_bot',
      queuePosition: null,
      createdAt: expect.any(Date),
    });

    await activate(2);
    expect((await failureOf(activate(3))).code).toBe('pool_empty');
    expect(await client.tenants.show({ clientId: 'client_003' })).toMatchObject({ queuePosition: 1, serving: false });
    await readUntil(stream, (status) => status.queued === 1);

    const gone = await client.activations.deactivate({ clientId: 'client_001' });
    expect(gone).toMatchObject({ clientId: 'client_001', container: result.container });
    // The client in the queue gets the bot that has come free.
    await readUntil(stream, (status) =>
      status.bots.some((bot) => bot.client_id === 'client_003' && bot.status === 'active'),
    );
    expect((await client.tenants.list()).map((tenant) => [tenant.clientId, tenant.state])).toEqual([
      ['client_001', 'suspended'],
      ['client_002', 'active'],
      ['client_003', 'active'],
    ]);
    await stream.return?.();
  });

  it('can be read about in logs, without its token', async () => {
    const lines: string[] = [];
    for await (const line of await connection.client.logs.follow({})) lines.push(`${line.container} ${line.text}`);
    expect(lines.some((line) => line.startsWith('booking-bot-pool-') && line.includes('BOT ACTIVATED'))).toBe(true);
    expect(lines.join('\n')).not.toMatch(/\d{5,}:[A-Za-z0-9_-]{24,}/);
  });
});

it('lists the services of the stack by name', async () => {
  const { engine, services } = await connection.client.stack.services();
  expect(engine).toBe('process');
  expect(services.map((service) => service.name)).toEqual(
    expect.arrayContaining(['booking-bot-pool-1', 'booking-bot-pool-2', 'booking-postgres', 'booking-redis']),
  );
});

it('answers before it stops the host', async () => {
  const { client, closed } = connection;
  expect(await client.stack.stop()).toEqual({ stopping: true, pid: process.pid });
  // The answer came over a connection that the end of the host would have closed.
  expect(closed.aborted).toBe(false);
  await expect.poll(() => stops).toEqual(['stop']);
});
