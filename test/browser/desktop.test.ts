/**
 * The page of the desktop window in real Chromium, with the program's own code behind its port. Electron itself is played
 * by the test: it hands the page's port on, as the preload script does, and serves the panel's files.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createApiToken } from '#core/access/api-tokens.ts';
import { type PagePort, servePage } from '#main/electron/page-link.ts';
import { answerPanelRequest } from '#main/electron/panel-files.ts';
import type { RemoteServer } from '#main/electron/secret-store.ts';
import { openServers } from '#main/electron/servers.ts';
import { removeHostFile, writeHostFile } from '#main/headless/host-file.ts';
import type {} from '../support/browser-setup.ts';
import { type PanelInBrowser, startPanelInBrowser } from '../support/panel-page.ts';

const chromium = inject('chromium');
const cleanUp = new AsyncDisposableStack();
const ORIGIN = 'http://desktop.test';
let browser: PanelInBrowser;

beforeAll(async () => {
  if (chromium === undefined) return;
  browser = cleanUp.use(await startPanelInBrowser(chromium, 3));
});
afterAll(() => cleanUp.disposeAsync());

/** What a message is on its way out of the page and into it: text, bytes, or an object. */
type Carried = { readonly text: string } | { readonly bytes: readonly number[] } | { readonly object: unknown };

/** The window of a program on a machine with nothing on it yet. */
async function openWindow(): Promise<{ page: Page; home: string; store: { kept: RemoteServer | undefined } }> {
  const home = await mkdtemp(join(tmpdir(), 'botpool-desktop-home-'));
  cleanUp.defer(() => rm(home, { recursive: true, force: true }));
  await mkdir(home, { recursive: true });
  const store = {
    kept: undefined as RemoteServer | undefined,
    read: async () => store.kept,
    write: async (server: RemoteServer) => {
      store.kept = server;
      return true;
    },
    forget: async () => {
      store.kept = undefined;
    },
  };
  const servers = openServers({ env: {}, home, store, fetch });
  const openSocket = ({ url, token }: { url: string; token: string }): WebSocket =>
    new WebSocket(`${url.replace('http', 'ws')}/api/ws`, { headers: { authorization: `Bearer ${token}` } });
  const page = await browser.blank();
  const listeners = new Map<number, (data: unknown) => void>();
  await page.exposeFunction('toProgram', (port: number, carried: Carried | null) => {
    if (carried !== null) return listeners.get(port)?.(unpack(carried));
    const end: PagePort = {
      onMessage: (listener) => void listeners.set(port, listener),
      onClose: () => undefined,
      start: () => undefined,
      post: (data) =>
        void page
          .evaluate(([id, what]) => Reflect.get(globalThis, 'fromProgram')(id, what), [port, pack(data)] as const)
          .catch(() => undefined),
      close: () => undefined,
    };
    void servePage(end, { servers, openSocket });
  });
  await page.addInitScript({ content: PRELOAD });
  await page.route(`${ORIGIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const answer = await answerPanelRequest({ url: `app://botpool${pathname}`, method: 'GET' }, browser.panelFolder);
    const body = Buffer.from(await answer.arrayBuffer());
    await route.fulfill({ status: answer.status, headers: Object.fromEntries(answer.headers), body });
  });
  await page.goto(`${ORIGIN}/`);
  return { page, home, store };
}

function pack(data: unknown): Carried {
  if (typeof data === 'string') return { text: data };
  return data instanceof ArrayBuffer ? { bytes: [...new Uint8Array(data)] } : { object: data };
}

function unpack(carried: Carried): unknown {
  if ('text' in carried) return carried.text;
  return 'bytes' in carried ? new Uint8Array(carried.bytes).buffer : carried.object;
}

/** The page's side of the bridge: what the preload script does with Electron's messages. */
const PRELOAD = `
  const ports = [];
  const pack = (data) => typeof data === 'string' ? { text: data }
    : data instanceof ArrayBuffer ? { bytes: [...new Uint8Array(data)] } : { object: data };
  addEventListener('message', ({ source, origin, data, ports: given }) => {
    if (source !== globalThis || origin !== location.origin || data !== 'botpool:connect' || given.length !== 1) return;
    const id = ports.push(given[0]) - 1;
    given[0].onmessage = (event) => toProgram(id, pack(event.data));
    toProgram(id, null);
  });
  globalThis.fromProgram = (id, carried) => ports[id].postMessage(
    'text' in carried ? carried.text : 'bytes' in carried ? new Uint8Array(carried.bytes).buffer : carried.object);
`;

describe.skipIf(chromium === undefined)('the page of the desktop window', () => {
  it('waits for a host on this machine and finds it by itself; the pool is live, and nobody signs in or out', async () => {
    const { page, home } = await openWindow();
    await page.getByText('No Botpool runs on this machine').waitFor();
    expect(await browser.examine(page, 'desktop-nobody')).toEqual([]);
    await writeHostFile(home, { url: browser.panel.url, token: browser.panel.hostToken, startedAt: new Date() });
    await page.locator('[data-state="live"]').waitFor();
    await page.getByText('Free bots wait for the first client.').waitFor();
    expect(await browser.examine(page, 'desktop-pool')).toEqual([]);
    await page.getByRole('button', { name: 'Your session' }).click();
    await page.getByRole('menu').waitFor();
    expect(await page.getByRole('menu').innerText()).toMatch(/ · /);
    expect(await page.getByRole('menuitem').count()).toBe(0);
    await removeHostFile(home);
  });

  it('connects to a server by address and token; what is wrong is said, and the token is sealed by the program', async () => {
    const { page, store } = await openWindow();
    await page.getByLabel('Or a server').fill('http://example.com');
    await page.getByLabel('Its token').fill('wrong');
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByText('This is no address that can be used').waitFor();
    await page.getByLabel('Or a server').fill(browser.panel.url);
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByText('does not let this token in').waitFor();
    const { database } = browser.world.plane;
    const { secret } = await createApiToken(
      database,
      { name: 'window', scope: 'read', expiresAt: null },
      { actor: 'test', source: 'test' },
    );
    await page.getByLabel('Its token').fill(secret);
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.locator('[data-state="live"]').waitFor();
    expect(store.kept).toEqual({ url: browser.panel.url, token: secret });
  });
});
