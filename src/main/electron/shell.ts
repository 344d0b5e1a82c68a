/**
 * The desktop program: puts window, tray, notifications and links together. Electron comes in as an argument, so that
 * tests can hand in another; everything that decides stands in the files beside this one.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type * as Electron from 'electron';
import type { Locale } from '#shared/schemas/tenant.ts';
import { isExternalUrl, isPanelUrl, PANEL_HEADERS, PANEL_ORIGIN, targetOf } from './address.ts';
import { findControlPlane, followPool, type LinkOptions } from './control-link.ts';
import { linkIn, routeOf, SCHEME } from './deep-link.ts';
import { programMenu, trayMenu } from './menus.ts';
import { type Frame, relay, type RelayPort, type RelaySocket } from './relay.ts';
import { openSecretStore } from './secret-store.ts';
import { alertsOf, type Known, levelOf, tooltipOf } from './status.ts';
import { placeable, type WindowState, windowOptions, windowStateSchema } from './window.ts';

/** What of Electron is used. */
export type ElectronParts = Pick<
  typeof Electron,
  'app' | 'BrowserWindow' | 'ipcMain' | 'Menu' | 'nativeImage' | 'Notification' | 'protocol' | 'safeStorage' | 'screen' | 'session' | 'shell' | 'Tray'
>;

/** What the shell needs beside it. */
export interface ShellOptions {
  readonly electron: ElectronParts;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly args: readonly string[];
  /** The installation's folder on this machine. */
  readonly home: string;
  /** The built panel, the preload script, the icons. */
  readonly panelFolder: string;
  readonly preload: string;
  readonly iconFolder: string;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly openSocket: (url: string, token: string) => RelaySocket;
}

/** Schemes must be known before the program is ready: called first, once. */
export function registerScheme({ protocol }: Pick<ElectronParts, 'protocol'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Starts the program. Resolves when its window stands, or at once when it runs already: then that one is shown. */
export async function startShell(options: ShellOptions): Promise<void> {
  const { electron, args } = options;
  const { app } = electron;
  registerScheme(electron);
  if (!app.requestSingleInstanceLock()) return app.quit();
  app.setAsDefaultProtocolClient(SCHEME);
  // Every page that could ever come to be is held to the same rules.
  app.on('web-contents-created', (_event, contents) => restrain(contents, electron));
  await app.whenReady();
  denyPermissions(electron);
  servePanel(options);
  const locale: Locale = app.getLocale().startsWith('ru') ? 'ru' : 'en';
  const stateFile = join(app.getPath('userData'), 'window.json');
  const window = await openWindow(options, stateFile);
  const stop = new AbortController();
  let quitting = false;
  const show = (route?: string): void => {
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    if (route !== undefined) window.webContents.send('botpool:open', route);
  };
  const quit = (): void => {
    quitting = true;
    stop.abort();
    app.quit();
  };
  const open = (link: string | undefined): void => show(link === undefined ? undefined : routeOf(link));
  app.on('second-instance', (_event, others) => open(linkIn(others)));
  app.on('open-url', (_event, link) => open(link));
  app.on('activate', () => show());
  app.on('before-quit', () => {
    quitting = true;
    stop.abort();
  });
  window.on('close', (event) => {
    void writeFile(stateFile, JSON.stringify(stateOf(window)), { mode: 0o600 }).catch(() => undefined);
    // The tray keeps the program: alerts come as long as it runs.
    if (quitting) return;
    event.preventDefault();
    window.hide();
  });
  electron.Menu.setApplicationMenu(electron.Menu.buildFromTemplate(programMenu(locale, app.isPackaged, { show, quit })));
  const link: LinkOptions = {
    env: options.env,
    home: options.home,
    store: openSecretStore(join(app.getPath('userData'), 'server.sealed'), electron.safeStorage),
  };
  connectPages(options, link);
  watchPool(options, link, locale, { show, quit }, stop.signal);
  await window.loadURL(`${PANEL_ORIGIN}/`);
  const first = linkIn(args);
  if (first !== undefined) open(first);
}

/** No page goes anywhere else, opens anything, or embeds anything. */
function restrain(contents: Electron.WebContents, { shell }: ElectronParts): void {
  contents.setWindowOpenHandler(({ url }) => {
    if (isExternalUrl(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
  const stay = (event: { preventDefault(): void; readonly url: string }): void => {
    if (!isPanelUrl(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** The panel copies text; it needs nothing else of this machine. */
function denyPermissions({ session }: ElectronParts): void {
  const may = (permission: string, origin: string): boolean =>
    permission === 'clipboard-sanitized-write' && isPanelUrl(origin);
  session.defaultSession.setPermissionRequestHandler((contents, permission, answer) =>
    answer(may(permission, contents?.getURL() ?? '')),
  );
  session.defaultSession.setPermissionCheckHandler((_contents, permission, origin) => may(permission, origin));
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** The built panel at `app://botpool/`, from this program's own files. */
function servePanel({ electron, panelFolder }: ShellOptions): void {
  electron.session.defaultSession.protocol.handle('app', async ({ url }) => {
    const target = targetOf(url);
    if (target.type === 'session') {
      return Response.json({ user: 'operator', role: 'admin', csrf: '' }, { headers: PANEL_HEADERS });
    }
    if (target.type === 'nothing') return new Response(null, { status: 404 });
    const type = TYPES[extname(target.path)] ?? 'application/octet-stream';
    try {
      const body = new Uint8Array(await readFile(join(panelFolder, target.path)));
      return new Response(body, { headers: { ...PANEL_HEADERS, 'content-type': type } });
    } catch {
      return new Response(null, { status: 404 });
    }
  });
}

async function openWindow(
  { electron, preload }: ShellOptions,
  stateFile: string,
): Promise<Electron.BrowserWindow> {
  const saved = await readFile(stateFile, 'utf8').then(JSON.parse).catch(() => ({}));
  const state = windowStateSchema.safeParse(saved).data ?? windowStateSchema.parse({});
  const screens = electron.screen.getAllDisplays().map((display) => display.workArea);
  const window = new electron.BrowserWindow(windowOptions(preload, placeable(state, screens)));
  if (state.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  return window;
}

function stateOf(window: Electron.BrowserWindow): WindowState {
  return { ...window.getNormalBounds(), maximized: window.isMaximized() };
}

/** Pages of the panel get a link to the control plane; whoever else asks gets nothing, not even an answer. */
function connectPages({ electron, openSocket }: ShellOptions, link: LinkOptions): void {
  electron.ipcMain.on('botpool:connect', (event) => {
    const [port] = event.ports;
    if (port === undefined) return;
    // Only the window's own page, not a frame within it.
    const { senderFrame } = event;
    if (senderFrame === null || senderFrame.parent !== null || !isPanelUrl(senderFrame.url)) return port.close();
    void findControlPlane(link)
      .then((address) => {
        if (address === undefined) return portOf(port).end();
        relay(portOf(port), openSocket(`${address.url.replace(/^http/, 'ws')}/api/ws`, address.token));
        port.start();
      })
      .catch(() => portOf(port).end());
  });
}

function portOf(port: Electron.MessagePortMain): RelayPort {
  return {
    onFrame: (listener) => void port.on('message', ({ data }) => listener(data as Frame)),
    onClose: (listener) => void port.on('close', listener),
    send: (frame) => port.postMessage(frame),
    end: () => {
      port.postMessage({ closed: true });
      port.close();
    },
  };
}

function watchPool(
  options: ShellOptions,
  link: LinkOptions,
  locale: Locale,
  actions: { readonly show: (route?: string) => void; readonly quit: () => void },
  signal: AbortSignal,
): void {
  const { electron, iconFolder } = options;
  const icon = (level: string): Electron.NativeImage =>
    electron.nativeImage.createFromPath(join(iconFolder, `tray-${level}.png`));
  const tray = new electron.Tray(icon('away'));
  tray.on('click', () => actions.show());
  let before: Known;
  const tell = (known: Known): void => {
    tray.setImage(icon(levelOf(known)));
    tray.setToolTip(tooltipOf(known, locale));
    tray.setContextMenu(electron.Menu.buildFromTemplate(trayMenu(known, locale, actions)));
    for (const { title, body, route } of alertsOf(before, known, locale)) {
      const notification = new electron.Notification({ title, body });
      notification.on('click', () => actions.show(route));
      notification.show();
    }
    before = known;
  };
  tell(undefined);
  void followPool({ ...link, tell, sleep: options.sleep, signal });
}
