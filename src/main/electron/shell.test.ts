import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DoubleEvent, type DoubleOptions, ElectronDouble } from '#test/support/electron-double.ts';
import { startShell } from './shell.ts';

let root: string;
const running: ElectronDouble[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botpool-shell-'));
});
afterAll(async () => {
  for (const double of running) double.app.emit('before-quit');
  await rm(root, { recursive: true, force: true });
});

/** The program as it stands when its window does, on a machine without a host. */
async function start(options: Partial<DoubleOptions> & { args?: string[]; platform?: NodeJS.Platform } = {}) {
  const { args = [], platform = 'darwin', ...more } = options;
  const appData = await mkdtemp(join(root, 'data-'));
  const double = new ElectronDouble({ appData, appPath: '/app', ...more });
  running.push(double);
  await startShell({
    electron: double.parts,
    env: {},
    args: ['/opt/Botpool', ...args],
    platform,
    fetch,
    sleep: (_ms, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
    openSocket: () => {
      throw new Error('nobody is there to connect to');
    },
  });
  return double;
}

/** A callback that keeps what it is given. */
function answering() {
  const answers: unknown[] = [];
  return { keep: (answer: unknown) => void answers.push(answer), given: () => answers[0] };
}

describe('the beginning of the program', () => {
  it('sets its sandbox, its folder and its scheme before it is ready, and serves the panel before it loads it', async () => {
    const { story, window } = await start();
    expect(story).toEqual([
      'path userData /Botpool',
      'sandbox',
      'scheme app standard secure',
      'scheme of links botpool',
      'ready',
      'serves app',
    ]);
    expect(window.loaded).toEqual(['app://botpool/']);
    expect(window.options.webPreferences).toMatchObject({ preload: '/app/preload.cjs', sandbox: true });
  });

  it('leaves everything to the program that runs already', async () => {
    const double = await start({ isFirst: false });
    expect([double.windows, double.trays, double.story.at(-1)]).toEqual([[], [], 'quit']);
  });

  it('speaks the language of the system in its menu and in its tray', async () => {
    const { menu, trays } = await start({ language: 'ru-RU' });
    expect(menu.map(({ label }) => label)).toEqual(['Botpool', 'Правка', 'Вид', 'Окно']);
    expect(trays[0]?.toolTip).toBe('Botpool не отвечает');
  });
});

describe('links of the system', () => {
  const places = (double: ElectronDouble) => double.window.webContents.sent;

  it('open their place: from the arguments, from a second start, from macOS, and before there is a window', async () => {
    const first = await start({ args: ['botpool://client/client_003'] });
    expect(places(first)).toEqual([['botpool:open', '#/clients/client_003']]);
    first.window.minimized = true;
    first.app.emit('second-instance', {}, ['/opt/Botpool', 'botpool://orders']);
    first.app.emit('open-url', { preventDefault: () => undefined }, 'botpool://checks');
    expect(places(first).slice(1)).toEqual([
      ['botpool:open', '#/orders'],
      ['botpool:open', '#/checks'],
    ]);
    expect([first.window.minimized, first.window.visible]).toEqual([false, true]);

    const early = await start({
      beforeReady: ({ app }) => app.emit('open-url', { preventDefault: () => undefined }, 'botpool://logs'),
    });
    expect(places(early)).toEqual([['botpool:open', '#/logs']]);
  });

  it('that are not ours show the window and nothing else', async () => {
    const double = await start({ args: ['botpool://client/../../etc'] });
    double.window.hide();
    double.app.emit('second-instance', {}, ['botpool://nothing']);
    expect([places(double), double.window.visible]).toEqual([[], true]);
  });
});

describe('what a page may do', () => {
  it('stays in the panel, wherever it wants to go', async () => {
    const { webContents } = (await start()).window;
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
      expect(webContents.goes(event, 'app://botpool/#/clients')).toBe(true);
      expect(webContents.goes(event, 'https://example.org/')).toBe(false);
      expect(webContents.goes(event, 'file:///etc/passwd')).toBe(false);
    }
    expect(webContents.goes('will-attach-webview', 'app://botpool/')).toBe(false);
  });

  it('opens no window; checked web pages go to the system browser, and nothing else does', async () => {
    const double = await start();
    const { openHandler } = double.window.webContents;
    const open = (url: string) => openHandler?.({ url });
    for (const url of [
      'https://t.me/salon_bot',
      'file:///usr/bin/xterm',
      'smb://x/y',
      'http://example.org',
      'app://botpool/',
    ]) {
      expect(open(url)).toEqual({ action: 'deny' });
    }
    expect(double.openedOutside).toEqual(['https://t.me/salon_bot']);
  });

  it('gets no permission of this machine but to copy text', async () => {
    const { handlers } = await start();
    const request = (permission: string, requestingUrl: string): unknown => {
      const { keep, given } = answering();
      handlers.get('permission request')?.(...([null, permission, keep, { requestingUrl }] as never[]));
      return given();
    };
    const check = (permission: string, origin: string) =>
      handlers.get('permission check')?.(...([null, permission, origin] as never[]));
    const asked = [
      'media',
      'geolocation',
      'notifications',
      'openExternal',
      'clipboard-read',
      'fullscreen',
      'hid',
      'usb',
    ];
    expect(asked.filter((name) => request(name, 'app://botpool/') === true || check(name, 'app://botpool/'))).toEqual(
      [],
    );
    expect(request('clipboard-sanitized-write', 'app://botpool/')).toBe(true);
    expect(check('clipboard-sanitized-write', 'app://botpool')).toBe(true);
    expect(request('clipboard-sanitized-write', 'https://example.org/')).toBe(false);
    expect(handlers.get('device permission')?.()).toBe(false);
  });

  it('loads nothing from the network, and saves only what it has made itself', async () => {
    const { handlers, defaultSession } = await start();
    const cancelled = (url: string): unknown => {
      const { keep, given } = answering();
      handlers.get('request')?.(...([{ url }, keep] as never[]));
      return given();
    };
    for (const url of [
      'https://example.org/x.js',
      'http://127.0.0.1:17373/',
      'file:///etc/passwd',
      'devtools://x',
      'ws://x',
    ]) {
      expect(cancelled(url)).toEqual({ cancel: true });
    }
    expect(cancelled('app://botpool/assets/a.js')).toEqual({ cancel: false });
    const saves = (url: string): boolean => {
      const event = new DoubleEvent();
      defaultSession.emit('will-download', event, { getURL: () => url });
      return !event.prevented;
    };
    expect([saves('blob:app://botpool/1'), saves('https://example.org/a.exe')]).toEqual([true, false]);
  });

  it('gets its port when it is the page of the window, and not as a frame or as a foreign page', async () => {
    const double = await start();
    const [answer] = await once(double.connectFrom('app://botpool/'), 'message');
    expect(answer).toEqual({ type: 'nobody', why: 'no-host' });
    const refused = [
      double.connectFrom('https://example.org/'),
      double.connectFrom('app://other/'),
      double.connectFrom('app://botpool/', { url: 'app://botpool/' }),
    ];
    await Promise.all(refused.map((port) => once(port, 'close')));
  });
});

describe('the window', () => {
  it('stays in the tray when it is closed, and closes when the program ends', async () => {
    const double = await start({ platform: 'win32' });
    expect([double.window.visible, double.window.closeByPerson(), double.window.visible]).toEqual([true, true, false]);
    double.trays[0]?.emit('click');
    expect(double.window.visible).toBe(true);
    double.app.emit('before-quit');
    expect(double.window.closeByPerson()).toBe(false);
  });

  it('closes on Linux, unless a person wants it in the tray', async () => {
    const double = await start({ platform: 'linux' });
    expect(double.window.closeByPerson()).toBe(false);
    const own = double.menu[0]?.submenu;
    const entry = Array.isArray(own) ? own.find(({ type }) => type === 'checkbox') : undefined;
    entry?.click?.(...([{ checked: true }] as unknown as Parameters<NonNullable<typeof entry.click>>));
    expect(double.window.closeByPerson()).toBe(true);
  });

  it('opens where it was', async () => {
    const appData = await mkdtemp(join(root, 'kept-'));
    const first = await start({ appData });
    first.window.maximized = true;
    first.window.closeByPerson();
    const kept: unknown = JSON.parse(await readFile(join(appData, 'Botpool/window.json'), 'utf8'));
    expect(kept).toEqual({ x: 10, y: 20, width: 900, height: 700, maximized: true });
    const second = await start({ appData });
    expect(second.window.options).toMatchObject({ x: 10, y: 20, width: 900, height: 700 });
    expect(second.window.maximized).toBe(true);
  });

  it('loads its page anew when the page has died', async () => {
    const { window } = await start();
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    window.webContents.emit('render-process-gone', {}, { reason: 'clean-exit' });
    expect(window.loaded).toEqual(['app://botpool/', 'app://botpool/']);
  });
});
