/** The menus of program and tray: pure templates. */
import type { MenuItemConstructorOptions } from 'electron';
import type { Locale } from '#shared/schemas/tenant.ts';
import { translate } from '#shared/texts/translate.ts';
import { type Known, tooltipOf } from './status.ts';

/** What menus can do. */
export interface MenuActions {
  /** Shows the window, at a place of the panel when one is given. */
  readonly show: (route?: string) => void;
  readonly quit: () => void;
}

/** The tray's menu. */
export function trayMenu(known: Known, locale: Locale, { show, quit }: MenuActions): MenuItemConstructorOptions[] {
  return [
    { label: tooltipOf(known, locale), enabled: false },
    { type: 'separator' },
    { label: translate('desktop-open', {}, locale), click: () => show() },
    { label: translate('desktop-checks', {}, locale), click: () => show('#/checks') },
    { type: 'separator' },
    { label: translate('desktop-quit', {}, locale), click: () => quit() },
  ];
}

/** The program's menu: what systems expect, and no way to developer tools in a packaged program. */
export function programMenu(locale: Locale, isPackaged: boolean, { show, quit }: MenuActions): MenuItemConstructorOptions[] {
  return [
    {
      label: 'Botpool',
      submenu: [
        { label: translate('desktop-settings', {}, locale), accelerator: 'CmdOrCtrl+,', click: () => show('#/settings') },
        { type: 'separator' },
        { label: translate('desktop-quit', {}, locale), accelerator: 'CmdOrCtrl+Q', click: () => quit() },
      ],
    },
    { role: 'editMenu' },
    {
      role: 'viewMenu',
      submenu: [
        { role: 'reload' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(isPackaged ? [] : [{ role: 'toggleDevTools' } satisfies MenuItemConstructorOptions]),
      ],
    },
    { role: 'windowMenu' },
  ];
}
