/** What the window is made with, and where it stands: pure. */
import type { BrowserWindowConstructorOptions, Rectangle } from 'electron';
import * as z from 'zod';

/** Where the window was when it was closed. */
export const windowStateSchema = z.object({
  x: z.number().int().optional(),
  y: z.number().int().optional(),
  width: z.number().int().min(360).max(10_000).default(1_280),
  height: z.number().int().min(480).max(10_000).default(800),
  maximized: z.boolean().default(false),
});

/** See {@link windowStateSchema}. */
export type WindowState = z.output<typeof windowStateSchema>;

/** At least so much of the window must be on a screen, or nobody could take hold of it. */
const VISIBLE = 100;

/** The state as it can be shown now: a screen may have been unplugged since. */
export function placeable(state: WindowState, screens: readonly Rectangle[]): WindowState {
  const { x, y, ...size } = state;
  if (x === undefined || y === undefined) return size;
  const seen = screens.some(
    (screen) =>
      x + state.width >= screen.x + VISIBLE &&
      x <= screen.x + screen.width - VISIBLE &&
      y >= screen.y &&
      y <= screen.y + screen.height - VISIBLE,
  );
  return seen ? state : size;
}

/** The window: a sandboxed page that has one port and no other way to this machine. */
export function windowOptions(preload: string, state: WindowState): BrowserWindowConstructorOptions {
  return {
    width: state.width,
    height: state.height,
    ...(state.x === undefined || state.y === undefined ? {} : { x: state.x, y: state.y }),
    minWidth: 360,
    minHeight: 480,
    show: false,
    title: 'Botpool',
    backgroundColor: '#101418',
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
      spellcheck: false,
    },
  };
}
