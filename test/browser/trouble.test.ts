/** Bad luck in a real browser: a server that hangs or dies, two operators at once, a session that ends, a wrong clock. */
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { addUser } from '#core/access/users.ts';
import { freePort } from '#main/stack/embedded/free-port.ts';
import type {} from '../support/browser-setup.ts';
import { type FaultProxy, openFaultProxy } from '../support/fault-proxy.ts';
import { type Look, type PanelInBrowser, startPanelInBrowser } from '../support/panel-page.ts';
import { type PanelServer, startPanelServer } from '../support/panel-server.ts';
import { until } from '../support/until.ts';

const chromium = inject('chromium');
const PASSWORD = 'correct horse battery staple';
const cleanUp = new AsyncDisposableStack();
const pages = new Set<Page>();
let browser: PanelInBrowser;
let server: PanelServer;
let proxy: FaultProxy;

beforeAll(async () => {
  if (chromium === undefined) return;
  browser = cleanUp.use(await startPanelInBrowser(chromium, 3));
  const { plane } = browser.world;
  const port = await freePort();
  proxy = cleanUp.use(await openFaultProxy(port));
  server = cleanUp.use(
    await startPanelServer({
      ...{ database: plane.database, services: plane, panelFolder: browser.panelFolder },
      port,
    }),
  );
  const author = { actor: 'test', source: 'test' };
  await addUser(plane.database, { name: 'anna', role: 'operator', password: PASSWORD }, author);
});
afterEach(async () => {
  proxy?.heal();
  for (const page of pages) await page.context().close();
  pages.clear();
  await browser?.world.clear();
});
afterAll(() => cleanUp.disposeAsync());

/** A page behind the bad network. `prepare`: before anything of the panel runs. */
async function far(place = 'pool', look: Look = {}, prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
  const page = await browser.blank(look);
  pages.add(page);
  await prepare?.(page);
  await page.goto(`http://127.0.0.1:${proxy.port}/#ticket=${server.ticket()}`);
  await live(page);
  await page.goto(`http://127.0.0.1:${proxy.port}/#/${place}`);
  // Whatever reloads the page loses this.
  await page.evaluate('window.sameAsBefore = true');
  return page;
}
const live = (page: Page): Promise<void> => page.locator('[data-state="live"]').waitFor();
const isSame = (page: Page): Promise<unknown> => page.evaluate('window.sameAsBefore === true');
/** All screens have been fetched: none of them needs the server's files any more. */
const warm = (page: Page): Promise<void> => page.locator('html[data-screens="here"]').waitFor({ state: 'attached' });

describe.skipIf(chromium === undefined)('bad luck', () => {
  it('a server that hangs holds up neither keys nor clicks; what is shown is called old until it answers', async () => {
    const page = await far('pool', {}, (fresh) => fresh.clock.install());
    await page.locator('[data-bot]').first().waitFor();
    await warm(page);
    proxy.set({ silent: true });
    await page.getByTestId('stale').waitFor();
    await page.getByRole('searchbox').fill('nobody');
    await page.getByText('No bot like that').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.locator('[data-bot]').first().waitFor();
    await page.getByRole('link', { name: 'Clients' }).click();
    await page.getByRole('heading', { level: 1, name: 'Clients' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('textbox').fill('Metrics');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Metrics' }).waitFor();
    await page.screenshot({ path: 'out/screenshots/trouble-stale.png' });
    // A minute for the page, a moment for us.
    await page.clock.fastForward(60_000);
    await page.getByText(/not answered for 6\d s/).waitFor();
    proxy.heal();
    await page.getByTestId('stale').waitFor({ state: 'detached' });
    await live(page);
    expect(await isSame(page)).toBe(true);
  });

  it('a server that never answers again is given up, and found when it is back', async () => {
    const page = await far('pool', {}, (fresh) => fresh.clock.install());
    await page.locator('[data-bot]').first().waitFor();
    proxy.set({ silent: true });
    await page.getByTestId('stale').waitFor();
    await page.clock.fastForward(90_000);
    await page.getByTestId('offline').waitFor();
    proxy.reset();
    proxy.heal();
    await live(page);
    expect(await isSame(page)).toBe(true);
  });

  it('a server that dies and returns is found again without a reload, with all that has happened meanwhile', async () => {
    const page = await far();
    await page.locator('[data-bot]').first().waitFor();
    await proxy.down();
    await page.getByTestId('offline').waitFor();
    await page.screenshot({ path: 'out/screenshots/trouble-offline.png' });
    const client = await browser.world.newClient({ company: 'While you were away' });
    await browser.world.activate(client);
    await proxy.up();
    await page
      .getByRole('button', { name: 'Try now' })
      .click({ timeout: 2_000 })
      .catch(() => undefined);
    await live(page);
    await page.getByRole('button', { name: /serving, While you were away/ }).waitFor();
    expect(await isSame(page)).toBe(true);
  });

  it('two operators who do the same at once see the same afterwards, and it is done once', async () => {
    const client = await browser.world.newClient({ company: 'Both want it' });
    await browser.world.activate(client);
    const { clientId } = client.input;
    const wrong: string[] = [];
    const both = await Promise.all([far(`clients/${clientId}`), far(`clients/${clientId}`)]);
    for (const page of both) {
      page.on('pageerror', (error) => wrong.push(error.message));
      await page.getByRole('button', { name: 'Suspend' }).click();
    }
    const confirm = (page: Page) => page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
    await Promise.all(both.map(confirm));
    for (const page of both) await page.getByRole('link', { name: 'Resume' }).waitFor();
    expect((await browser.world.tenant(client)).state).toBe('suspended');
    const { rows } = await browser.world.plane.database.query(
      `SELECT FROM control.audit WHERE target = $1 AND action = 'tenant.suspended'`,
      [clientId],
    );
    expect([rows.length, wrong]).toEqual([1, []]);
  });

  it('a session that ends in the middle of the wizard takes nothing that was typed', async () => {
    const client = await browser.world.newClient();
    const page = await far('activate');
    await page.getByLabel('Bot token').fill(client.token);
    await page.getByRole('textbox', { name: 'Company', exact: true }).fill('Typed once');
    await page.getByLabel("Owner's Telegram id").fill(String(client.input.ownerId));
    await page.evaluate(`(async () => {
      const { csrf } = await (await fetch('/session')).json();
      await fetch('/session', { method: 'DELETE', headers: { 'x-csrf-token': csrf } });
    })()`);
    const again = page.getByRole('dialog', { name: 'Please sign in again' });
    await again.getByLabel('Name').fill('anna');
    await again.getByLabel('Password', { exact: true }).fill('wrong the first time');
    await again.getByRole('button', { name: 'Sign in' }).click();
    await again.getByRole('alert').waitFor();
    await again.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await again.getByRole('button', { name: 'Sign in' }).click();
    await again.waitFor({ state: 'detached' });
    expect(await page.getByRole('textbox', { name: 'Company', exact: true }).inputValue()).toBe('Typed once');
    expect(await page.getByLabel('Bot token').inputValue()).toBe(client.token);
    expect(await isSame(page)).toBe(true);
    await page.getByRole('button', { name: 'Activate', exact: true }).click();
    await until('it is activated', async () => {
      const { rows } = await browser.world.plane.database.query(
        `SELECT FROM control.tenants WHERE company = 'Typed once' AND state = 'active'`,
      );
      return rows.length === 1;
    });
  });

  it('a machine whose clock is an hour behind shows what has just happened as that', async () => {
    const client = await browser.world.newClient({ company: 'Just now' });
    await browser.world.activate(client);
    const page = await far('clients', {}, (fresh) => fresh.clock.install({ time: Date.now() - 3_600_000 }));
    const row = page.getByRole('row', { name: /Just now/ });
    expect(await row.locator('time').textContent()).toMatch(/now|\d+ (?:sec|min)\. ago/);
    expect(await page.getByText(/\bin \d+ (?:min|hr)/).count()).toBe(0);
    await page.getByTestId('stale').waitFor({ state: 'detached' });
  });
});
