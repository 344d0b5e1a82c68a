/** Which addresses the window may show, which it hands to the system's browser, and which file an address means. Pure. */
import { posix } from 'node:path';

/** The panel's own origin within the window. No other page is ever loaded there. */
export const PANEL_ORIGIN = 'app://botpool';

/** The scheme of the panel's origin. */
export const PANEL_SCHEME = 'app';

/** True for pages of the panel itself. */
export function isPanelUrl(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.protocol === `${PANEL_SCHEME}:` && parsed.host === 'botpool';
}

/**
 * True for what the system's browser may open: web pages over TLS and the sandbox's pages of this machine. Nothing that
 * starts programs, and nothing that carries a password.
 */
export function isExternalUrl(url: string): boolean {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.username !== '' || parsed.password !== '') return false;
  return parsed.protocol === 'https:' || (parsed.protocol === 'http:' && isLoopback(parsed));
}

/** True for what a page of the panel may load: its own files, and what it has made itself. Never the network. */
export function isPanelResource(url: string): boolean {
  return isPanelUrl(url) || url.startsWith('data:') || url.startsWith(`blob:${PANEL_ORIGIN}/`);
}

/** A server's address as a person types it; `undefined` for one over which a token would go in the clear. */
export function serverUrlOf(text: string): string | undefined {
  const trimmed = text.trim();
  const parsed = URL.parse(/^[a-z]+:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
  if (parsed === null || parsed.username !== '' || parsed.password !== '') return undefined;
  if (parsed.pathname !== '/' || parsed.search !== '' || parsed.hash !== '') return undefined;
  const safe = parsed.protocol === 'https:' || (parsed.protocol === 'http:' && isLoopback(parsed));
  return safe ? parsed.origin : undefined;
}

function isLoopback(url: URL): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])$/.test(url.hostname);
}

/** The file below the built panel that an address means, as a path that begins with `/`; `undefined`: there is none. */
export function panelFileOf(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || !isPanelUrl(url)) return undefined;
  const path = decoded(parsed.pathname);
  if (path === undefined || path.includes('\0') || path.includes('\\')) return undefined;
  // No way up, nothing hidden: the panel has neither.
  if (path.split('/').some((part) => part.startsWith('.'))) return undefined;
  if (path === '/') return '/desktop.html';
  return /\.\w+$/.test(path) ? path : undefined;
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** Sent with every file: nothing is loaded from anywhere else, nothing is connected to, and nobody frames the panel. */
export const PANEL_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
    "connect-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** The media type of a file of the panel. */
export function mediaTypeOf(path: string): string {
  return TYPES[posix.extname(path)] ?? 'application/octet-stream';
}
