/**
 * Which calls of the Engine API pass, and in which form. Everything that is not named here is refused. Pure: whether a
 * container belongs to this project is asked by the caller.
 */
import * as z from 'zod';
import { checkConnect, checkContainer, checkExec, checkNetwork, isPoolNetwork } from './bodies.ts';

/** Whose containers may be touched. */
export interface Ground {
  readonly project: string;
  /** Begins the names of containers and networks. */
  readonly prefix: string;
  /** The one image that containers may be made of. */
  readonly image: string;
}

/** What must be true of the container that a call names, before it passes. */
export type Demand =
  /** It carries the project's label. */
  | 'of-project'
  /** The same, and it may be started and stopped: not the way to the engine itself. */
  | 'steerable'
  /** The same, and commands may run in it: a bot, PostgreSQL or Redis. */
  | 'open'
  /** The engine has made it: a bot. */
  | 'made';

/** A call that may pass. */
export interface Passing {
  readonly verdict: 'pass';
  readonly method: string;
  /** Put together anew: nothing passes that was not understood. */
  readonly path: string;
  /** JSON, written anew; undefined for calls without one. */
  readonly body?: string;
  readonly container?: { readonly id: string; readonly demand: Demand };
  /** A command that was made through this proxy, which must be known. */
  readonly exec?: string;
  /** The answer names a new command. */
  readonly makesExec?: true;
}

/** A call that may not. */
export interface Refused {
  readonly verdict: 'refuse';
  readonly why: string;
}

/** What is known of a call before it is looked at. */
export interface Call {
  readonly method: string;
  /** With the query, as it came. */
  readonly url: string;
  readonly body: unknown;
}

interface Rule {
  readonly method: string;
  readonly path: RegExp;
  readonly query?: readonly string[];
  readonly demand?: Demand;
  readonly exec?: true;
  readonly makesExec?: true;
  /** Lists and streams tell of this project only. */
  readonly labelled?: true;
  /** Gives the body as it may pass, or a reason. */
  readonly body?: (body: unknown, ground: Ground) => { readonly json: object } | { readonly why: string };
  /** For a name in the query or in the path. */
  readonly also?: (
    names: { readonly path: string; readonly query: URLSearchParams },
    ground: Ground,
  ) => string | undefined;
}

const ID = '([a-zA-Z0-9][a-zA-Z0-9_.-]*)';

const RULES: readonly Rule[] = [
  { method: 'GET', path: /^\/_ping$/ },
  { method: 'GET', path: /^\/version$/ },
  { method: 'GET', path: /^\/info$/ },
  { method: 'GET', path: /^\/events$/, query: ['since', 'until', 'filters'], labelled: true },
  { method: 'GET', path: /^\/containers\/json$/, query: ['all', 'filters'], labelled: true },
  { method: 'GET', path: new RegExp(`^/containers/${ID}/json$`), demand: 'of-project' },
  {
    method: 'GET',
    path: new RegExp(`^/containers/${ID}/logs$`),
    query: ['stdout', 'stderr', 'timestamps', 'follow', 'since', 'until', 'tail'],
    demand: 'of-project',
  },
  { method: 'GET', path: new RegExp(`^/containers/${ID}/stats$`), query: ['stream', 'one-shot'], demand: 'of-project' },
  { method: 'POST', path: new RegExp(`^/containers/${ID}/start$`), demand: 'steerable' },
  { method: 'POST', path: new RegExp(`^/containers/${ID}/stop$`), query: ['t'], demand: 'steerable' },
  { method: 'POST', path: new RegExp(`^/containers/${ID}/kill$`), query: ['signal'], demand: 'steerable' },
  { method: 'POST', path: new RegExp(`^/containers/${ID}/wait$`), demand: 'of-project' },
  { method: 'DELETE', path: new RegExp(`^/containers/${ID}$`), query: ['v', 'force'], demand: 'made' },
  { method: 'POST', path: /^\/containers\/create$/, query: ['name'], body: checkContainer, also: botName },
  { method: 'POST', path: new RegExp(`^/containers/${ID}/exec$`), demand: 'open', makesExec: true, body: checkExec },
  { method: 'POST', path: new RegExp(`^/exec/${ID}/start$`), exec: true, body: execStart },
  { method: 'GET', path: new RegExp(`^/exec/${ID}/json$`), exec: true },
  { method: 'GET', path: /^\/networks$/, query: ['filters'], labelled: true },
  { method: 'POST', path: /^\/networks\/create$/, body: checkNetwork },
  { method: 'POST', path: new RegExp(`^/networks/${ID}/connect$`), body: checkConnect, also: ownNetwork },
  { method: 'GET', path: /^\/images\/([a-zA-Z0-9][\w./:-]*)\/json$/, also: ownImage },
];

const FILTERS = z.record(z.string(), z.union([z.array(z.string()), z.record(z.string(), z.boolean())]));
const CONNECT = z.object({ Container: z.string() });

/** Decides about one call. */
export function decide(call: Call, ground: Ground): Passing | Refused {
  const url = parseUrl(call.url);
  if (url === undefined) return refuse('its address cannot be understood');
  const { version, path, query } = url;
  const found = RULES.find((rule) => rule.method === call.method && rule.path.test(path));
  if (found === undefined) return refuse(`${call.method} ${path} is not among the calls that the pool needs`);
  const strange = [...query.keys()].find((name) => found.query?.includes(name) !== true);
  if (strange !== undefined) return refuse(`${path} is asked with ${strange}`);
  const also = found.also?.({ path, query }, ground);
  if (also !== undefined) return refuse(also);
  const passed = found.body?.(call.body, ground);
  if (passed !== undefined && 'why' in passed) return refuse(passed.why);
  if (found.labelled === true && !label(query, ground)) return refuse('its filters cannot be understood');
  return passing(found, { method: call.method, version, path, query }, passed?.json, call.body);
}

function passing(
  rule: Rule,
  { method, version, path, query }: { method: string; version: string; path: string; query: URLSearchParams },
  json: object | undefined,
  body: unknown,
): Passing {
  const id = rule.path.exec(path)?.[1];
  const joined = path.endsWith('/connect') ? CONNECT.safeParse(body).data?.Container : undefined;
  const named = rule.demand === undefined ? undefined : id;
  const container: Passing['container'] =
    joined !== undefined
      ? { id: joined, demand: 'steerable' }
      : named === undefined || rule.demand === undefined
        ? undefined
        : { id: named, demand: rule.demand };
  const asked = query.toString();
  return {
    verdict: 'pass',
    method,
    path: `${version}${path}${asked === '' ? '' : `?${asked}`}`,
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    ...(container === undefined ? {} : { container }),
    ...(rule.exec === true && id !== undefined ? { exec: id } : {}),
    ...(rule.makesExec === true ? { makesExec: true as const } : {}),
  };
}

/** Lists and events are told with the project's label, whatever else was asked for. */
function label(query: URLSearchParams, { project }: Ground): boolean {
  const parsed = parseJson(query.get('filters') ?? '{}');
  const filters = FILTERS.safeParse(parsed).data;
  if (filters === undefined) return false;
  const given = filters['label'] ?? [];
  const labels = Array.isArray(given) ? given : Object.keys(given).filter((name) => given[name] === true);
  const own = `com.docker.compose.project=${project}`;
  query.set('filters', JSON.stringify({ ...filters, label: [...new Set([...labels, own])] }));
  return true;
}

function botName({ query }: { readonly query: URLSearchParams }, { prefix }: Ground): string | undefined {
  const name = query.get('name') ?? '';
  const bot = name.startsWith(`${prefix}-`) && /^bot-(pool-[0-9]+|sales|master)$/.test(name.slice(prefix.length + 1));
  return bot ? undefined : `a container may not be called ${name === '' ? 'nothing' : name}`;
}

function ownNetwork({ path }: { readonly path: string }, ground: Ground): string | undefined {
  const name = path.split('/')[2] ?? '';
  return isPoolNetwork(name, ground.prefix) ? undefined : `${name} is not a network of the pool`;
}

function ownImage({ path }: { readonly path: string }, { image }: Ground): string | undefined {
  const name = path.slice('/images/'.length, -'/json'.length);
  return name === image ? undefined : `${name} is not the image of the pool`;
}

const EXEC_START = z.strictObject({
  Detach: z.literal(false).optional(),
  Tty: z.literal(false).optional(),
  hijack: z.boolean().optional(),
  stdin: z.boolean().optional(),
});

function execStart(body: unknown): { readonly json: object } | { readonly why: string } {
  return EXEC_START.safeParse(body ?? {}).success
    ? { json: { Detach: false, Tty: false } }
    : { why: 'a command may be started with its streams only' };
}

function parseUrl(
  url: string,
): { readonly version: string; readonly path: string; readonly query: URLSearchParams } | undefined {
  const [, version = '', path = '', query = ''] = /^(\/v1\.[0-9]{1,2})?(\/[\w./:-]*)(?:\?(.*))?$/.exec(url) ?? [];
  // No dots that climb, no empty segments: the engine might read them in another way.
  if (path === '' || /\/\/|\/\.{1,2}(\/|$)/.test(path)) return undefined;
  return { version, path, query: new URLSearchParams(query) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuse(why: string): Refused {
  return { verdict: 'refuse', why };
}
