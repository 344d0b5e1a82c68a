/** The desktop window's one port, from the page's end to the router and back, over real ports and a real server. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createApiToken } from '#core/access/api-tokens.ts';
import { migrateControl } from '#core/postgres/migrate.ts';
import type { PageLinkOptions } from '#main/electron/page-link.ts';
import type { RemoteServer, SecretStore } from '#main/electron/secret-store.ts';
import { openServers } from '#main/electron/servers.ts';
import { writeHostFile } from '#main/headless/host-file.ts';
import { openDesktopPage, portClosed } from '../support/desktop-page.ts';
import type {} from '../support/global-setup.ts';
import { type PanelServer, startPanelServer } from '../support/panel-server.ts';
import { makeSubfolder } from '../support/run-folder.ts';
import { createTestDatabase, type TestDatabase } from '../support/stack.ts';

const AUTHOR = { actor: 'test', source: 'test' };
const cleanUp = new AsyncDisposableStack();
let stored: TestDatabase;
let panel: PanelServer;
let folder: string;

beforeAll(async () => {
  stored = cleanUp.use(await createTestDatabase());
  await migrateControl(stored.database);
  panel = cleanUp.use(await startPanelServer({ database: stored.database }));
  folder = await makeSubfolder(inject('testRun').folder, 'desktop');
});
afterAll(() => cleanUp.disposeAsync());

/** The system's key store is the outside world: this one keeps what it is given for as long as the test lasts. */
function memoryStore(keeps = true): SecretStore & { kept: RemoteServer | undefined } {
  return {
    kept: undefined,
    async read() {
      return this.kept;
    },
    async write(server) {
      if (keeps) this.kept = server;
      return keeps;
    },
    async forget() {
      this.kept = undefined;
    },
  };
}

/** A program on a machine on which this host runs, or none. */
async function program(host: 'host' | 'no host', store = memoryStore(), env: Record<string, string> = {}) {
  const home = await makeSubfolder(folder, 'home');
  if (host === 'host') {
    await writeHostFile(home, { url: panel.url, token: panel.hostToken, startedAt: new Date(0) });
  }
  const sockets: WebSocket[] = [];
  const options: PageLinkOptions = {
    servers: openServers({ env, home, store, fetch }),
    openSocket({ url, token }) {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/api/ws`, {
        headers: { authorization: `Bearer ${token}` },
      });
      sockets.push(socket);
      return socket;
    },
  };
  return { options, store, sockets, home };
}

async function newToken(scope: 'read' | 'operate' | 'admin'): Promise<{ id: string; secret: string }> {
  const { token, secret } = await createApiToken(
    stored.database,
    { name: `desktop ${scope}`, scope, expiresAt: null },
    AUTHOR,
  );
  return { id: token.id, secret };
}

describe('the port of the window', () => {
  it('reaches the router of the host that runs on this machine', async () => {
    const { options } = await program('host');
    const page = openDesktopPage(options);
    expect(await page.told()).toEqual({ type: 'session', user: 'operator', role: 'admin', local: true });
    const client = page.client();
    expect(await client.session.whoami()).toEqual({ user: 'operator', role: 'admin', access: 'admin' });
    // Many calls at once, each with its own answer.
    const names = Array.from({ length: 20 }, (_, index) => `of the page ${index}`);
    const made = await Promise.all(names.map((name) => client.session.tokens.create({ name, scope: 'read', days: 1 })));
    expect(made.map(({ token }) => token.name)).toEqual(names);
    // Dates stay dates, and failures the failures that they were.
    expect(made[0]?.token.expiresAt).toBeInstanceOf(Date);
    await expect(client.session.users.remove({ name: 'nobody' })).rejects.toMatchObject({ code: 'user_unknown' });
    page.leave();
  });

  it('tells the page neither where the control plane is nor what lets it in', async () => {
    const { options } = await program('host');
    const page = openDesktopPage(options);
    const seen: unknown[] = [];
    page.port.on('message', (data: unknown) => seen.push(data));
    await page.told();
    await page.client().session.whoami();
    expect(seen.length).toBeGreaterThan(0);
    expect(JSON.stringify(seen)).not.toContain(panel.hostToken);
    expect(JSON.stringify(seen)).not.toContain(panel.url);
    page.leave();
  });

  it('ends the connection when the page goes, and tells the page when the connection ends', async () => {
    const { options, sockets } = await program('host');
    const going = openDesktopPage(options);
    await going.told();
    await going.client().session.whoami();
    const closed = Promise.withResolvers<void>();
    sockets[0]?.addEventListener('close', () => closed.resolve());
    going.leave();
    await closed.promise;

    const staying = openDesktopPage(options);
    await staying.told();
    await staying.client().session.whoami();
    const gone = portClosed(staying.port);
    sockets[1]?.close();
    expect(await staying.told()).toEqual({ type: 'closed' });
    await gone;
  });

  it('says that no host runs here, and finds one that starts later', async () => {
    const { options, home } = await program('no host');
    expect(await openDesktopPage(options).told()).toEqual({ type: 'nobody', why: 'no-host' });
    await writeHostFile(home, { url: panel.url, token: panel.hostToken, startedAt: new Date(0) });
    expect(await openDesktopPage(options).told()).toMatchObject({ type: 'session' });
  });

  it('says that a host which runs does not answer', async () => {
    const { options, home } = await program('no host');
    await writeHostFile(home, { url: 'http://127.0.0.1:1', token: 'x', startedAt: new Date(0) });
    expect(await openDesktopPage(options).told()).toEqual({ type: 'nobody', why: 'unreachable' });
  });

  it('takes nothing for a host whose process has ended', async () => {
    const { options, home } = await program('no host');
    await mkdir(join(home, 'run'), { recursive: true });
    const dead = { pid: 2 ** 22, processStart: '1', url: panel.url, token: panel.hostToken, startedAt: 'x' };
    await writeFile(join(home, 'run/host.json'), JSON.stringify(dead));
    expect(await openDesktopPage(options).told()).toEqual({ type: 'nobody', why: 'no-host' });
  });

  it('drops whatever the page says that is neither a frame nor one of its words', async () => {
    const { options } = await program('host');
    const page = openDesktopPage(options);
    await page.told();
    for (const odd of [null, 7, { type: 'server' }, { type: 'open', url: 'https://x' }, ['x']]) {
      page.say(odd);
    }
    expect(await page.client().session.whoami()).toMatchObject({ user: 'operator' });
    page.leave();
  });
});

describe('a server that is named in the window', () => {
  it('is checked, kept, and used from then on with the rights of its token', async () => {
    const { options, store } = await program('no host');
    const page = openDesktopPage(options);
    expect(await page.told()).toEqual({ type: 'nobody', why: 'no-host' });
    const { secret } = await newToken('read');
    page.say({ type: 'server', url: panel.url, token: ` ${secret} ` });
    expect(await page.told()).toEqual({ type: 'server', kept: true });
    expect(store.kept).toEqual({ url: panel.url, token: secret });

    const next = openDesktopPage(options);
    expect(await next.told()).toEqual({ type: 'session', user: 'token desktop read', role: 'viewer', local: false });
    await expect(next.client().session.tokens.create({ name: 'more', scope: 'admin' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    next.say({ type: 'forget' });
    next.leave();
    page.leave();
  });

  it('goes before the host of this machine until it is forgotten', async () => {
    const { secret } = await newToken('operate');
    const { options, store } = await program('host');
    const page = openDesktopPage(options);
    expect(await page.told()).toMatchObject({ local: true });
    page.say({ type: 'server', url: panel.url, token: secret });
    await page.told();
    const next = openDesktopPage(options);
    expect(await next.told()).toMatchObject({ user: 'token desktop operate', local: false });
    next.say({ type: 'forget' });
    // Said in order on one port: the question after it comes after it.
    next.say({ type: 'server', url: 'not an address', token: 'x' });
    expect(await next.told()).toEqual({ type: 'server-failed', why: 'address' });
    expect(store.kept).toBeUndefined();
    expect(await openDesktopPage(options).told()).toMatchObject({ local: true });
  });

  it('is used until the program ends where the system keeps no secrets', async () => {
    const { secret } = await newToken('read');
    const { options } = await program('no host', memoryStore(false));
    const page = openDesktopPage(options);
    await page.told();
    page.say({ type: 'server', url: panel.url, token: secret });
    expect(await page.told()).toEqual({ type: 'server', kept: false });
    expect(await openDesktopPage(options).told()).toMatchObject({ type: 'session' });
  });

  it('is refused with its reason, and nothing is kept', async () => {
    const { options, store } = await program('no host');
    const page = openDesktopPage(options);
    await page.told();
    const ask = async (url: string, token: string) => {
      page.say({ type: 'server', url, token });
      return await page.told();
    };
    expect(await ask(panel.url, 'wrong')).toEqual({ type: 'server-failed', why: 'refused' });
    expect(await ask('http://127.0.0.1:1', 'x')).toEqual({ type: 'server-failed', why: 'unreachable' });
    expect(await ask('http://panel.example.org', 'x')).toEqual({ type: 'server-failed', why: 'address' });
    expect(store.kept).toBeUndefined();
  });

  it('lets nobody in any more when its token is revoked', async () => {
    const { id, secret } = await newToken('read');
    const { options } = await program('no host', memoryStore(), {
      BOTPOOL_SERVER: panel.url,
      BOTPOOL_SERVER_TOKEN: secret,
    });
    const page = openDesktopPage(options);
    expect(await page.told()).toMatchObject({ type: 'session' });
    await page.client().session.whoami();
    const { client: admin } = await panel.rpc();
    await admin.session.tokens.revoke({ id });
    expect(await page.told()).toEqual({ type: 'closed' });
    expect(await openDesktopPage(options).told()).toEqual({ type: 'nobody', why: 'refused' });
  });
});
