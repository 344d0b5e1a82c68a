/** Hands the panel's page one message port to the control plane and says that it is the desktop window. Nothing else. */
import { contextBridge, ipcRenderer } from 'electron';

/** The page's own window: it has no name here, because this file is checked without a page's types. */
interface PageWindow {
  addEventListener(type: 'message', listener: (event: PageMessage) => void): void;
}

interface PageMessage {
  readonly source: unknown;
  readonly data: unknown;
  readonly ports: readonly MessagePort[];
}

const page = globalThis as unknown as PageWindow;

contextBridge.exposeInMainWorld('desktop', { platform: process.platform });
page.addEventListener('message', (event) => {
  if (event.source === globalThis && event.data === 'botpool:connect') {
    ipcRenderer.postMessage('botpool:connect', null, [...event.ports]);
  }
});
ipcRenderer.on('botpool:open', (_event, route: unknown) => {
  // Only ever an address within the panel: see deep-link.ts.
  if (typeof route === 'string' && route.startsWith('#/')) globalThis.location.hash = route;
});
