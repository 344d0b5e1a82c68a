/** Holds every page that could ever come to be to the same rules: it stays, opens nothing, asks for nothing, loads nothing else. */
import type * as Electron from 'electron';
import { isExternalUrl, isPanelResource, isPanelUrl, PANEL_SCHEME } from './address.ts';
import type { ElectronParts } from './parts.ts';

/** Before the program is ready, once: the sandbox for every process, and the scheme of the panel's origin. */
export function prepareSecurity({ app, protocol, shell }: ElectronParts): void {
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([{ scheme: PANEL_SCHEME, privileges: { standard: true, secure: true } }]);
  app.on('web-contents-created', (_event, contents) => restrain(contents, shell));
}

/** When the program is ready, before the first page: what pages may ask this machine for, and where they may load from. */
export function restrainSession({ session }: ElectronParts, isPackaged: boolean): void {
  const { defaultSession } = session;
  const may = (permission: string, origin: string): boolean =>
    // The panel copies text; it needs nothing else of this machine.
    permission === 'clipboard-sanitized-write' && isPanelUrl(origin);
  defaultSession.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(may(permission, requestingUrl)),
  );
  defaultSession.setPermissionCheckHandler((_contents, permission, origin) => may(permission, origin));
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.webRequest.onBeforeRequest(({ url }, answer) => {
    const isTool = !isPackaged && url.startsWith('devtools:');
    answer({ cancel: !isPanelResource(url) && !isTool });
  });
  // A log that is saved comes from the page itself.
  defaultSession.on('will-download', (event, item) => {
    if (!isPanelResource(item.getURL())) event.preventDefault();
  });
}

function restrain(contents: Electron.WebContents, shell: Pick<Electron.Shell, 'openExternal'>): void {
  contents.setWindowOpenHandler(({ url }) => {
    // No browser there, or none that takes it: the page still stands.
    if (isExternalUrl(url)) void shell.openExternal(url).catch(() => undefined);
    return { action: 'deny' };
  });
  const stay = (event: { preventDefault(): void; readonly url: string }): void => {
    if (!isPanelUrl(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** Only the window's own page may speak to the program, not a frame within it, and not what it may have become. */
export function isTrustedSender(frame: Pick<Electron.WebFrameMain, 'parent' | 'url'> | null): boolean {
  return frame !== null && frame.parent === null && isPanelUrl(frame.url);
}
