/** The one window: opened where it was, kept in the tray when it is closed, brought back when its page has died. */
import { readFileSync, writeFileSync } from 'node:fs';
import type * as Electron from 'electron';
import { OPEN_PLACE } from '#shared/api/desktop-words.ts';
import { PANEL_ORIGIN } from './address.ts';
import type { ElectronParts } from './parts.ts';
import { keepsInTray, placeable, type WindowState, windowOptions, windowStateOf } from './window.ts';

/** See the file. */
export interface MainWindow {
  readonly contents: Electron.WebContents;
  /** Shows it, at a place of the panel when one is given. */
  show(route?: string): void;
  load(): Promise<void>;
  /** What closing means from now on. */
  keepInTray(keep: boolean): void;
  readonly keepsInTray: boolean;
}

/** What the window needs beside Electron. */
export interface MainWindowOptions {
  readonly preload: string;
  /** Where its place is kept. */
  readonly stateFile: string;
  readonly platform: NodeJS.Platform;
  /** True once the program is about to end: closing means closing then. */
  readonly isQuitting: () => boolean;
}

/** Makes the window; `load` fills it. */
export function openMainWindow(electron: ElectronParts, options: MainWindowOptions): MainWindow {
  const { stateFile, platform, preload } = options;
  let state: WindowState = windowStateOf(readOrUndefined(stateFile));
  const screens = electron.screen.getAllDisplays().map(({ workArea }) => workArea);
  const window = new electron.BrowserWindow(windowOptions(preload, placeable(state, screens), electron.app.isPackaged));
  if (state.maximized) window.maximize();
  const keep = (): void => {
    state = { ...state, ...window.getNormalBounds(), maximized: window.isMaximized() };
    writeState(stateFile, state);
  };
  window.once('ready-to-show', () => window.show());
  window.on('close', (event) => {
    keep();
    if (options.isQuitting() || !keepsInTray(state, platform)) return;
    event.preventDefault();
    window.hide();
  });
  const load = (): Promise<void> => window.loadURL(`${PANEL_ORIGIN}/`);
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') void load().catch(() => undefined);
  });
  return {
    contents: window.webContents,
    load,
    show(route) {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
      if (route !== undefined) window.webContents.send(OPEN_PLACE, route);
    },
    keepInTray(value) {
      state = { ...state, keepsInTray: value };
      keep();
    },
    get keepsInTray() {
      return keepsInTray(state, platform);
    },
  };
}

function readOrUndefined(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** At once, because the program may be ending. A place that cannot be kept is no reason to stay open. */
function writeState(file: string, state: WindowState): void {
  try {
    writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
  } catch {
    // The next start opens it in the middle of the screen.
  }
}
