/** The panel in a real browser beside a whole control plane: pages that are signed in, screenshots, accessibility. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright';
import { buildPanel } from '#main/cli/host/build-panel.ts';
import { type PanelServer, startPanelServer } from './panel-server.ts';
import { type PoolWorld, startPoolWorld } from './pool-world.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Where pictures go; kept out of the repository. */
const PICTURES = join(ROOT, 'out/screenshots');
/** How long a loaded machine may take to show something. Nothing waits so long when it is there. */
const PATIENCE_MS = 30_000;

/** How a page is opened. */
export interface Look {
  readonly locale?: 'en' | 'ru';
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** By which address the panel is reached, for instance through a bad network. Default: its own. */
  readonly url?: string;
  /** How far the clock of the person's machine is off, in milliseconds. */
  readonly clockOffMs?: number;
}

/** A browser with a control plane behind it. */
export interface PanelInBrowser {
  readonly world: PoolWorld;
  readonly panel: PanelServer;
  readonly panelFolder: string;
  /** A page of a browser of its own, signed in by a link. */
  open(place: string, look?: Look): Promise<Page>;
  /** An empty page of a browser of its own. */
  blank(look?: Look): Promise<Page>;
  /** What axe finds wrong on the page, one line each; and a picture of it. */
  examine(page: Page, name: string): Promise<string[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Builds the panel if it is not fresh and starts everything. */
export async function startPanelInBrowser(executablePath: string, bots: number): Promise<PanelInBrowser> {
  const cleanUp = new AsyncDisposableStack();
  const panelFolder = await buildPanel(ROOT, (stage) => console.log(stage));
  const world = cleanUp.use(await startPoolWorld({ bots }));
  const panel = cleanUp.use(
    await startPanelServer({ database: world.plane.database, services: world.plane, panelFolder }),
  );
  const browser: Browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-dev-shm-usage'],
  });
  cleanUp.defer(() => browser.close());
  await mkdir(PICTURES, { recursive: true });
  const contextOf = async ({ locale = 'en', scheme = 'light', width = 1280, height = 800 }: Look) => {
    const context: BrowserContext = await browser.newContext({
      ...{ locale, colorScheme: scheme, viewport: { width, height }, reducedMotion: 'reduce' as const },
    });
    context.setDefaultTimeout(PATIENCE_MS);
    cleanUp.defer(() => context.close());
    return context;
  };
  return {
    world,
    panel,
    panelFolder,
    async open(place, look = {}) {
      const page = await (await contextOf(look)).newPage();
      const { url = panel.url, clockOffMs = 0 } = look;
      if (clockOffMs !== 0) await page.addInitScript(`const now = Date.now; Date.now = () => now() + (${clockOffMs});`);
      await page.goto(`${url}/#ticket=${panel.ticket()}`);
      await page.locator('[data-state="live"]').waitFor();
      // Only the part after # changes: the page stays, and with it its session and its link.
      await page.goto(`${url}/#/${place}`);
      return page;
    },
    blank: async (look = {}) => await (await contextOf(look)).newPage(),
    async examine(page, name) {
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .analyze();
      await page.screenshot({ path: join(PICTURES, `${name}.png`) });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
      );
    },
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  };
}
