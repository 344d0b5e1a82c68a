import { describe, expect, it } from 'vitest';
import { keepsInTray, placeable, windowOptions, windowStateOf } from './window.ts';

const SCREEN = { x: 0, y: 0, width: 1_920, height: 1_080 };

describe('where the window stands', () => {
  it('is where it was', () => {
    const state = windowStateOf('{"x":40,"y":50,"width":900,"height":700,"maximized":true,"keepsInTray":true}');
    expect(placeable(state, [SCREEN])).toEqual({
      ...{ x: 40, y: 50, width: 900, height: 700 },
      ...{ maximized: true, keepsInTray: true },
    });
  });

  it('is in the middle when the screen that it stood on is gone', () => {
    const state = windowStateOf('{"x":2500,"y":50,"width":900,"height":700}');
    expect(placeable(state, [SCREEN])).toEqual({ width: 900, height: 700, maximized: false });
    expect(placeable(state, [SCREEN, { ...SCREEN, x: 1_920 }])).toMatchObject({ x: 2_500 });
  });

  it.each([undefined, '', 'null', '{', '{"width":3}', '{"width":"wide"}', '[]'])(
    'is the beginning when what was kept cannot be read: %s',
    (text) => {
      expect(windowStateOf(text)).toEqual({ width: 1_280, height: 800, maximized: false });
    },
  );

  it('stays in the tray as the programs of the system do, until a person chooses', () => {
    const state = windowStateOf(undefined);
    expect(keepsInTray(state, 'darwin')).toBe(true);
    expect(keepsInTray(state, 'win32')).toBe(true);
    expect(keepsInTray(state, 'linux')).toBe(false);
    expect(keepsInTray({ ...state, keepsInTray: true }, 'linux')).toBe(true);
    expect(keepsInTray({ ...state, keepsInTray: false }, 'darwin')).toBe(false);
  });
});

describe('what the page of the window may do', () => {
  const { webPreferences } = windowOptions('/p.cjs', windowStateOf(undefined), true);

  it('is sandboxed, isolated from its preload script, and without Node anywhere', () => {
    expect(webPreferences).toMatchObject({
      ...{ sandbox: true, contextIsolation: true, nodeIntegration: false },
      ...{ nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false },
    });
  });

  it('keeps web security on, loads nothing insecure, embeds nothing, and has no experiments', () => {
    expect(webPreferences).toMatchObject({
      ...{ webSecurity: true, allowRunningInsecureContent: false, experimentalFeatures: false },
      ...{ webviewTag: false, navigateOnDragDrop: false, spellcheck: false },
    });
    expect(webPreferences).not.toHaveProperty('enableBlinkFeatures');
  });

  it('has developer tools only where the program is developed', () => {
    expect(webPreferences).toMatchObject({ devTools: false });
    expect(windowOptions('/p.cjs', windowStateOf(undefined), false).webPreferences).toMatchObject({ devTools: true });
  });
});
