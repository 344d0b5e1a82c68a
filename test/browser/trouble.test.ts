/** The panel when something is wrong: a server that hangs or dies, a session that ends, a clock that is off, two at once. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { addUser } from '#core/access/users.ts';
import type {} from '../support/browser-setup.ts';
import { type FaultProxy, openFaultProxy } from '../support/fault-proxy.ts';
import { type Look, type PanelInBrowser, startPanelInBrowser } from '../support/panel-page.ts';
import type { Client } from '../support/pool-world.ts';
import { until } from '../support/until.ts';

const chromium = inject('chromium');
const cleanUp = new AsyncDisposableStack();
const AUTHOR = { actor: 'test', source: 'test' };
let browser: PanelInBrowser;
let client: Client;

beforeAll(async () => {
  if (chromium === undefined) return;
  browser = cleanUp.use(await startPanelInBrowser(chromium, 3));
  client = await browser.world.newClient({ company: 'Studio Anna' });
  await browser.world.activate(client);
});
afterAll(() => cleanUp.disposeAsync());

/** A page whose way to the server can be made bad. */
async function openThrough(place: string, look: Look = {}): Promise<{ page: Page; proxy: FaultProxy }> {
  const proxy = cleanUp.use(await openFaultProxy(Number(new URL(browser.panel.url).port)));
  const page = await browser.open(place, { ...look, url: `http://127.0.0.1:${proxy.port}` });
  return { page, proxy };
}

/** Types while the server says nothing; answers how long the longest key press took to be seen, in milliseconds. */
async function typeAWhile(page: Page, forMs: number): Promise<number> {
  const field = page.getByRole('searchbox').first();
  const end = performance.now() + forMs;
  let longest = 0;
  while (performance.now() < end) {
    const begun = performance.now();
    await field.fill('anna');
    await field.fill('');
    longest = Math.max(longest, performance.now() - begun);
    await page.waitForTimeout(200);
  }
  return longest;
}

describe.skipIf(chromium === undefined)('a server', () => {
  it.each([2_000, 10_000, 60_000])(
    'that hangs for %i ms blocks no key, is told of within 3 s, and goes on where it was',
    async (hangMs) => {
      const { page, proxy } = await openThrough('clients');
      await page.getByText('Studio Anna').waitFor();
      proxy.set({ silent: true });
      const since = performance.now();
      const told = page.locator('[data-testid="stale"], [data-testid="offline"]').first();
      const telling = told.waitFor({ timeout: hangMs + 10_000 }).then(
        () => performance.now() - since,
        () => Number.POSITIVE_INFINITY,
      );
      const longest = await typeAWhile(page, hangMs);
      if (hangMs > 3_000) {
        expect(await telling).toBeLessThan(3_200);
        expect(await browser.examine(page, `hang-${hangMs}`)).toEqual([]);
      }
      expect(longest).toBeLessThan(1_000);
      proxy.heal();
      await page.locator('[data-state="live"]').waitFor({ timeout: 5_000 });
      // What changes from now on is seen without a reload.
      const next = await browser.world.newClient({ company: `After ${hangMs}` });
      await browser.world.activate(next);
      await page.getByText(`After ${hangMs}`).waitFor({ timeout: 5_000 });
      await browser.world.deactivate(next);
    },
    120_000,
  );

  it('that dies is told of at once; what is shown and typed stays, and it is live again by itself when it is back', async () => {
    const { page, proxy } = await openThrough('activate');
    await page.getByRole('textbox', { name: 'Company', exact: true }).fill('Half a name');
    await proxy.down();
    await page.getByTestId('offline').waitFor({ timeout: 5_000 });
    expect(await browser.examine(page, 'server-dead')).toEqual([]);
    // An action that needs it fails with a sentence, and at once.
    await page.getByLabel('Bot token').fill(client.token);
    await page
      .getByText(/does not answer|not running/i)
      .first()
      .waitFor();
    await proxy.up();
    await page.locator('[data-state="live"]').waitFor({ timeout: 15_000 });
    expect(await page.getByRole('textbox', { name: 'Company', exact: true }).inputValue()).toBe('Half a name');
    await page.getByText('It belongs to', { exact: false }).waitFor();
  });
});

describe.skipIf(chromium === undefined)('a person', () => {
  it('whose session ends in the middle of the wizard signs in again, and nothing typed is lost', async () => {
    const { database } = browser.world.plane;
    await addUser(database, { name: 'olga', role: 'operator', password: 'correct horse battery' }, AUTHOR);
    const { page, proxy } = await openThrough('activate');
    await page.getByRole('textbox', { name: 'Company', exact: true }).fill('Salon Olga');
    await page.getByLabel("Owner's Telegram id").fill('4711');
    await database.query('DELETE FROM control.sessions');
    proxy.reset();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Your session has ended').waitFor();
    expect(await browser.examine(page, 'session-ended')).toEqual([]);
    await dialog.getByLabel('Name').fill('olga');
    await dialog.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.locator('[data-state="live"]').waitFor();
    expect(await page.getByRole('textbox', { name: 'Company', exact: true }).inputValue()).toBe('Salon Olga');
    expect(await page.getByLabel("Owner's Telegram id").inputValue()).toBe('4711');
  });

  it('whose clock is an hour behind reads “now” of what has just happened', async () => {
    const page = await browser.open('pool', { clockOffMs: -3_600_000 });
    await browser.world.deactivate(client);
    const item = page.getByRole('listitem').filter({ hasText: 'Client suspended' }).first();
    await item.getByText('now', { exact: true }).waitFor();
    await browser.world.activate(client);
  });
});

describe.skipIf(chromium === undefined)('two operators', () => {
  it('who suspend the same client at once both learn that it is suspended; each of them sees what the other does', async () => {
    const pages = await Promise.all([browser.open('pool'), browser.open('pool')]);
    await Promise.all(
      pages.map(async (page) => {
        await page.goto(`${browser.panel.url}/#/clients/${client.input.clientId}`);
        await page.getByRole('button', { name: 'Suspend' }).click();
      }),
    );
    await Promise.all(
      pages.map((page) => page.getByRole('dialog').getByRole('button', { name: 'Suspend', exact: true }).click()),
    );
    await Promise.all(pages.map((page) => page.getByText('is suspended; its data stays', { exact: false }).waitFor()));
    const [one, other] = pages;
    await one?.getByRole('button', { name: 'Resume' }).click();
    await until('it serves', async () => (await browser.world.tenant(client)).state === 'active');
    await other?.getByRole('button', { name: 'Suspend' }).waitFor();
    await browser.world.expectAnswer(client);
  });

  it('who change the variables at once do not undo each other: the later one is told, and keeps what was typed', async () => {
    const pages = await Promise.all([
      browser.open('settings?tab=environment'),
      browser.open('settings?tab=environment'),
    ]);
    for (const [index, page] of pages.entries()) {
      await page.getByLabel('BOT_TOKEN_MASTER').waitFor();
      await page.getByLabel('LOG_LEVEL').fill(index === 0 ? 'debug' : 'warn');
    }
    const [one, other] = pages;
    await one?.getByRole('button', { name: 'Save one change' }).click();
    await one?.getByText('Saved. It counts from the next start on.').waitFor();
    await other?.getByRole('button', { name: 'Save one change' }).click();
    await other
      ?.getByText(/changed meanwhile|somebody/i)
      .first()
      .waitFor();
    expect(await other?.getByLabel('LOG_LEVEL').inputValue()).toBe('warn');
    await other?.getByRole('button', { name: 'Save one change' }).click();
    await other?.getByText('Saved. It counts from the next start on.').waitFor();
    expect(
      (await browser.world.plane.settings.environment()).variables.find(({ name }) => name === 'LOG_LEVEL')?.value,
    ).toBe('warn');
  });
});
