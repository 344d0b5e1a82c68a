/** What a person does on the screens day by day: by clicks and by keys, against real bots. */
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { raiseAlert, resolveAlert } from '#core/alerts/alerts.ts';
import { openSalesDesk } from '#core/billing/desk.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { OrderView } from '#shared/schemas/sales.ts';
import type {} from '../support/browser-setup.ts';
import { type PanelInBrowser, startPanelInBrowser } from '../support/panel-page.ts';
import type { Client } from '../support/pool-world.ts';
import { until } from '../support/until.ts';

const chromium = inject('chromium');
const cleanUp = new AsyncDisposableStack();
let browser: PanelInBrowser;
let page: Page;
let client: Client;

beforeAll(async () => {
  if (chromium === undefined) return;
  browser = cleanUp.use(await startPanelInBrowser(chromium, 2));
  client = await browser.world.newClient({ company: 'Studio Anna' });
  page = await browser.open('pool');
});
afterAll(() => cleanUp.disposeAsync());

/** The page anew, with nothing open on it that an earlier test has left. */
const go = async (place: string): Promise<void> => {
  await page.goto('about:blank');
  await page.goto(`${browser.panel.url}/#/${place}`);
};
const tenant = async (): Promise<string> => (await browser.world.tenant(client)).state;

/** A buyer who has chosen a plan and brought a bot. */
async function askToPay(buyerId: number): Promise<OrderView> {
  const desk = openSalesDesk(browser.world.plane.database);
  const buyer = { buyerId, chatId: buyerId, name: 'Boris', locale: 'en' as const };
  const username = `s${randomUUID().slice(0, 8)}_bot`;
  const bot = await browser.world.sandbox.createBot({ ownerId: buyerId, name: 'Salon', username });
  const id = randomUUID();
  await desk.openOrder(id, buyer, { planId: 'start' });
  await desk.changeOrder(id, buyerId, { company: 'Boris Barbers', receiptContact: 'boris@example.com' });
  await desk.setToken(id, buyerId, { token: bot.token, botId: bot.id, username, managed: false });
  return await desk.askPayment(id, buyerId);
}

async function pay({ id, buyerId }: OrderView): Promise<void> {
  const desk = openSalesDesk(browser.world.plane.database);
  const payment = await until('there is a link to pay by', async () => {
    const { confirmationUrl } = await desk.readOrder(id, buyerId);
    return confirmationUrl === null ? undefined : (new URL(confirmationUrl).searchParams.get('orderId') ?? '');
  });
  await browser.world.sandbox.shop.act(payment);
  await browser.world.plane.sales.sweep();
}

describe.skipIf(chromium === undefined)('an operator', () => {
  it('is led by the guide at first, and puts it away for good', async () => {
    const guide = page.getByRole('heading', { name: 'First steps' });
    await guide.waitFor();
    await page.getByRole('link', { name: 'Give the first client a bot' }).click();
    await page.getByRole('heading', { level: 1, name: 'Activate a bot' }).waitFor();
    await go('pool');
    await page.getByRole('button', { name: 'Put the guide away' }).click();
    await guide.waitFor({ state: 'detached' });
    await page.reload();
    await page.locator('[data-bot]').first().waitFor();
    expect(await guide.count()).toBe(0);
  });

  it('changes the size of the pool, and takes that back', async () => {
    const tiles = page.locator('[data-bot]');
    await page.getByRole('button', { name: 'Size …' }).click();
    const dialog = page.getByRole('dialog', { name: 'How many bots' });
    const change = dialog.getByRole('button', { name: 'Change' });
    expect(await change.isDisabled()).toBe(true);
    await dialog.getByLabel('Bots in the pool').fill('3');
    expect(await browser.examine(page, 'pool-size')).toEqual([]);
    await change.click();
    await page.getByText('The pool has 3 bots', { exact: false }).waitFor();
    await until('three tiles', async () => (await tiles.count()) === 3);
    await page.getByRole('button', { name: 'Undo' }).click();
    await until('two tiles', async () => (await tiles.count()) === 2);
  });

  it('reads what went wrong in one sentence, says that she looks after it, and why there are so many bots', async () => {
    await go('pool');
    const { database } = browser.world.plane;
    const error = new BotpoolError('bots_died_together', { count: 17, bots: 30 });
    await raiseAlert(database, { key: 'test', severity: 'critical', error });
    const sentence = page.getByText('17 bots ended at the same moment, of 30', { exact: false });
    await sentence.waitFor();
    expect(await page.getByTestId('verdict').textContent()).not.toBe('All is well');
    await page.getByTestId('reason').getByText('autoscaler', { exact: false }).waitFor();
    expect(await browser.examine(page, 'pool-alert')).toEqual([]);
    await page.getByRole('button', { name: 'I look after it' }).click();
    await page.getByText('looks after it.', { exact: false }).waitFor();
    await resolveAlert(database, 'test');
    await sentence.waitFor({ state: 'detached' });
  });

  it('gives a client a bot, watches the stages, and finds it serving', async () => {
    await go('activate');
    await page.getByLabel('Bot token').fill(client.token);
    await page.getByRole('textbox', { name: 'Company', exact: true }).fill(client.input.company);
    await page.getByLabel("Owner's Telegram id").fill(String(client.input.ownerId));
    await page.getByLabel('Client id').fill(client.input.clientId);
    await page.getByRole('button', { name: 'Activate', exact: true }).click();
    await page.getByRole('img', { name: /QR code of https:/ }).waitFor();
    expect(await tenant()).toBe('active');
    await browser.world.expectAnswer(client);
    expect(await browser.examine(page, 'activate-done')).toEqual([]);
  });

  it('suspends a client and lets it go on with the token that is kept', async () => {
    await go(`clients/${client.input.clientId}`);
    await page.getByRole('button', { name: 'Suspend' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
    await page.getByText('is suspended; its data stays', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('serves again, on', { exact: false }).waitFor();
    await until('it serves', async () => (await tenant()) === 'active');
    await browser.world.expectAnswer(client);
  });

  it('looks at a client from every side, moves it to another bot, and gives it another token', async () => {
    await go('clients');
    await page.getByRole('columnheader', { name: 'Days left' }).waitFor();
    expect(await browser.examine(page, 'clients-figures')).toEqual([]);
    await go(`clients/${client.input.clientId}?tab=sales`);
    await page.getByText('Nobody has paid for it').waitFor();
    await page.getByRole('tab', { name: 'Backups' }).click();
    await page.getByText('No backup holds it yet').waitFor();
    await page.getByRole('tab', { name: 'Audit' }).click();
    await page.getByRole('cell', { name: 'Client suspended' }).first().waitFor();
    expect(await browser.examine(page, 'client-audit')).toEqual([]);
    const before = (await browser.world.open(client))?.container;
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Move to another bot' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Move to another bot' }).click();
    await until('another bot serves it', async () => {
      const open = await browser.world.open(client);
      return open?.state === 'active' && open.container !== before;
    });
    await browser.world.expectAnswer(client);
    const ownerId = client.input.ownerId;
    const bot = await browser.world.sandbox.createBot({ ownerId, name: 'Next', username: 'next_for_anna_bot' });
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'New token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Bot token').fill(bot.token);
    await dialog.getByText('@next_for_anna_bot').waitFor();
    expect(await browser.examine(page, 'client-token')).toEqual([]);
    await dialog.getByRole('button', { name: 'Change the token' }).click();
    await page.getByText('serves with its new token', { exact: false }).waitFor();
    client = { ...client, botId: bot.id, token: bot.token };
    await browser.world.expectAnswer(client);
  });

  it('finds a client by ⌘K without touching the mouse, and walks over the tiles with the arrows', async () => {
    await go('pool');
    const tiles = page.locator('[data-bot]');
    await tiles.first().waitFor();
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog');
    await palette.getByRole('textbox').fill('Studio An');
    await palette.getByText('Studio Anna').first().waitFor();
    expect(await browser.examine(page, 'palette')).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Studio Anna' }).waitFor();
    await go('pool');
    await tiles.first().focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate('document.activeElement.dataset.bot')).toBe(await tiles.nth(1).getAttribute('data-bot'));
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog');
    await drawer.getByText('Container', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
  });

  it('searches the logs and narrows them by level', async () => {
    await go('logs');
    await page.getByRole('searchbox').fill('BOT ACTIVATED');
    const lines = page.getByRole('region', { name: 'Logs' }).locator('[data-level]');
    await lines.first().waitFor();
    await until('nothing else is shown', async () => {
      const texts = await lines.allTextContents();
      return texts.length > 0 && texts.every((text) => text.includes('BOT ACTIVATED'));
    });
    await page.getByText('Errors', { exact: true }).click();
    await page.getByText('No line like that').waitFor();
  });

  it('has the checks looked at again', async () => {
    await go('checks');
    await page.getByRole('heading', { name: /Redis/ }).first().waitFor();
    await page.getByRole('button', { name: /again/i }).click();
    await page.getByRole('heading', { name: /Redis/ }).first().waitFor();
  });

  it('tries other rules for the pool against the past, saves them, and takes that back', async () => {
    await go('pool');
    await page
      .getByTestId('forecast')
      .getByText(/at this pace/)
      .waitFor();
    await page.getByRole('link', { name: /The rules/ }).click();
    const simulator = page.getByTestId('simulator');
    await simulator.getByText('Change a rule').waitFor();
    await page.getByLabel('Always free').fill('7');
    await page.getByRole('switch', { name: 'Fill the pool by itself' }).check();
    await simulator
      .getByText(/start \d+/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Add a time' }).click();
    await page.getByLabel('Free bots', { exact: true }).fill('12');
    expect(await browser.examine(page, 'settings-pool')).toEqual([]);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('The pool follows the new rules.').waitFor();
    const { policy } = await browser.world.plane.autoscaler.policy();
    expect(policy).toMatchObject({ enabled: true, minFree: 7, schedules: [{ days: ['fri', 'sat'], free: 12 }] });
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await until('the variables count again', async () => !(await browser.world.plane.autoscaler.policy()).own);
    await page.getByText('These are the values of the variables').waitFor();
  });

  it('sells a plan for another price, and takes that back', async () => {
    await go('settings?tab=plans');
    await page.getByRole('button', { name: 'Change plan start' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Price, roubles').fill('1234.5');
    expect(await browser.examine(page, 'settings-plan')).toEqual([]);
    await dialog.getByRole('button', { name: 'Save the plan' }).click();
    await page.getByText(/1,234\.50/).waitFor();
    const price = async () => (await browser.world.plane.sales.plans()).find(({ id }) => id === 'start')?.price;
    expect(await price()).toBe(123_450);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await until('it costs what it did', async () => (await price()) === 99_000);
  });

  it('changes a variable, which counts from the next start on; what cannot be is refused with a reason', async () => {
    await go('settings?tab=environment');
    const field = page.getByLabel('MIN_FREE_BOTS', { exact: true });
    await field.fill('many');
    await page.getByRole('button', { name: 'Save one change' }).click();
    await page
      .getByText(/MIN_FREE_BOTS/)
      .last()
      .waitFor();
    await page
      .getByRole('alert')
      .or(page.getByText(/expected/i))
      .first()
      .waitFor();
    expect(await field.inputValue()).toBe('many');
    await field.fill('4');
    await page.getByRole('button', { name: 'Save one change' }).click();
    await page.getByText('Saved. It counts from the next start on.').waitFor();
    await page.getByText('Restart Botpool for it to count', { exact: false }).waitFor();
  });

  it('follows a sale as it happens, tries it again when the pool was empty, and gives the money back', async () => {
    await go('orders');
    await page.getByText('No orders yet').waitFor();
    const buyer = await browser.world.sandbox.createPerson({ name: 'Boris', languageCode: 'en' });
    const order = await askToPay(buyer.id);
    await page.getByRole('link', { name: String(order.number), exact: true }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('waits for payment').waitFor();
    // Nobody is free: whoever has paid waits for a bot, and the operator sees it.
    await browser.world.plane.bots.scale(1, { max: 10, actor: 'test' });
    await pay(order);
    await drawer.getByText('Paid', { exact: true }).waitFor();
    expect(await browser.examine(page, 'order-paid')).toEqual([]);
    await drawer.getByRole('button', { name: 'Try again now' }).click();
    await page.getByText('is tried again.', { exact: false }).waitFor();
    await browser.world.plane.bots.scale(2, { max: 10, actor: 'test' });
    await drawer.getByText('Its bot serves').waitFor();
    await drawer.getByRole('button', { name: 'Give the money back' }).click();
    const question = page.getByRole('dialog').last();
    await question.getByRole('textbox').fill(String(order.number));
    await question.getByRole('button', { name: 'Give the money back' }).click();
    await drawer.getByText('money given back').waitFor();
    await page.keyboard.press('Escape');
  });

  it('brings back what is missing, and reads that no Compose runs here', async () => {
    await go('stack');
    await page.getByRole('button', { name: 'Bring back what is missing' }).click();
    await page.getByText('Nothing was missing.').waitFor();
    await page.getByRole('button', { name: 'Configuration' }).click();
    await page.getByText('No Compose here').waitFor();
    expect(await browser.examine(page, 'stack-configuration')).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Stop everything' }).click();
    const dialog = page.getByRole('dialog');
    const stop = dialog.getByRole('button', { name: 'Stop everything' });
    expect(await stop.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('stop');
    expect(await stop.isDisabled()).toBe(false);
    await page.keyboard.press('Escape');
  });

  it('changes language and colours, and adds a user who can be locked out', async () => {
    await go('settings');
    await page.getByText('Русский').click();
    await page.getByRole('heading', { level: 1, name: 'Настройки' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('ru');
    await page.getByText('English').click();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await page.getByText('Dark', { exact: true }).click();
    await until('it is dark', async () => {
      return (await page.locator('html').getAttribute('data-mantine-color-scheme')) === 'dark';
    });
    await go('settings?tab=users');
    await page.getByRole('button', { name: 'Add user' }).first().click();
    const form = page.locator('form').last();
    await form.getByLabel('Name').fill('olga');
    await form.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await form.getByRole('button', { name: 'Add user' }).click();
    await page.getByText('olga can sign in now.').waitFor();
    await page.getByRole('button', { name: 'Lock olga' }).click();
    await page.getByRole('button', { name: 'Unlock olga' }).waitFor();
  });
});
