/** The desktop window in Electron itself, where it was fetched: skipped elsewhere, and REQUIRE_ELECTRON=1 forbids that. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ElectronApplication, _electron as electron, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { electronBinary } from '#main/cli/host/desktop.ts';

const ROOT = join(import.meta.dirname, '../..');
const binary = electronBinary(ROOT, process.env);

if (binary === undefined && process.env['REQUIRE_ELECTRON'] === '1') throw new Error('Electron is not on this machine');

describe.skipIf(binary === undefined)('the desktop window (needs the Electron binary)', () => {
  let home: string;
  let program: ElectronApplication;
  let page: Page;

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/desktop.ts'), 'build'], { cwd: ROOT });
    home = await mkdtemp(join(tmpdir(), 'botpool-window-'));
    program = await electron.launch({
      executablePath: binary ?? '',
      args: [join(ROOT, 'out/desktop')],
      env: { ...(process.env as Record<string, string>), BOTPOOL_HOME: home },
    });
    page = await program.firstWindow();
  }, 120_000);
  afterAll(async () => {
    await program?.close();
    await rm(home, { recursive: true, force: true });
  });

  it('shows the panel from its own files, and says that no control plane runs here', async () => {
    expect(page.url()).toMatch(/^app:\/\/botpool\//);
    await page
      .getByText(/Botpool/)
      .first()
      .waitFor();
  });

  it('gives the page nothing of Node or Electron', async () => {
    expect(
      await page.evaluate(() => [typeof Reflect.get(globalThis, 'process'), typeof Reflect.get(globalThis, 'require')]),
    ).toEqual(['undefined', 'undefined']);
  });

  it('goes nowhere else, and opens no other window', async () => {
    await page.evaluate(() => Reflect.get(globalThis, 'open')('https://example.org'));
    await page.evaluate(() => Reflect.get(globalThis, 'location').assign('https://example.org')).catch(() => undefined);
    expect(page.url()).toMatch(/^app:\/\/botpool\//);
    expect(program.windows()).toHaveLength(1);
  });
});
