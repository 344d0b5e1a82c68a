/**
 * Which requests are meant for this server at all: pure rules over what a request says of itself, before anything of it
 * is believed. A page of somebody else that was led here by DNS, by a link or by a script ends at these rules.
 */

/** Where this server may be meant. */
export interface ServedAs {
  /** True when this server itself speaks TLS. */
  readonly tls: boolean;
  /** The address that it listens on, when that is not loopback. */
  readonly address?: string;
  /** Under which address others reach it, for instance through a proxy: `https://panel.example.org`. */
  readonly publicUrl?: URL;
}

/** What a request says of itself. */
export interface RequestFacts {
  readonly method: string;
  /** The request target as it was sent. */
  readonly target: string;
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly isUpgrade: boolean;
  /** True for a page or file that a link of anybody may lead to. */
  readonly isPage: boolean;
}

/** Why a request is refused; goes to the caller. */
export interface Refusal {
  readonly status: 400 | 403;
  readonly problem: string;
}

/** More than one of these would mean that two readers of the same request could read two requests. */
const ONCE = ['host', 'origin', 'authorization', 'cookie', 'x-csrf-token', 'content-length', 'transfer-encoding'];

const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::([0-9]{1,5}))?$/i;

/** The refusal of a request that is not meant for this server; `undefined` lets it on to the question who sends it. */
export function refusalOf(facts: RequestFacts, served: ServedAs): Refusal | undefined {
  const header = headersOf(facts.rawHeaders);
  const twice = ONCE.find((name) => (header.get(name)?.length ?? 0) > 1);
  if (twice !== undefined) return { status: 400, problem: `the header ${twice} stands in it more than once` };
  if (!facts.target.startsWith('/')) return { status: 400, problem: 'its target is not a path' };
  const host = header.get('host')?.[0];
  if (host === undefined) return { status: 400, problem: 'it names no host' };
  const expected = originOf(host, served);
  if (expected === undefined) return { status: 403, problem: 'it is meant for another host' };
  const origin = header.get('origin')?.[0];
  if (origin !== undefined && origin.toLowerCase() !== expected) {
    return { status: 403, problem: 'it comes from a page of another origin' };
  }
  return foreignFetch(facts, header) ? { status: 403, problem: 'it comes from a page of another site' } : undefined;
}

/** The origin that pages of this server have when it is called by this host; `undefined` for a foreign name. */
export function originOf(host: string, served: ServedAs): string | undefined {
  const name = host.toLowerCase();
  if (served.publicUrl !== undefined && name === served.publicUrl.host) return served.publicUrl.origin;
  const scheme = served.tls ? 'https' : 'http';
  if (isOwnAddress(name, served.address)) return `${scheme}://${name}`;
  const port = LOOPBACK.exec(name)?.[1];
  if (!LOOPBACK.test(name) || (port !== undefined && !isPort(port))) return undefined;
  return `${scheme}://${name}`;
}

function isOwnAddress(name: string, address: string | undefined): boolean {
  if (address === undefined || /^(0\.0\.0\.0|::)$/.test(address)) return false;
  const own = address.includes(':') ? `[${address}]` : address;
  const port = name.startsWith(`${own}:`) ? name.slice(own.length + 1) : undefined;
  return name === own || (port !== undefined && isPort(port));
}

function isPort(text: string): boolean {
  return /^[1-9][0-9]{0,4}$/.test(text) && Number(text) <= 65_535;
}

/** Browsers say by themselves whether a page of another site asks. A person who follows a link to a page may. */
function foreignFetch(facts: RequestFacts, header: ReadonlyMap<string, readonly string[]>): boolean {
  const site = header.get('sec-fetch-site')?.[0];
  if (site === undefined || site === 'same-origin' || site === 'none') return false;
  const follows = header.get('sec-fetch-mode')?.[0] === 'navigate' && header.get('sec-fetch-dest')?.[0] === 'document';
  return !(facts.isPage && !facts.isUpgrade && facts.method === 'GET' && follows);
}

function headersOf(raw: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, string[]>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), raw[at + 1] ?? '']);
  }
  return headers;
}
