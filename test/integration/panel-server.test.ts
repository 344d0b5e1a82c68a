/** The panel's server as browsers and programs meet it: signing in, cookies, forged requests, tokens, revocation. */
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { addUser } from '#core/access/users.ts';
import { migrateControl } from '#core/postgres/migrate.ts';
import type {} from '../support/global-setup.ts';
import { type PanelServer, startPanelServer } from '../support/panel-server.ts';
import { makeSubfolder } from '../support/run-folder.ts';
import { createTestDatabase, type TestDatabase } from '../support/stack.ts';

const AUTHOR = { actor: 'test', source: 'test' };
const PASSWORD = 'correct horse battery';
const cleanUp = new AsyncDisposableStack();
let stored: TestDatabase;
let panel: PanelServer;

beforeAll(async () => {
  stored = cleanUp.use(await createTestDatabase());
  await migrateControl(stored.database);
  await addUser(stored.database, { name: 'root', role: 'admin', password: PASSWORD }, AUTHOR);
  await addUser(stored.database, { name: 'vera', role: 'viewer', password: PASSWORD }, AUTHOR);
  const folder = join(await makeSubfolder(inject('testRun').folder, 'panel'), 'out');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>panel</title>');
  await writeFile(join(folder, 'assets/main-abcd1234.js'), 'export {}');
  panel = cleanUp.use(await startPanelServer({ database: stored.database, panelFolder: folder }));
});
afterAll(() => cleanUp.disposeAsync());

describe('a one-time link', () => {
  it('signs in once, by a cookie that scripts and other sites do not get', async () => {
    const ticket = panel.ticket();
    const answer = await panel.post('/session/exchange', { ticket });
    const session = (await answer.json()) as { csrf: string };
    expect([answer.status, session]).toEqual([200, { user: 'operator', role: 'admin', csrf: expect.any(String) }]);
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/; Max-Age=\d+$/);
    expect(cookie).not.toContain(session.csrf);
    const again = await panel.post('/session/exchange', { ticket });
    expect([again.status, await again.json()]).toEqual([401, { code: 'ticket_used', data: {} }]);
  });

  it('leaves nothing in the database that would let anybody in', async () => {
    const { cookie } = await panel.signIn();
    const { rows } = await stored.database.query('SELECT hash FROM control.sessions');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(cookie.split('=')[1]);
  });
});

describe('a password', () => {
  const signIn = (name: string, password: string) => panel.post('/session/password', { name, password });

  it('signs its user in with the role of the user', async () => {
    const answer = await signIn('Vera', PASSWORD);
    expect([answer.status, await answer.json()]).toMatchObject([200, { user: 'vera', role: 'viewer' }]);
  });

  it('that is wrong says nothing of whether the name is known', async () => {
    const wrong = await signIn('vera', 'wrong password');
    const nobody = await signIn('nobody', 'wrong password');
    expect([wrong.status, await wrong.json()]).toEqual([nobody.status, await nobody.json()]);
    expect(wrong.status).toBe(401);
    // Coming in ends the count of this address and name.
    expect((await signIn('vera', PASSWORD)).status).toBe(200);
  });

  it('cannot be guessed at speed, and the right one is paused with the wrong ones', async () => {
    const own = cleanUp.use(await startPanelServer({ database: stored.database }));
    const guess = (password: string) => own.post('/session/password', { name: 'vera', password });
    const first: number[] = [];
    for (let times = 0; times < 6; times += 1) first.push((await guess(`guess ${times}`)).status);
    expect(first).toEqual([401, 401, 401, 401, 401, 429]);
    const right = await guess(PASSWORD);
    expect([right.status, Number(right.headers.get('retry-after')) > 0]).toEqual([429, true]);
  });

  it('is kept as scrypt and never comes back', async () => {
    const { rows } = await stored.database.query("SELECT password FROM control.users WHERE name = 'vera'");
    expect(rows[0]?.['password']).toMatch(/^scrypt\$32768\$8\$1\$/);
    const users = await panel.rpc().then(({ client }) => client.session.users.list());
    expect(JSON.stringify(users)).not.toContain('scrypt');
  });
});

describe('a session', () => {
  it('changes nothing without the header that only its own pages know', async () => {
    const { cookie, csrf } = await panel.signIn();
    const leave = (headers: Record<string, string>) => panel.fetch('/session', { method: 'DELETE', headers });
    expect((await leave({ cookie })).status).toBe(403);
    expect((await leave({ cookie, 'x-csrf-token': 'x' })).status).toBe(403);
    expect((await leave({ cookie, 'x-csrf-token': csrf, origin: 'https://evil.example' })).status).toBe(403);
    expect((await panel.fetch('/session', { headers: { cookie } })).status).toBe(200);
    expect((await leave({ cookie, 'x-csrf-token': csrf })).status).toBe(204);
    expect((await panel.fetch('/session', { headers: { cookie } })).status).toBe(401);
  });

  it('opens a WebSocket from its own pages only', async () => {
    const { cookie } = await panel.signIn();
    expect(await panel.upgrade({ cookie, origin: panel.url })).toBe(101);
    expect(await panel.upgrade({ cookie })).toBe(403);
    expect(await panel.upgrade({ cookie, origin: 'null' })).toBe(403);
    expect(await panel.upgrade({ origin: panel.url })).toBe(401);
  });

  it('survives the server', async () => {
    const { cookie } = await panel.signIn();
    const other = cleanUp.use(await startPanelServer({ database: stored.database }));
    const named = cookie.replace(/^[^=]+/, other.cookieName);
    expect((await other.fetch('/session', { headers: { cookie: named } })).status).toBe(200);
  });
});

describe('rights', () => {
  it('of a viewer are to look', async () => {
    const { client } = await panel.rpc(await panel.passwordCookie('vera', PASSWORD));
    expect(await client.session.whoami()).toEqual({ user: 'vera', role: 'viewer', access: 'read' });
    await expect(client.session.users.list()).rejects.toMatchObject({
      code: 'forbidden',
      data: { needed: 'admin', granted: 'read' },
    });
    await expect(client.activations.deactivate({ clientId: 5 as never })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('end with the connection when they are taken away', async () => {
    const { client } = await panel.rpc();
    const name = `user-${randomUUID().slice(0, 8)}`;
    await client.session.users.add({ name, role: 'operator', password: PASSWORD });
    const theirs = await panel.rpc(await panel.passwordCookie(name, PASSWORD));
    expect((await theirs.client.session.whoami()).role).toBe('operator');
    await client.session.users.change({ name, role: 'viewer' });
    await expect.poll(() => theirs.closed()).toBe(4401);
    await client.session.users.remove({ name });
    await expect(client.session.users.remove({ name })).rejects.toMatchObject({ code: 'user_unknown' });
  });

  it('to administer stay with somebody', async () => {
    const { client } = await panel.rpc();
    await expect(client.session.users.change({ name: 'root', role: 'viewer' })).rejects.toMatchObject({
      code: 'last_admin',
    });
    await expect(client.session.users.remove({ name: 'root' })).rejects.toMatchObject({ code: 'last_admin' });
  });

  it('of a token are its scope, until it is revoked', async () => {
    const { client } = await panel.rpc();
    const { token, secret } = await client.session.tokens.create({ name: 'prometheus', scope: 'read' });
    expect(secret).toMatch(/^bp_/);
    expect(JSON.stringify(await client.session.tokens.list())).not.toContain(secret);
    const authorization = `Bearer ${secret}`;
    const session = await panel.fetch('/session', { headers: { authorization } });
    expect(await session.json()).toEqual({ user: 'token prometheus', role: 'viewer', csrf: null });
    await client.session.tokens.revoke({ id: token.id });
    expect((await panel.fetch('/session', { headers: { authorization } })).status).toBe(401);
  });
});

it('writes down who changed what from where, without secrets', async () => {
  const { client } = await panel.rpc();
  const name = `user-${randomUUID().slice(0, 8)}`;
  await client.session.users.add({ name, role: 'viewer', password: 'a secret password' });
  const { rows } = await stored.database.query(
    'SELECT actor, action, source, after FROM control.audit WHERE target = $1 ORDER BY id',
    [name],
  );
  expect(rows).toEqual([
    { actor: 'operator', action: 'user.add', source: 'panel 127.0.0.1', after: { role: 'viewer' } },
    {
      actor: 'operator',
      action: 'api.session.users.add',
      source: 'panel 127.0.0.1',
      after: { outcome: 'done', input: { name, role: 'viewer', password: '[hidden]' } },
    },
  ]);
});

describe('files', () => {
  it('are the panel, whatever page of it is opened, and nothing beside it', async () => {
    const page = await panel.fetch('/');
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<title>panel')]);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(await (await panel.fetch('/clients/client_001')).text()).toContain('<title>panel');
    const script = await panel.fetch('/assets/main-abcd1234.js');
    expect(script.headers.get('cache-control')).toContain('immutable');
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/assets/..%2f..%2fx.js', '/.env', '/none.js']) {
      expect([path, [403, 404].includes((await panel.fetch(path)).status)]).toEqual([path, true]);
    }
  });

  it('that were never built are said to be so', async () => {
    const bare = cleanUp.use(await startPanelServer({ database: stored.database }));
    const page = await bare.fetch('/');
    expect([page.status, await page.text()]).toEqual([503, expect.stringContaining('npm start')]);
  });
});

it('refuses what is not understood, and what is too large', async () => {
  const bad = await panel.post('/session/exchange', { ticket: 5 });
  expect([bad.status, await bad.json()]).toMatchObject([400, { code: 'input_invalid', data: { field: 'ticket' } }]);
  const large = await panel.post('/session/exchange', { ticket: 'x'.repeat(10_000) });
  expect(large.status).toBe(413);
  const text = await panel.fetch('/session/exchange', {
    method: 'POST',
    body: '{',
    headers: { 'content-type': 'application/json' },
  });
  expect(text.status).toBe(400);
});

it('does not listen for others without TLS and somebody who can sign in', async () => {
  const start = startPanelServer({ database: stored.database, host: '0.0.0.0' });
  await expect(start).rejects.toMatchObject({ code: 'panel_exposed' });
});
