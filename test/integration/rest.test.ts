/** The contract as REST, for programs with a token; and the document that describes it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateControl } from '#core/postgres/migrate.ts';
import { type PanelServer, startPanelServer } from '../support/panel-server.ts';
import { createTestDatabase, type TestDatabase } from '../support/stack.ts';

const cleanUp = new AsyncDisposableStack();
let stored: TestDatabase;
let panel: PanelServer;

beforeAll(async () => {
  stored = cleanUp.use(await createTestDatabase());
  await migrateControl(stored.database);
  panel = cleanUp.use(await startPanelServer({ database: stored.database }));
});
afterAll(() => cleanUp.disposeAsync());

async function tokenOf(scope: 'read' | 'operate' | 'admin'): Promise<string> {
  const { client } = await panel.rpc();
  return (await client.session.tokens.create({ name: scope, scope })).secret;
}

async function call(token: string, method: string, path: string, body?: unknown) {
  const answer = await panel.fetch(`/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

describe('a token', () => {
  it('of scope read looks and changes nothing', async () => {
    const token = await tokenOf('read');
    expect(await call(token, 'GET', '/session/whoami')).toEqual({
      status: 200,
      body: { user: 'token read', role: 'viewer', access: 'read' },
    });
    const forbidden = await call(token, 'POST', '/activations/deactivate', { clientId: 5 });
    expect(forbidden).toMatchObject({ status: 403, body: { code: 'forbidden', data: { needed: 'operate' } } });
    expect((await call(token, 'GET', '/session/tokens/list')).status).toBe(403);
  });

  it('of scope operate acts on clients, of scope admin on users', async () => {
    const operate = await tokenOf('operate');
    const bad = await call(operate, 'POST', '/activations/deactivate', { clientId: 5 });
    expect(bad).toMatchObject({ status: 400, body: { code: 'input_invalid', data: { field: 'clientId' } } });
    const weak = { name: 'anna', role: 'viewer', password: 'short' };
    expect((await call(operate, 'POST', '/session/users/add', weak)).status).toBe(403);
    expect(await call(await tokenOf('admin'), 'POST', '/session/users/add', weak)).toMatchObject({
      status: 400,
      body: { data: { field: 'password' }, message: expect.stringContaining('password') },
    });
  });

  it('reads numbers from addresses as numbers', async () => {
    const token = await tokenOf('read');
    const { status, body } = await call(token, 'GET', '/activity/audit?limit=2&action=token.');
    expect([status, (body as unknown[]).length]).toEqual([200, 2]);
    expect((await call(token, 'GET', '/activity/audit?limit=none')).status).toBe(400);
  });

  it('that is wrong, or missing, learns nothing, not even what is there', async () => {
    for (const path of ['/session/whoami', '/no/such/thing']) {
      expect(await call('bp_wrong', 'GET', path)).toEqual({ status: 401, body: { code: 'signed_out', data: {} } });
    }
    expect(await call(await tokenOf('read'), 'GET', '/no/such/thing')).toMatchObject({ status: 404 });
  });

  it('stands in the audit by its name, with the face that it used', async () => {
    const token = await tokenOf('admin');
    await call(token, 'POST', '/session/tokens/create', { name: 'by rest', scope: 'read' });
    const { rows } = await stored.database.query(
      "SELECT actor, source FROM control.audit WHERE action = 'token.create' AND after ->> 'name' = 'by rest'",
    );
    expect(rows).toEqual([{ actor: 'token admin', source: 'rest 127.0.0.1' }]);
  });

  it('follows a stream as server-sent events', async () => {
    const token = await tokenOf('read');
    const leaving = new AbortController();
    const answer = await panel.fetch('/api/v1/activity/watch', {
      headers: { authorization: `Bearer ${token}` },
      signal: leaving.signal,
    });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('token.create')) break;
    }
    leaving.abort();
    expect(text).toContain('"version":');
  });
});

it('a session of the panel changes by REST only what its own pages ask for', async () => {
  const { cookie, csrf } = await panel.signIn();
  const body = { name: 'x', scope: 'read' };
  expect((await panel.post('/api/v1/session/tokens/create', body, { cookie })).status).toBe(403);
  expect((await panel.post('/api/v1/session/tokens/create', body, { cookie, 'x-csrf-token': csrf })).status).toBe(200);
});

it('is described by a document that names every procedure, its fields, and one form of failure', async () => {
  const authorization = `Bearer ${await tokenOf('read')}`;
  const answer = await panel.fetch('/api/openapi.json', { headers: { authorization } });
  const document = (await answer.json()) as {
    openapi: string;
    paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
  };
  expect(document.openapi).toMatch(/^3\.1/);
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(['/pool/status', '/activations/activate', '/tenants/list', '/session/users/add']),
  );
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(operations.length).toBeGreaterThan(25);
  expect(operations.every(({ responses }) => 'default' in responses && '200' in responses)).toBe(true);
  expect(JSON.stringify(document.paths['/activations/activate'])).toContain('"company"');
});
