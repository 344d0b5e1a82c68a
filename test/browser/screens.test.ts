/** Every screen in a real browser: it comes up with what is really there, in both languages and schemes, on a phone, too. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type {} from '../support/browser-setup.ts';
import { type PanelInBrowser, startPanelInBrowser } from '../support/panel-page.ts';
import type { Client } from '../support/pool-world.ts';

const chromium = inject('chromium');
const cleanUp = new AsyncDisposableStack();
let browser: PanelInBrowser;
let client: Client;

beforeAll(async () => {
  if (chromium === undefined) return;
  browser = cleanUp.use(await startPanelInBrowser(chromium, 3));
  // A name as nobody should have it: it is shown as the text that it is.
  client = await browser.world.newClient({ company: '<img src=x onerror=alert(1)> "Anna" \u202Enails' });
  await browser.world.activate(client);
});
afterAll(() => cleanUp.disposeAsync());

/** Something that stands on the screen only when its data has come. */
const SCREENS: readonly (readonly [place: string, en: string, ru: string, ready: (page: Page) => Promise<unknown>])[] =
  [
    ['pool', 'Pool', 'Пул', (page) => page.locator('a[href*="bot="], button[data-bot], [data-tile]').first().waitFor()],
    ['activate', 'Activate a bot', 'Запуск бота', (page) => page.getByRole('textbox').first().waitFor()],
    ['clients', 'Clients', 'Клиенты', (page) => page.getByText(client.input.clientId).first().waitFor()],
    ['orders', 'Orders', 'Заказы', (page) => page.getByText(/No orders yet|Заказов пока нет/).waitFor()],
    ['stack', 'Stack', 'Стек', (page) => page.getByText('booking-postgres').first().waitFor()],
    ['backups', 'Backups', 'Копии', (page) => page.getByTestId('backup-health').waitFor()],
    ['schedules', 'Schedules', 'Расписания', (page) => page.getByRole('img', { name: /retention/ }).waitFor()],
    [
      'logs',
      'Logs',
      'Журналы',
      (page) =>
        page
          .getByText(/BOT ACTIVATED|booking-bot-pool/)
          .first()
          .waitFor(),
    ],
    ['metrics', 'Metrics', 'Метрики', (page) => page.getByRole('heading', { name: 'PostgreSQL' }).waitFor()],
    ['checks', 'Checks', 'Проверки', (page) => page.getByRole('heading', { name: /Redis/ }).first().waitFor()],
    ['settings', 'Settings', 'Настройки', (page) => page.getByText('Русский').waitFor()],
    ['sandbox', 'Sandbox', 'Песочница', (page) => page.getByText('Salon').first().waitFor()],
  ];

const LOOKS = [
  { name: 'en-light', locale: 'en', scheme: 'light', width: 1280, height: 800 },
  { name: 'ru-dark', locale: 'ru', scheme: 'dark', width: 1280, height: 800 },
  { name: 'ru-phone', locale: 'ru', scheme: 'light', width: 360, height: 740 },
] as const;

describe.skipIf(chromium === undefined)('screens', () => {
  it.each(LOOKS)(
    'all of them come up without a violation of WCAG 2.2 AA: $name',
    async (look) => {
      const page = await browser.open('pool', look);
      const wrong: string[] = [];
      page.on('pageerror', (error) => wrong.push(`page: ${error.message}`));
      page.on('dialog', (dialog) => {
        wrong.push(`a dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      for (const [place, en, ru, ready] of SCREENS) {
        await page.goto(`${browser.panel.url}/#/${place}`);
        await page.getByRole('heading', { level: 1, name: look.locale === 'ru' ? ru : en, exact: true }).waitFor();
        await ready(page).catch((error: Error) => wrong.push(`${place}: ${error.message}`));
        const found = await browser.examine(page, `${place}-${look.name}`);
        wrong.push(...found.map((line) => `${place}: ${line}`));
        const wider = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
        if (wider > 0) wrong.push(`${place} is ${wider} px wider than the window`);
      }
      expect(wrong).toEqual([]);
    },
    240_000,
  );
});
