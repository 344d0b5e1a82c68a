/**
 * The desktop program: puts window, tray, notifications and links together. Electron comes in as an argument; everything
 * that decides stands in the files beside this one.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type * as Electron from 'electron';
import { CONNECT_REQUEST } from '#shared/api/desktop-words.ts';
import type { Locale } from '#shared/schemas/tenant.ts';
import type { ControlPlaneAddress } from '../headless/client.ts';
import { PANEL_SCHEME } from './address.ts';
import { linkIn, routeOf, SCHEME } from './deep-link.ts';
import { openMainWindow } from './main-window.ts';
import { type MenuActions, programMenu } from './menus.ts';
import { type PageLinkOptions, type PagePort, servePage } from './page-link.ts';
import { answerPanelRequest } from './panel-files.ts';
import type { ElectronParts } from './parts.ts';
import { placesOf } from './places.ts';
import type { RelaySocket } from './relay.ts';
import { openSecretStore } from './secret-store.ts';
import { isTrustedSender, prepareSecurity, restrainSession } from './security.ts';
import { followPool, openServers } from './servers.ts';
import { openTray } from './tray.ts';

/** What the shell needs beside Electron. */
export interface ShellOptions {
  readonly electron: ElectronParts;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly args: readonly string[];
  readonly platform: NodeJS.Platform;
  readonly fetch: typeof fetch;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly openSocket: (address: ControlPlaneAddress) => RelaySocket;
}

/** Starts the program. Resolves when its window stands, or at once when it runs already: then that one is shown. */
export async function startShell(options: ShellOptions): Promise<void> {
  const { electron, env, args, platform } = options;
  const { app } = electron;
  const { home, userData } = placesOf(env['BOTPOOL_HOME'], app.getPath('home'), app.getPath('appData'));
  // Which program runs already is told by this folder, so it comes first.
  mkdirSync(userData, { recursive: true, mode: 0o700 });
  app.setPath('userData', userData);
  prepareSecurity(electron);
  if (!app.requestSingleInstanceLock()) return app.quit();
  app.setAsDefaultProtocolClient(SCHEME);
  // A link may come before there is a window: it is opened then.
  let pending = linkIn(args);
  let open = (link: string | undefined): void => {
    pending = link ?? pending;
  };
  app.on('second-instance', (_event, others) => open(linkIn(others)));
  app.on('open-url', (event, link) => {
    event.preventDefault();
    open(link);
  });
  const stop = new AbortController();
  app.on('before-quit', () => stop.abort());
  await app.whenReady();
  restrainSession(electron, app.isPackaged);
  const folder = join(app.getAppPath(), 'panel');
  electron.session.defaultSession.protocol.handle(PANEL_SCHEME, (request) => answerPanelRequest(request, folder));
  const window = openMainWindow(electron, {
    preload: join(app.getAppPath(), 'preload.cjs'),
    stateFile: join(userData, 'window.json'),
    platform,
    isQuitting: () => stop.signal.aborted,
  });
  app.on('activate', () => window.show());
  const locale = localeOf(app);
  const actions: MenuActions = { show: window.show, quit: () => app.quit(), keepInTray: window.keepInTray };
  const facts = { locale, platform, isPackaged: app.isPackaged, keepsInTray: window.keepsInTray };
  electron.Menu.setApplicationMenu(electron.Menu.buildFromTemplate(programMenu(facts, actions)));
  const store = openSecretStore(join(userData, 'server.sealed'), electron.safeStorage, platform);
  const servers = openServers({ env, home, store, fetch: options.fetch });
  servePorts(electron, { servers, openSocket: options.openSocket });
  const tell = openTray(electron, { iconFolder: join(app.getAppPath(), 'icons'), locale, platform, actions });
  void followPool({ servers, tell, sleep: options.sleep, signal: stop.signal });
  await window.load();
  open = (link) => window.show(link === undefined ? undefined : routeOf(link));
  if (pending !== undefined) open(pending);
}

function localeOf(app: Electron.App): Locale {
  return (app.getPreferredSystemLanguages()[0] ?? app.getLocale()).toLowerCase().startsWith('ru') ? 'ru' : 'en';
}

/** Pages of the panel get a link to the control plane; whoever else asks gets nothing, not even an answer. */
function servePorts({ ipcMain }: ElectronParts, options: PageLinkOptions): void {
  ipcMain.on(CONNECT_REQUEST, ({ ports, senderFrame }) => {
    const [port, ...more] = ports;
    if (port === undefined || more.length > 0 || !isTrustedSender(senderFrame)) {
      for (const one of ports) one.close();
      return;
    }
    void servePage(portOf(port), options).catch(() => port.close());
  });
}

function portOf(port: Electron.MessagePortMain): PagePort {
  return {
    onMessage: (listener) => void port.on('message', ({ data }) => listener(data)),
    onClose: (listener) => void port.on('close', listener),
    start: () => port.start(),
    post: (data) => port.postMessage(data),
    close: () => port.close(),
  };
}
