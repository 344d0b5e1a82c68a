/** What an operator does with backups and schedules: by clicks and keys, against real dumps and a real scheduler. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type {} from '../support/browser-setup.ts';
import { type PanelInBrowser, startPanelInBrowser } from '../support/panel-page.ts';
import type { Client } from '../support/pool-world.ts';
import { until } from '../support/until.ts';

const chromium = inject('chromium');
const cleanUp = new AsyncDisposableStack();
let browser: PanelInBrowser;
let client: Client;
let page: Page;
let id: string;

beforeAll(async () => {
  if (chromium === undefined) return;
  browser = cleanUp.use(await startPanelInBrowser(chromium, 2));
  client = await browser.world.newClient({ company: 'Studio Anna' });
  await browser.world.activate(client);
  await browser.world.deactivate(client);
});
afterAll(() => cleanUp.disposeAsync());

const backups = () => browser.world.plane.backups;
const users = async (schema: string): Promise<number> => {
  const { rows } = await browser.world.plane.database.query<{ count: string }>(`SELECT count(*) FROM ${schema}.users`);
  return Number(rows[0]?.count);
};
const addUser = async (name: string): Promise<void> => {
  const { clientId } = client.input;
  await browser.world.plane.database.query(
    `INSERT INTO ${clientId}.users (telegram_id, name, locale)
     VALUES ((SELECT coalesce(max(telegram_id), 0) + 1 FROM ${clientId}.users), $1, 'en')`,
    [name],
  );
};
/** The page anew, with nothing open on it that an earlier test has left. */
const go = async (place: string): Promise<void> => {
  await page.goto('about:blank');
  await page.goto(`${browser.panel.url}/#/${place}`);
};
const openBackup = (): Promise<void> => go(`backups?backup=${id}`);

describe.skipIf(chromium === undefined)('backups', () => {
  it('one click makes one; how far it is and what became of it is seen without a reload', async () => {
    page = await browser.open('backups');
    await page.getByText('There is no backup yet').waitFor();
    await addUser('Before');
    await page.getByRole('button', { name: 'Back up now' }).click();
    await page.getByRole('cell', { name: 'proven', exact: true }).waitFor();
    await page.getByText('You can rely on your backups').waitFor();
    const [made] = await backups().list(1);
    id = made?.id ?? '';
    expect(made).toMatchObject({ scope: 'all', state: 'verified', requestedBy: expect.any(String) });
    expect(await browser.examine(page, 'backups-list')).toEqual([]);
  });

  it('that goes on shows how far it is, and keeps nothing when it is stopped', async () => {
    // Whoever dumps this table waits for us.
    await browser.world.plane.database.transaction(async (tx) => {
      await tx.query(`LOCK TABLE ${client.input.clientId}.users IN ACCESS EXCLUSIVE MODE`);
      await page.getByRole('button', { name: 'Back up now' }).click();
      const progress = page.getByTestId('backup-progress');
      await progress.getByText('Writing').waitFor();
      await progress.getByText(/of \d+ tables counted/).waitFor();
      expect(await browser.examine(page, 'backups-working')).toEqual([]);
      await page.getByRole('button', { name: /^Stop backup/ }).click();
      await page.getByText('It was stopped. Nothing of it was kept.').waitFor();
    });
    await page.getByRole('cell', { name: 'failed', exact: true }).waitFor();
    await page.getByText('Somebody stopped this backup', { exact: false }).first().waitFor();
    // Whoever stops one on purpose need not be told that something is wrong.
    await page.getByText('You can rely on your backups').waitFor();
  });

  it('tells by its row what is inside, and is kept for ever or not, with a way back', async () => {
    await page
      .getByRole('row', { name: /proven/ })
      .first()
      .click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('database.dump', { exact: true }).waitFor();
    await drawer.getByText('Studio Anna').waitFor();
    await drawer.getByRole('button', { name: 'Keep for ever' }).click();
    await until('it is pinned', async () => (await backups().show(id)).pinned);
    await page.getByRole('button', { name: 'Undo' }).click();
    await until('it is not pinned', async () => !(await backups().show(id)).pinned);
    expect(await browser.examine(page, 'backups-one')).toEqual([]);
  });

  it('puts a client back: what would change is shown first, and its name has to be typed', async () => {
    const { clientId } = client.input;
    await addUser('After');
    const before = await users(clientId);
    await openBackup();
    await page.getByRole('button', { name: `Restore ${clientId} …` }).click();
    const wizard = page.getByRole('dialog', { name: /Restore from the backup/ });
    await wizard.getByRole('button', { name: 'Look at what would change' }).click();
    const row = wizard.getByRole('row', { name: /^users/ });
    await row.waitFor();
    expect((await row.getByRole('cell').allTextContents()).at(-1)).toBe('−1');
    expect(await browser.examine(page, 'backups-dry-run')).toEqual([]);
    const restore = wizard.getByRole('button', { name: `Restore ${clientId}` });
    expect(await restore.isDisabled()).toBe(true);
    await wizard.getByRole('textbox').fill('client_1');
    expect(await restore.isDisabled()).toBe(true);
    expect(await users(clientId)).toBe(before);
    await wizard.getByRole('textbox').fill(clientId);
    await restore.click();
    await page.getByText(`${clientId} is as it was in the backup`, { exact: false }).waitFor();
    expect(await users(clientId)).toBe(before - 1);
    // The way back is offered at once: the backup that was made before.
    await page.getByRole('link', { name: 'Restore how it was before' }).click();
    await page.getByRole('dialog').getByText('a restore, before it').waitFor();
  });

  it('makes a copy as another client, and refuses a number that somebody has', async () => {
    const { clientId } = client.input;
    await openBackup();
    await page.getByRole('button', { name: `Restore ${clientId} …` }).click();
    const wizard = page.getByRole('dialog', { name: /Restore from the backup/ });
    await wizard.getByRole('radio', { name: 'Make a copy as another client' }).check();
    const number = wizard.getByRole('textbox', { name: 'Number of the copy' });
    await number.fill(clientId);
    await wizard.getByText('There is a client of this number already.').waitFor();
    await number.fill('salon');
    await wizard.getByText('Expected a number such as client_012.').waitFor();
    await number.fill('client_7777');
    await wizard.getByRole('button', { name: 'Look at what would change' }).click();
    await wizard.getByRole('button', { name: 'Make the copy' }).click();
    await page.getByText('The copy is there as client_7777', { exact: false }).waitFor();
    expect(await users('client_7777')).toBe(await users(clientId));
  });

  it('hands out one table as a file', async () => {
    await openBackup();
    await page.getByRole('button', { name: `Restore ${client.input.clientId} …` }).click();
    const wizard = page.getByRole('dialog', { name: /Restore from the backup/ });
    await wizard.getByRole('radio', { name: 'Take one table as a file' }).check();
    await wizard.getByRole('button', { name: 'Look at what would change' }).click();
    await wizard.getByRole('combobox', { name: 'Table' }).fill('users');
    await page.getByRole('option', { name: 'users', exact: true }).click();
    const coming = page.waitForEvent('download');
    await wizard.getByRole('button', { name: 'Save the file' }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe(`${client.input.clientId}-users-${id}.csv`);
    expect(await readFile(await download.path(), 'utf8')).toMatch(/^id,.*name.*\n[\s\S]*Before/);
  });

  it('says what the rules would remove before anything is removed', async () => {
    await go('backups?tab=kept');
    await page.getByText('Nothing would be removed now.').waitFor();
    await page.getByRole('textbox', { name: 'Newest' }).fill('5');
    await page.getByRole('button', { name: 'Save the rules' }).click();
    await until('the rules are saved', async () => (await backups().retention()).policy.last === 5);
    await page.getByRole('button', { name: 'Undo' }).click();
    await until('they are as they were', async () => (await backups().retention()).policy.last === 3);
    expect(await browser.examine(page, 'backups-kept')).toEqual([]);
  });
});

describe.skipIf(chromium === undefined)('schedules', () => {
  it('runs one now and keeps what became of it', async () => {
    await go('schedules');
    await page.getByRole('button', { name: 'Run retention now' }).click();
    await page.getByText('retention will run at once.').waitFor();
    await page.getByRole('link', { name: 'History of retention' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('done', { exact: true }).waitFor();
    await drawer.getByText('What it said').click();
    await drawer.getByText('removed:').waitFor();
    expect(await browser.examine(page, 'schedules-history')).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('pauses one with a reason, and takes that back', async () => {
    await go('schedules');
    await page.getByRole('button', { name: 'Pause verify' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Pause', exact: true }).isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('moving the disk');
    await page.keyboard.press('Enter');
    await page.getByText(/moving the disk/).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Pause verify' }).waitFor();
    await page.getByText(/moving the disk/).waitFor({ state: 'detached' });
  });

  it('makes one: what is typed is told in a sentence with its next times, and what cannot be is refused with a reason', async () => {
    await go('schedules');
    await page.getByRole('button', { name: 'New schedule' }).click();
    const editor = page.getByRole('dialog', { name: 'New schedule' });
    await editor.getByRole('textbox', { name: 'Name' }).fill('salon-monthly');
    const when = editor.getByRole('textbox', { name: 'When' });
    await when.fill('0 25 * * *');
    await editor.getByText(/0 25 \* \* \*/).waitFor();
    await editor.getByRole('combobox', { name: 'Time zone' }).fill('Pacific/Auckland');
    await page.getByRole('option', { name: 'Pacific/Auckland' }).click();
    await when.fill('30 4 1 * *');
    const preview = editor.getByTestId('preview').getByRole('listitem');
    await until('five times are shown', async () => (await preview.count()) === 5);
    expect(await preview.first().textContent()).toMatch(/04:30/);
    expect(await browser.examine(page, 'schedules-editor')).toEqual([]);
    await editor.getByRole('button', { name: 'Save' }).click();
    await page.getByText('On day 1 of every month at 04:30').waitFor();
    await editor.waitFor({ state: 'detached' });
    expect(await browser.examine(page, 'schedules-list')).toEqual([]);
    await page.getByRole('button', { name: 'Remove salon-monthly' }).click();
    const question = page.getByRole('dialog');
    await question.getByRole('textbox').fill('salon-monthly');
    await question.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('On day 1 of every month at 04:30').waitFor({ state: 'detached' });
  });
});
