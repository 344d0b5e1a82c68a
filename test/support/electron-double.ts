/**
 * Electron's main process, played: it stands for the outside world, as far as the desktop program uses it, and keeps
 * what it was told. What it cannot show is that Electron itself behaves so: `test/electron` does, where Electron is.
 */
import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { MenuItemConstructorOptions } from 'electron';
import type { ElectronParts } from '#main/electron/parts.ts';
import { CONNECT_REQUEST } from '#shared/api/desktop-words.ts';

/** How this Electron is. */
export interface DoubleOptions {
  /** The folder of the system's program data. */
  readonly appData: string;
  readonly appPath: string;
  readonly language?: string;
  /** False: the program runs already. */
  readonly isFirst?: boolean;
  readonly isPackaged?: boolean;
  /** Opens after the program has subscribed: what happens before its window stands. */
  readonly beforeReady?: (double: ElectronDouble) => void;
}

type Handler = (...args: never[]) => unknown;

/** An event that can be prevented, as Electron's are. */
export class DoubleEvent {
  prevented = false;
  readonly url: string;
  constructor(url = '') {
    this.url = url;
  }
  preventDefault(): void {
    this.prevented = true;
  }
}

class DoubleContents extends EventEmitter {
  openHandler: ((details: { url: string }) => { action: string }) | undefined;
  readonly sent: unknown[][] = [];
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }
  send(...message: unknown[]): void {
    this.sent.push(message);
  }
  /** True when the page may go there. */
  goes(event: string, url: string): boolean {
    const happening = new DoubleEvent(url);
    this.emit(event, happening);
    return !happening.prevented;
  }
}

class DoubleWindow extends EventEmitter {
  readonly webContents = new DoubleContents();
  readonly options: { readonly webPreferences: Readonly<Record<string, unknown>> };
  readonly loaded: string[] = [];
  visible = false;
  minimized = false;
  maximized = false;
  constructor(options: DoubleWindow['options'], made: (window: DoubleWindow) => void) {
    super();
    this.options = options;
    made(this);
  }
  async loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    this.emit('ready-to-show');
  }
  show(): void {
    this.visible = true;
  }
  hide(): void {
    this.visible = false;
  }
  focus(): void {
    this.visible = true;
  }
  restore(): void {
    this.minimized = false;
  }
  maximize(): void {
    this.maximized = true;
  }
  isMinimized = (): boolean => this.minimized;
  isMaximized = (): boolean => this.maximized;
  getNormalBounds = () => ({ x: 10, y: 20, width: 900, height: 700 });
  /** A person closes it. True when it stays. */
  closeByPerson(): boolean {
    const event = new DoubleEvent();
    this.emit('close', event);
    return event.prevented;
  }
}

class DoubleTray extends EventEmitter {
  toolTip = '';
  image = '';
  menu: readonly MenuItemConstructorOptions[] = [];
  setImage(image: string): void {
    this.image = image;
  }
  setToolTip(text: string): void {
    this.toolTip = text;
  }
  setContextMenu(menu: readonly MenuItemConstructorOptions[]): void {
    this.menu = menu;
  }
}

/** See the file. */
export class ElectronDouble {
  readonly app = new EventEmitter();
  readonly ipcMain = new EventEmitter();
  readonly defaultSession = new EventEmitter();
  readonly handlers = new Map<string, Handler>();
  readonly windows: DoubleWindow[] = [];
  readonly trays: DoubleTray[] = [];
  readonly notifications: (EventEmitter & { readonly title: string; readonly body: string })[] = [];
  readonly openedOutside: string[] = [];
  /** What was done before the program was ready, and after, in order. */
  readonly story: string[] = [];
  menu: readonly MenuItemConstructorOptions[] = [];
  readonly #options: DoubleOptions;

  constructor(options: DoubleOptions) {
    this.#options = options;
  }

  /** What the program is given. */
  get parts(): ElectronParts {
    const { story, handlers } = this;
    const keep = (name: string) => (handler: Handler) => void handlers.set(name, handler);
    const double = this;
    const { appData, appPath, language = 'en-GB', isFirst = true, isPackaged = true } = this.#options;
    const app = Object.assign(this.app, {
      isPackaged,
      getPath: () => appData,
      setPath: (name: string, path: string) => story.push(`path ${name} ${path.slice(appData.length)}`),
      getAppPath: () => appPath,
      enableSandbox: () => story.push('sandbox'),
      requestSingleInstanceLock: () => isFirst,
      setAsDefaultProtocolClient: (scheme: string) => story.push(`scheme of links ${scheme}`),
      getPreferredSystemLanguages: () => [language],
      getLocale: () => language,
      quit: () => {
        story.push('quit');
        double.app.emit('before-quit');
      },
      whenReady: async () => {
        double.#options.beforeReady?.(double);
        story.push('ready');
      },
    });
    const session = Object.assign(this.defaultSession, {
      setPermissionRequestHandler: keep('permission request'),
      setPermissionCheckHandler: keep('permission check'),
      setDevicePermissionHandler: keep('device permission'),
      webRequest: { onBeforeRequest: keep('request') },
      protocol: {
        handle: (scheme: string, handler: Handler) => {
          story.push(`serves ${scheme}`);
          handlers.set('panel', handler);
        },
      },
    });
    class Window extends DoubleWindow {
      constructor(options: DoubleWindow['options']) {
        super(options, (window) => {
          double.windows.push(window);
          double.app.emit('web-contents-created', {}, window.webContents);
        });
      }
    }
    class Tray extends DoubleTray {
      constructor() {
        super();
        double.trays.push(this);
      }
    }
    class Notification extends EventEmitter {
      readonly title: string;
      readonly body: string;
      constructor({ title, body }: { title: string; body: string }) {
        super();
        this.title = title;
        this.body = body;
      }
      show(): void {
        double.notifications.push(this);
      }
    }
    return {
      app,
      ipcMain: this.ipcMain,
      BrowserWindow: Window,
      Tray,
      Notification,
      Menu: {
        buildFromTemplate: (template: readonly MenuItemConstructorOptions[]) => template,
        setApplicationMenu: (menu: readonly MenuItemConstructorOptions[]) => {
          double.menu = menu;
        },
      },
      nativeImage: { createFromPath: (path: string) => path },
      protocol: {
        registerSchemesAsPrivileged: (schemes: readonly { scheme: string; privileges: object }[]) => {
          for (const { scheme, privileges } of schemes)
            story.push(`scheme ${scheme} ${Object.keys(privileges).join(' ')}`);
        },
      },
      safeStorage: { isEncryptionAvailable: () => false },
      screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1_920, height: 1_080 } }] },
      session: { defaultSession: session },
      shell: { openExternal: async (url: string) => void double.openedOutside.push(url) },
      // The types of the whole of Electron, of which this is the part that is used.
    } as unknown as ElectronParts;
  }

  get window(): DoubleWindow {
    const [window] = this.windows;
    if (window === undefined) throw new Error('there is no window yet');
    return window;
  }

  /** A frame of this address asks for a port; the page's end of it comes back. */
  connectFrom(url: string, parent: unknown = null): MessagePort {
    const { port1, port2 } = new MessageChannel();
    const port = Object.assign(new EventEmitter(), {
      start: () => port2.on('message', (data: unknown) => port.emit('message', { data })),
      postMessage: (data: unknown) => port2.postMessage(data),
      close: () => port2.close(),
    });
    port2.on('close', () => port.emit('close'));
    this.ipcMain.emit(CONNECT_REQUEST, { ports: [port], senderFrame: { url, parent } });
    return port1;
  }
}
