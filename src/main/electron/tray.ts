/** The tray: its colour, its text and menu follow the pool; what has become worse is a notification of the system. */
import { join } from 'node:path';
import type * as Electron from 'electron';
import type { Locale } from '#shared/schemas/tenant.ts';
import { type MenuActions, trayMenu } from './menus.ts';
import type { ElectronParts } from './parts.ts';
import { alertsOf, type Known, type Level, levelOf, tooltipOf } from './status.ts';

/** What the tray needs beside Electron. */
export interface TrayOptions {
  readonly iconFolder: string;
  readonly locale: Locale;
  readonly platform: NodeJS.Platform;
  readonly actions: MenuActions;
}

/** Shows the tray. Returns what tells it how the pool is. */
export function openTray(electron: ElectronParts, options: TrayOptions): (known: Known) => void {
  const { iconFolder, locale, platform, actions } = options;
  const icon = (level: Level): Electron.NativeImage =>
    electron.nativeImage.createFromPath(join(iconFolder, `tray-${level}.png`));
  const tray = new electron.Tray(icon('away'));
  // On macOS a click opens the menu, as people expect there.
  if (platform !== 'darwin') tray.on('click', () => actions.show());
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
    // What became worse while nobody answered is told when somebody does again.
    before = known ?? before;
  };
  tell(undefined);
  return tell;
}
