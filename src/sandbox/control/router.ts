/**
 * The control API's small router: finds the route, checks the input, answers JSON. It shows tokens and asks for none,
 * so no web page may call it: a request with an `Origin`, or for a host that is not its own, is refused.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { ActError } from '../telegram/acts/act-error.ts';
import { ApiError } from '../telegram/api-error.ts';
import { readBody } from '../telegram/http/body.ts';

/** What a route gets. */
export interface ControlRequest {
  /** The named segments of the path. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Runs the task when the client goes away before the answer. */
  onGone(task: () => void): void;
}

/** Serves one route; what it gives back is answered as JSON. */
export type ControlHandler = (request: ControlRequest) => unknown;

/** Routes by `METHOD /path/with/:names`. */
export type ControlRoutes = Readonly<Record<string, ControlHandler>>;

interface Route {
  readonly verb: string;
  readonly segments: readonly string[];
  readonly handler: ControlHandler;
}

/** The input is not what the route takes; `field` names where. */
class InputError extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(field === '' ? message : `${field}: ${message}`);
    this.name = 'InputError';
    this.field = field;
  }
}

/** The request may not come in at all, whatever it asks for. */
class RefusedError extends Error {
  readonly status: 403 | 415;
  readonly code: string;

  constructor(status: 403 | 415, code: string, message: string) {
    super(message);
    this.name = 'RefusedError';
    this.status = status;
    this.code = code;
  }
}

/** Checks an input. Throws an error that names the field. */
export function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : undefined;
  throw new InputError(unknown ?? (issue?.path ?? []).map(String).join('.'), issue?.message ?? 'invalid input');
}

/** A whole number from a segment of the path. */
export function idIn(request: ControlRequest, name: string): number {
  const id = Number(request.path[name]);
  if (!Number.isSafeInteger(id) || id <= 0) throw new InputError(name, 'must be an id, a whole number above 0');
  return id;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'] as const;

/** The control API of one sandbox. */
export class ControlRouter {
  readonly #routes: readonly Route[];
  readonly #hosts: ReadonlySet<string>;

  /** `allowedHosts`: names beside those of loopback, without a port. */
  constructor(routes: ControlRoutes, allowedHosts: readonly string[] = []) {
    this.#hosts = new Set([...LOOPBACK, ...allowedHosts.map((name) => name.toLowerCase())]);
    this.#routes = Object.entries(routes).map(([key, handler]) => {
      const [verb = '', path = ''] = key.split(' ');
      return { verb, segments: path.split('/'), handler };
    });
  }

  /** Serves one request. Never fails. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      this.#refuseStrangers(request);
      const url = new URL(request.url ?? '/', 'http://sandbox');
      const body = parseBody(await readBody(request), request.headers['content-type']);
      const found = this.#find(request.method ?? 'GET', url.pathname);
      if (!found) throw new ActError(404, 'route_not_found', `There is no ${request.method} ${url.pathname}.`);
      const result = await found.handler({
        path: found.path,
        query: Object.fromEntries(url.searchParams),
        body,
        onGone: (task) => void response.once('close', () => (response.writableEnded ? undefined : task())),
      });
      answer(response, 200, result ?? { ok: true });
    } catch (error) {
      answerError(response, error);
    }
  }

  /** Browsers name the page's origin; a name that was bent to this machine still stands in `Host`. */
  #refuseStrangers({ headers }: IncomingMessage): void {
    if (headers.origin !== undefined) {
      throw new RefusedError(403, 'origin_refused', 'Web pages may not call the control API.');
    }
    const host = headers.host?.toLowerCase().replace(/:\d*$/, '') ?? '';
    if (this.#hosts.has(host)) return;
    const remedy = 'Call 127.0.0.1, or start the sandbox with this name in SANDBOX_ALLOWED_HOSTS';
    throw new RefusedError(403, 'host_refused', `The control API does not answer to the host “${host}”. ${remedy}.`);
  }

  #find(verb: string, pathname: string): { handler: ControlHandler; path: Record<string, string> } | undefined {
    const segments = pathname.replace(/\/$/, '').split('/');
    for (const route of this.#routes) {
      const path = route.verb === verb ? match(route.segments, segments) : undefined;
      if (path) return { handler: route.handler, path };
    }
    return undefined;
  }
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const path: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':')) path[part.slice(1)] = decodeURIComponent(segment);
    else if (part !== segment) return undefined;
  }
  return path;
}

function parseBody(body: Buffer, contentType = ''): unknown {
  if (body.length === 0) return undefined;
  // Other types can be sent by any web page without asking first.
  if (!/^application\/json\s*(;|$)/i.test(contentType)) {
    throw new RefusedError(415, 'not_json', 'The body must be sent as application/json.');
  }
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return parsed;
  } catch {
    throw new InputError('', 'The body is not JSON.');
  }
}

function answer(response: ServerResponse, status: number, result: unknown): void {
  if (response.destroyed || response.writableEnded) return;
  const json = JSON.stringify(result);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) });
  response.end(json);
}

function answerError(response: ServerResponse, error: unknown): void {
  if (error instanceof InputError) {
    const field = error.field === '' ? {} : { field: error.field };
    answer(response, 400, { error: { code: 'invalid_input', message: error.message, ...field } });
  } else if (error instanceof ActError || error instanceof RefusedError) {
    answer(response, error.status, { error: { code: error.code, message: error.message } });
  } else if (error instanceof ApiError) {
    answer(response, error.code, { error: { code: 'refused', message: error.message } });
  } else {
    const message = error instanceof Error ? error.message : 'unknown error';
    answer(response, 500, { error: { code: 'internal', message } });
  }
}
