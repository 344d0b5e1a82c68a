/** Which addresses the window may show, which it hands to the system's browser, and which file an address means. Pure. */
import { posix } from 'node:path';

/** The panel's own origin within the window. No other page is ever loaded there. */
export const PANEL_ORIGIN = 'app://botpool';

/** True for pages of the panel itself. */
export function isPanelUrl(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.protocol === 'app:' && parsed.host === 'botpool';
}

/** True for what the system's browser may open: web pages over TLS and Telegram's links, and nothing that runs programs. */
export function isExternalUrl(url: string): boolean {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.username !== '' || parsed.password !== '') return false;
  // The sandbox's own pages are of this machine.
  const local = parsed.protocol === 'http:' && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(parsed.hostname);
  return parsed.protocol === 'https:' || local;
}

/** What a request of the panel's page means. */
export type PanelTarget =
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 'session' }
  | { readonly type: 'nothing' };

/** A file below the built panel, the question who is signed in, or nothing. Never a path outside. */
export function targetOf(url: string): PanelTarget {
  const parsed = URL.parse(url);
  if (parsed === null || !isPanelUrl(url)) return { type: 'nothing' };
  const path = decode(parsed.pathname);
  if (path === undefined || path.includes('\0') || path.includes('\\')) return { type: 'nothing' };
  if (path === '/session') return { type: 'session' };
  const clean = posix.normalize(path);
  if (clean.split('/').some((part) => part === '..' || part.startsWith('.'))) return { type: 'nothing' };
  return { type: 'file', path: clean === '/' || !/\.\w+$/.test(clean) ? '/index.html' : clean };
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** Sent with every page: nothing is loaded from anywhere else. */
export const PANEL_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-src 'none'",
  'x-content-type-options': 'nosniff',
};
