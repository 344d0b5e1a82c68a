/** The menus of program and tray: pure templates. Electron's own words for roles are English only, so each has a text. */
import type { MenuItemConstructorOptions } from 'electron';
import type { Locale } from '#shared/schemas/tenant.ts';
import type { MessageKey } from '#shared/texts/catalogue.generated.ts';
import { translate } from '#shared/texts/translate.ts';
import { type Known, tooltipOf } from './status.ts';

type Item = MenuItemConstructorOptions;

/** What menus can do. */
export interface MenuActions {
  /** Shows the window, at a place of the panel when one is given. */
  readonly show: (route?: string) => void;
  readonly quit: () => void;
  readonly keepInTray: (keep: boolean) => void;
}

/** What menus depend on. */
export interface MenuFacts {
  readonly locale: Locale;
  readonly platform: NodeJS.Platform;
  readonly isPackaged: boolean;
  readonly keepsInTray: boolean;
}

/** The tray's menu. */
export function trayMenu(known: Known, locale: Locale, { show, quit }: MenuActions): Item[] {
  const say = (key: MessageKey): string => translate(key, {}, locale);
  return [
    { label: tooltipOf(known, locale), enabled: false },
    { type: 'separator' },
    { label: say('desktop-open'), click: () => show() },
    { label: say('desktop-checks'), click: () => show('#/checks') },
    { type: 'separator' },
    { label: say('desktop-quit'), click: () => quit() },
  ];
}

/** The program's menu: what systems expect, and no way to developer tools in a packaged program. */
export function programMenu(facts: MenuFacts, actions: MenuActions): Item[] {
  const say = (key: MessageKey): string => translate(key, {}, facts.locale);
  const role = (name: NonNullable<Item['role']>, key: MessageKey): Item => ({ role: name, label: say(key) });
  const line: Item = { type: 'separator' };
  return [
    { label: 'Botpool', submenu: ownMenu(facts, actions) },
    {
      label: say('desktop-edit'),
      submenu: [
        role('undo', 'desktop-undo'),
        role('redo', 'desktop-redo'),
        line,
        role('cut', 'desktop-cut'),
        role('copy', 'desktop-copy'),
        role('paste', 'desktop-paste'),
        role('selectAll', 'desktop-select-all'),
      ],
    },
    {
      label: say('desktop-view'),
      submenu: [
        role('reload', 'desktop-reload'),
        line,
        role('resetZoom', 'desktop-zoom-reset'),
        role('zoomIn', 'desktop-zoom-in'),
        role('zoomOut', 'desktop-zoom-out'),
        line,
        role('togglefullscreen', 'desktop-full-screen'),
        ...(facts.isPackaged ? [] : [role('toggleDevTools', 'desktop-developer')]),
      ],
    },
    {
      role: 'window',
      label: say('desktop-window'),
      submenu: [role('minimize', 'desktop-minimize'), role('close', 'desktop-close')],
    },
  ];
}

function ownMenu({ locale, platform, keepsInTray }: MenuFacts, { show, quit, keepInTray }: MenuActions): Item[] {
  const say = (key: MessageKey): string => translate(key, {}, locale);
  const mac: Item[] = [
    { type: 'separator' },
    { role: 'hide', label: say('desktop-hide') },
    { role: 'hideOthers', label: say('desktop-hide-others') },
    { role: 'unhide', label: say('desktop-unhide') },
  ];
  return [
    { role: 'about', label: say('desktop-about') },
    { type: 'separator' },
    { label: say('desktop-settings'), accelerator: 'CmdOrCtrl+,', click: () => show('#/settings') },
    {
      label: say('desktop-keep-in-tray'),
      type: 'checkbox',
      checked: keepsInTray,
      click: ({ checked }) => keepInTray(checked),
    },
    ...(platform === 'darwin' ? mac : []),
    { type: 'separator' },
    { label: say('desktop-quit'), accelerator: 'CmdOrCtrl+Q', click: () => quit() },
  ];
}
