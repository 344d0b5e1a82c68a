/** What the window is made with, and where it stands: pure. */
import type { BrowserWindowConstructorOptions, Rectangle } from 'electron';
import * as z from 'zod';

/** Where the window was when it was closed, and what closing means. */
export const windowStateSchema = z.object({
  x: z.number().int().optional(),
  y: z.number().int().optional(),
  width: z.number().int().min(360).max(10_000).default(1_280),
  height: z.number().int().min(480).max(10_000).default(800),
  maximized: z.boolean().default(false),
  /** Closing the window leaves the program in the tray. Not chosen: as the system's programs do. */
  keepsInTray: z.boolean().optional(),
});

/** See {@link windowStateSchema}. */
export type WindowState = z.output<typeof windowStateSchema>;

/** Reads what was kept; whatever is not understood is the beginning. */
export function windowStateOf(text: string | undefined): WindowState {
  try {
    return windowStateSchema.parse(JSON.parse(text ?? '{}'));
  } catch {
    return windowStateSchema.parse({});
  }
}

/** On Linux not every desktop shows a tray, and a program that nobody can see could not be ended. */
export function keepsInTray(state: WindowState, platform: NodeJS.Platform): boolean {
  return state.keepsInTray ?? platform !== 'linux';
}

/** At least so much of the window must be on a screen, or nobody could take hold of it. */
const VISIBLE = 100;

/** The state as it can be shown now: a screen may have been unplugged since. */
export function placeable(state: WindowState, screens: readonly Rectangle[]): WindowState {
  const { x, y, ...rest } = state;
  if (x === undefined || y === undefined) return rest;
  const seen = screens.some(
    (screen) =>
      x + state.width >= screen.x + VISIBLE &&
      x <= screen.x + screen.width - VISIBLE &&
      y >= screen.y &&
      y <= screen.y + screen.height - VISIBLE,
  );
  return seen ? state : rest;
}

/** The window: a sandboxed page that has one port and no other way to this machine. */
export function windowOptions(
  preload: string,
  state: WindowState,
  isPackaged: boolean,
): BrowserWindowConstructorOptions & { readonly webPreferences: object } {
  return {
    width: state.width,
    height: state.height,
    ...(state.x === undefined || state.y === undefined ? {} : { x: state.x, y: state.y }),
    minWidth: 360,
    minHeight: 480,
    show: false,
    title: 'Botpool',
    backgroundColor: '#0c1314',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      // Dictionaries would be loaded from the network.
      spellcheck: false,
      devTools: !isPackaged,
    },
  };
}
