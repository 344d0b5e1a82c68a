/** A thousand bots and names of any length, from a phone to a wall of 4K. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type PoolLoad, startPoolLoad } from '../bench/panel-load.ts';
import type {} from '../support/browser-setup.ts';
import { type PanelInBrowser, startPanelInBrowser } from '../support/panel-page.ts';
import { until } from '../support/until.ts';

const chromium = inject('chromium');
const cleanUp = new AsyncDisposableStack();
const BOTS = 1_000;
/** What a first visit may fetch of JavaScript, in bytes as they are sent. */
const MOST_BYTES = 350_000;
let browser: PanelInBrowser;
let load: PoolLoad;

beforeAll(async () => {
  if (chromium === undefined) return;
  browser = cleanUp.use(await startPanelInBrowser(chromium, 0));
  load = await startPoolLoad(browser.world.plane.redis, BOTS);
  cleanUp.defer(() => load.stop());
  await browser.world.plane.database.query(
    `INSERT INTO control.tenants (client_id, company, kind, locale, time_zone, owner_id, state)
     SELECT 'client_' || 100000 + n, repeat(CASE n % 3 WHEN 0 THEN 'WWWWWW' WHEN 1 THEN '\u202e<b>&' ELSE 'слово ' END, 33),
            'booking', 'en', 'UTC', 1, 'suspended' FROM generate_series(1, 1000) AS n`,
  );
});
afterAll(() => cleanUp.disposeAsync());

describe.skipIf(chromium === undefined)('a thousand bots', () => {
  it('are all there, are found by typing, and change while one looks', async () => {
    const page = await browser.open('pool');
    const tiles = page.locator('[data-bot]');
    await until('all tiles', async () => (await tiles.count()) === BOTS);
    load.pace(200);
    await page.locator('[data-bot][data-state="draining"]').first().waitFor();
    await page.getByRole('searchbox').fill('777');
    await until('one tile', async () => (await tiles.count()) === 1);
    await tiles.first().click();
    await page.getByRole('dialog').getByText('booking-bot-pool-777').first().waitFor();
    load.pace(0);
  });

  it.each([
    { name: 'phone', width: 360, height: 740 },
    { name: '4k', width: 3_840, height: 2_160 },
  ])('fit on a screen of any size, and a thousand clients too: $name', async ({ name, width, height }) => {
    const page = await browser.open('pool', { width, height });
    await until('all tiles', async () => (await page.locator('[data-bot]').count()) === BOTS);
    await page.screenshot({ path: `out/screenshots/crowd-pool-${name}.png` });
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    await page.goto(`${browser.panel.url}/#/clients`);
    const rows = page.getByRole('row');
    await rows.nth(3).waitFor();
    // However many there are, a screenful is drawn.
    expect(await rows.count()).toBeLessThan(120);
    expect(await browser.examine(page, `crowd-clients-${name}`)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  });

  it('are shown by less than 350 kB of JavaScript', async () => {
    const page = await browser.open('pool');
    await page.locator('[data-bot]').first().waitFor();
    const bytes = Number(
      await page.evaluate(`performance.getEntriesByType('resource')
        .filter(({ name, startTime }) => /\\.js$/.test(new URL(name).pathname))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`),
    );
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(MOST_BYTES);
  });
});
