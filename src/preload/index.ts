/** Hands the panel's page one message port to the control plane, and sends it to its own places. Nothing else. */
import { ipcRenderer } from 'electron';
import { CONNECT_REQUEST, OPEN_PLACE } from '#shared/api/desktop-words.ts';

type PagePort = NonNullable<Parameters<typeof ipcRenderer.postMessage>[2]>[number];

/** The page's own window: this file is checked without a page's types, because Node's are there. */
interface PageWindow {
  readonly location: { readonly origin: string; hash: string };
  addEventListener(type: 'message', listener: (event: PageMessage) => void): void;
}

interface PageMessage {
  readonly source: unknown;
  readonly origin: string;
  readonly data: unknown;
  readonly ports: readonly PagePort[];
}

const page = globalThis as unknown as PageWindow;

page.addEventListener('message', ({ source, origin, data, ports }) => {
  // Only the page itself, and only with the one port that it hands over.
  const isOwn = source === globalThis && origin === page.location.origin;
  if (isOwn && data === CONNECT_REQUEST && ports.length === 1)
    ipcRenderer.postMessage(CONNECT_REQUEST, null, [...ports]);
});
ipcRenderer.on(OPEN_PLACE, (_event, route: unknown) => {
  // Only ever an address within the panel: see deep-link.ts.
  if (typeof route === 'string' && route.startsWith('#/')) page.location.hash = route;
});
