/**
 * The panel in a real Chromium, beside a plain page: a pool of 1,000 bots that changes 200 times a second. How soon the list
 * is there, how long a click or a key waits, whether scrolling stutters, how soon a change is seen, what memory does.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright';
import { buildPanel } from '#main/cli/host/build-panel.ts';
import type { Engine } from '#main/engine/engine.ts';
import { type PanelServer, startPanelServer } from '../support/panel-server.ts';
import { until } from '../support/until.ts';
import { type PoolLoad, startPoolLoad } from './panel-load.ts';
import { heapMib, latencies, measureInput, measureScroll, PROBE } from './panel-page.ts';
import { type PlainPage, startPlainPage } from './panel-rival.ts';
import { type BenchOptions, type BenchResult, percentile, round } from './report.ts';
import { startBenchWorld } from './world.ts';

const BOTS = 1_000;
const CHANGES_PER_S = 200;
/** At size 1; the memory is watched for so long. */
const WATCH_MS = 600_000;
const STARTS = 5;
const SCROLL_MS = 10_000;
const INPUT_ROUNDS = 12;
const IDLE_MS = 60_000;
/** A frame that a person sees as a stutter. */
const LONG_FRAME_MS = 50;
const ROOT = join(import.meta.dirname, '../..');
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Runs the benchmark. */
export async function benchPanel({ size, report }: BenchOptions): Promise<BenchResult> {
  await using cleanUp = new AsyncDisposableStack();
  const panelFolder = await buildPanel(ROOT, report);
  const world = cleanUp.use(await startBenchWorld(0, { MAX_TOTAL_BOTS: '5000' }));
  const calls = countCalls(world.plane.engine);
  const load = await startPoolLoad(world.plane.redis, BOTS);
  cleanUp.defer(() => load.stop());
  const panel = cleanUp.use(
    await startPanelServer({ database: world.plane.database, services: world.plane, panelFolder }),
  );
  const plain = cleanUp.use(await startPlainPage(world.plane.redis));
  const browser = await openBrowser();
  cleanUp.defer(() => browser.close());

  report('cold starts');
  const starts = [];
  for (let turn = 0; turn < STARTS; turn += 1) starts.push(await coldStart(browser, panel));
  report(`at rest for ${IDLE_MS / 1_000} s`);
  const idle = await open(browser, signInUrl(panel));
  await complete(idle);
  const before = calls.count;
  await idle.waitForTimeout(IDLE_MS);
  const idleCalls = ((calls.count - before) * 60_000) / IDLE_MS;
  await idle.context().close();

  load.pace(CHANGES_PER_S);
  report('the panel while the pool changes');
  const page = await open(browser, signInUrl(panel));
  await complete(page);
  const ours = await work(page, load, panelActions(page));
  report('the plain page');
  const other = await open(browser, plain.url);
  await complete(other);
  const rivals = await work(other, load, plainActions(other));
  await other.context().close();
  report(`memory for ${Math.round((WATCH_MS * size) / 60_000)} min`);
  const heap = await watchMemory(page, load, Math.max(30_000, WATCH_MS * size));
  return describe({ starts, idleCalls, ours, rivals, heap, plain });
}

async function openBrowser(): Promise<Browser> {
  const executablePath = [process.env['CHROMIUM_PATH'], ...BROWSERS].find((path) => path && existsSync(path));
  if (executablePath === undefined) throw new Error('Chromium is missing: install it, or name one in CHROMIUM_PATH');
  const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-dev-shm-usage'];
  return await chromium.launch({ executablePath, args });
}

const signInUrl = (panel: PanelServer): string => `${panel.url}/#ticket=${panel.ticket()}`;

async function open(browser: Browser, url: string): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en' });
  const page = await context.newPage();
  await page.addInitScript(`window.wanted = ${BOTS}`);
  await page.addInitScript(PROBE);
  await page.goto(url);
  return page;
}

/** The probe has seen all rows. Looked for from outside: the panel's policy lets nobody evaluate text in its pages. */
async function complete(page: Page): Promise<void> {
  await until('all rows', async () => Number(await page.evaluate('window.completeAt ?? 0')) > 0);
}

interface Start {
  readonly interactiveMs: number;
  readonly listMs: number;
  readonly kilobytes: number;
}

/** Nothing in any cache: from the address to a screen that obeys, and from the sign-in to the whole list. */
async function coldStart(browser: Browser, panel: PanelServer): Promise<Start> {
  const page = await open(browser, signInUrl(panel));
  await complete(page);
  const facts = (await page.evaluate(`(() => {
    const entries = performance.getEntriesByType('resource');
    const scripts = entries.filter(({ name }) => /\\.js$/.test(new URL(name).pathname));
    const signIn = entries.find(({ name }) => name.endsWith('/session'));
    return {
      interactiveMs: window.firstTileAt,
      listMs: window.completeAt - signIn.startTime,
      kilobytes: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) / 1000,
    };
  })()`)) as Start;
  await page.context().close();
  return facts;
}

/** What a person does on a page; each says how many inputs it made. */
interface Actions {
  readonly input: (turn: number) => Promise<number>;
}

function panelActions(page: Page): Actions {
  return {
    async input(turn) {
      const search = page.getByRole('searchbox').first();
      await search.pressSequentially(String(100 + turn), { delay: 60 });
      await page.waitForTimeout(120);
      for (let key = 0; key < 3; key += 1) await page.keyboard.press('Backspace', { delay: 30 });
      await page
        .locator('[data-bot]')
        .nth(turn * 3)
        .click({ force: true, noWaitAfter: true });
      await page.waitForTimeout(400);
      await page.keyboard.press('Escape');
      await page.waitForTimeout(400);
      return 8;
    },
  };
}

function plainActions(page: Page): Actions {
  return {
    async input(turn) {
      const search = page.getByRole('searchbox').first();
      await search.pressSequentially(String(100 + turn), { delay: 60 });
      await page.waitForTimeout(120);
      for (let key = 0; key < 3; key += 1) await page.keyboard.press('Backspace', { delay: 30 });
      await page.mouse.click(200, 200 + turn * 10);
      await page.waitForTimeout(800);
      return 7;
    },
  };
}

interface Worked {
  readonly input: number[];
  readonly frames: number[];
  readonly changes: number[];
}

async function work(page: Page, load: PoolLoad, actions: Actions): Promise<Worked> {
  await page.waitForTimeout(2_000);
  load.takeChanges();
  await page.evaluate('window.seen.length = 0');
  await page.waitForTimeout(10_000);
  const changes = await latencies(page, load.takeChanges().slice(0, -CHANGES_PER_S));
  const frames = await measureScroll(page, SCROLL_MS);
  const input = await measureInput(page, actions.input, INPUT_ROUNDS);
  await page.evaluate('window.seen.length = 0');
  return { input, frames, changes };
}

async function watchMemory(page: Page, load: PoolLoad, ms: number): Promise<number[]> {
  const session = await page.context().newCDPSession(page);
  const heap: number[] = [];
  const end = Date.now() + ms;
  while (Date.now() < end) {
    await page.waitForTimeout(Math.min(10_000, ms / 10));
    // The probe's own notes are not the panel's.
    await page.evaluate('window.seen.length = 0');
    load.takeChanges();
    heap.push(await heapMib(session));
  }
  return heap;
}

/** Every call of the engine from now on, whoever makes it. */
function countCalls(engine: Engine): { count: number } {
  const counter = { count: 0 };
  const methods = ['list', 'inspect', 'stats', 'logs', 'create', 'start', 'stop', 'remove', 'restart', 'exec'] as const;
  for (const name of methods) {
    const method = engine[name].bind(engine) as (...given: unknown[]) => unknown;
    Object.assign(engine, {
      [name]: (...given: unknown[]) => {
        counter.count += 1;
        return method(...given);
      },
    });
  }
  return counter;
}

function describe(seen: {
  readonly starts: readonly Start[];
  readonly idleCalls: number;
  readonly ours: Worked;
  readonly rivals: Worked;
  readonly heap: readonly number[];
  readonly plain: PlainPage;
}): BenchResult {
  const { starts, idleCalls, ours, rivals, heap, plain } = seen;
  const third = Math.max(1, Math.floor(heap.length / 3));
  const [early, late] = [percentile(heap.slice(0, third), 0.5), percentile(heap.slice(-third), 0.5)];
  const figuresOf = ({ input, frames, changes }: Worked) => ({
    'inp.p75_ms': percentile(input, 0.75),
    'inp.p98_ms': percentile(input, 0.98),
    long_frames_pct: round((100 * frames.filter((ms) => ms > LONG_FRAME_MS).length) / frames.length),
    'change_to_screen.p95_ms': percentile(changes, 0.95),
  });
  const [mine, theirs] = [figuresOf(ours), figuresOf(rivals)];
  const ratio = (name: keyof typeof mine): number => round(theirs[name] / mine[name]);
  return {
    name: 'panel',
    figures: {
      list_ms: percentile(
        starts.map(({ listMs }) => listMs),
        0.5,
      ),
      interactive_ms: percentile(
        starts.map(({ interactiveMs }) => interactiveMs),
        0.5,
      ),
      first_load_kb: round(starts[0]?.kilobytes ?? Number.NaN),
      ...mine,
      engine_calls_per_min: round(idleCalls),
      'heap.early_mib': early,
      'heap.late_mib': late,
      inputs: ours.input.length,
      changes_seen: ours.changes.length,
    },
    rival: { name: plain.name, figures: theirs },
    ratios: {
      inp_p75: ratio('inp.p75_ms'),
      inp_p98: ratio('inp.p98_ms'),
      change_p95: ratio('change_to_screen.p95_ms'),
    },
    samples: {
      input: ours.input,
      rival_input: rivals.input,
      frames: ours.frames,
      rival_frames: rivals.frames,
      change_to_screen: ours.changes,
      heap_mib: heap,
      interactive: starts.map(({ interactiveMs }) => interactiveMs),
      list: starts.map(({ listMs }) => listMs),
    },
  };
}
