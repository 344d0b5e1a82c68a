/**
 * A page of somebody else whose name comes to mean this machine: the browser takes it and the panel for one origin. It
 * is the real browser with the real server; the name is moved by what answers at its address.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { migrateControl } from '#core/postgres/migrate.ts';
import type {} from '../support/browser-setup.ts';
import { startPanelServer } from '../support/panel-server.ts';
import { createTestDatabase, type TestDatabase } from '../support/stack.ts';

const EVIL = 'evil.example';
const cleanUp = new AsyncDisposableStack();
let stored: TestDatabase;
let browser: Browser;

beforeAll(async () => {
  if (inject('chromium') === undefined) return;
  stored = cleanUp.use(await createTestDatabase());
  await migrateControl(stored.database);
  browser = await chromium.launch({
    executablePath: inject('chromium') ?? '',
    args: [`--host-resolver-rules=MAP ${EVIL} 127.0.0.1`, '--no-sandbox', '--disable-gpu', '--no-first-run'],
  });
  cleanUp.defer(() => browser.close());
});
afterAll(() => cleanUp.disposeAsync());

/** What the page tries; it runs in the browser. */
async function attack([path, how]: readonly [string, 'get' | 'post' | 'socket']): Promise<string> {
  if (how === 'socket') {
    return await new Promise((resolve) => {
      const socket = new WebSocket(path);
      socket.onopen = () => resolve('open');
      socket.onerror = () => resolve('refused');
    });
  }
  const init = how === 'get' ? {} : { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
  const answer = await fetch(path, { credentials: 'include', ...init });
  return `${answer.status} ${await answer.text()}`;
}

it.skipIf(inject('chromium') === undefined)(
  'reads nothing of the panel, though the operator is signed in beside it',
  async () => {
    const trap = createServer((_request, response) => response.end('<!doctype html><title>cats</title>'));
    trap.listen(0, '127.0.0.1');
    await once(trap, 'listening');
    const { port } = trap.address() as AddressInfo;
    const context = await browser.newContext();
    cleanUp.defer(() => context.close());
    const page = await context.newPage();
    await page.goto(`http://${EVIL}:${port}/`);
    expect(await page.title()).toBe('cats');

    // From now on the same name and port are the panel.
    trap.closeAllConnections();
    trap.close();
    await once(trap, 'close');
    const panel = cleanUp.use(await startPanelServer({ database: stored.database, port }));
    const own = await context.newPage();
    await own.goto(panel.url);
    const signedIn = await own.evaluate(async (ticket) => {
      const answer = await fetch('/session/exchange', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ticket }),
      });
      return [answer.status, (await fetch('/session')).status];
    }, panel.ticket());
    expect(signedIn).toEqual([200, 200]);

    const ticket = panel.ticket();
    for (const path of [
      '/',
      '/index.html',
      '/session',
      '/health',
      '/metrics',
      '/api/openapi.json',
      '/api/v1/pool/status',
    ]) {
      expect([path, await page.evaluate(attack, [path, 'get'] as const)]).toEqual([
        path,
        expect.stringMatching(/^403 \{"code":"request_foreign"/),
      ]);
    }
    for (const path of ['/session/exchange', `/session/exchange?ticket=${ticket}`, '/api/v1/stack/stop']) {
      expect([path, await page.evaluate(attack, [path, 'post'] as const)]).toEqual([
        path,
        expect.stringMatching(/^403 /),
      ]);
    }
    expect(await page.evaluate(attack, [`ws://${EVIL}:${port}/api/ws`, 'socket'] as const)).toBe('refused');
    // Going there by a link shows nothing either, and the operator has lost nothing.
    const answer = await page.goto(`http://${EVIL}:${port}/`);
    expect(answer?.status()).toBe(403);
    expect(await own.evaluate(async () => (await fetch('/session')).status)).toBe(200);

    // A page of another site that needs no rebinding: it can send, but neither read nor change.
    const other = await context.newPage();
    await other.goto(`data:text/html,<title>other</title>`);
    const blind = await other.evaluate(async (url) => {
      const read = await fetch(`${url}/session`, { credentials: 'include' }).then(
        () => 'read',
        () => 'blocked',
      );
      const socket = await new Promise((resolve) => {
        const one = new WebSocket(`${url.replace('http', 'ws')}/api/ws`);
        one.onopen = () => resolve('open');
        one.onerror = () => resolve('refused');
      });
      return [read, socket];
    }, panel.url);
    expect(blind).toEqual(['blocked', 'refused']);
  },
);
