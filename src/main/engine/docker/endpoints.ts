/** Where a Docker engine may be, in the order in which Docker's own client looks. Pure: reads neither files nor environment. */
import { posix } from 'node:path';

/** How an engine is reached. Named pipes count as sockets. */
export type DockerAddress =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tlsFolder?: string }
  | { readonly kind: 'ssh'; readonly target: string; readonly port?: number };

/** One place to look, and who named it. */
export interface Endpoint {
  /** For sentences: `DOCKER_HOST`, `context work`, `default socket`. */
  readonly source: string;
  /** As it was written, for sentences. */
  readonly text: string;
  /** Undefined when the text cannot be understood. */
  readonly address: DockerAddress | undefined;
}

/** A context of Docker's client. */
export interface DockerContext {
  readonly name: string;
  readonly host: string;
  /** Holds `ca.pem`, `cert.pem` and `key.pem`. */
  readonly tlsFolder?: string;
}

/** What the order depends on. */
export interface DiscoveryFacts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly contexts: readonly DockerContext[];
  /** Of the client's configuration file. */
  readonly currentContext?: string;
}

/** Reads `unix://`, `npipe://`, `tcp://`, `http(s)://` and `ssh://`; undefined for anything else. */
export function parseHost(text: string, tlsFolder?: string): DockerAddress | undefined {
  if (text.startsWith('unix://')) return { kind: 'socket', path: text.slice('unix://'.length) };
  if (text.startsWith('npipe://')) return { kind: 'socket', path: text.slice('npipe://'.length) };
  if (text.startsWith('/')) return { kind: 'socket', path: text };
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const port = url.port === '' ? undefined : Number(url.port);
  if (url.protocol === 'ssh:') {
    const target = url.username === '' ? url.hostname : `${decodeURIComponent(url.username)}@${url.hostname}`;
    // The host is an argument of a program; one that begins with a dash would be an option.
    if (target === '' || target.startsWith('-')) return undefined;
    return { kind: 'ssh', target, ...(port === undefined ? {} : { port }) };
  }
  if (!['tcp:', 'http:', 'https:'].includes(url.protocol) || url.hostname === '') return undefined;
  const tls = tlsFolder === undefined ? {} : { tlsFolder };
  return { kind: 'tcp', host: url.hostname, port: port ?? (tlsFolder === undefined ? 2375 : 2376), ...tls };
}

function namedContext(name: string, { contexts }: DiscoveryFacts, source: string): Endpoint {
  const context = contexts.find((each) => each.name === name);
  if (context === undefined) return { source, text: `the context ${name}, which does not exist`, address: undefined };
  return { source, text: context.host, address: parseHost(context.host, context.tlsFolder) };
}

function defaultSockets({ env, home, platform }: DiscoveryFacts): readonly (readonly [string, string])[] {
  if (platform === 'win32') {
    return [
      ['default pipe', '//./pipe/docker_engine'],
      ['Docker Desktop', '//./pipe/dockerDesktopLinuxEngine'],
    ];
  }
  const runtime = env['XDG_RUNTIME_DIR'];
  const rootless = runtime === undefined || runtime === '' ? [] : [posix.join(runtime, 'docker.sock')];
  return [
    ['default socket', '/var/run/docker.sock'],
    ...rootless.map((path) => ['rootless engine', path] as const),
    ['Docker Desktop', posix.join(home, '.docker/desktop/docker.sock')],
    ['Docker Desktop', posix.join(home, '.docker/run/docker.sock')],
  ];
}

/**
 * The places to try, in order. Whoever names an engine by DOCKER_HOST or by a context means that one and no other, so
 * then there is one place only, as with Docker's own client.
 */
export function dockerEndpoints(facts: DiscoveryFacts): readonly Endpoint[] {
  const { env } = facts;
  const host = env['DOCKER_HOST'] ?? '';
  if (host !== '') {
    const verify = (env['DOCKER_TLS_VERIFY'] ?? '') !== '';
    const folder = env['DOCKER_CERT_PATH'] ?? posix.join(facts.home, '.docker');
    return [{ source: 'DOCKER_HOST', text: host, address: parseHost(host, verify ? folder : undefined) }];
  }
  const asked = env['DOCKER_CONTEXT'] ?? '';
  if (asked !== '' && asked !== 'default') return [namedContext(asked, facts, 'DOCKER_CONTEXT')];
  const current = facts.currentContext ?? '';
  if (asked === '' && current !== '' && current !== 'default') {
    return [namedContext(current, facts, `context ${current}`)];
  }
  return defaultSockets(facts).map(([source, path]) => ({ source, text: path, address: { kind: 'socket', path } }));
}
