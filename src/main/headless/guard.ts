/**
 * The one gate in front of every route: a route without a policy cannot even be declared, and a request that is meant
 * for somebody else, or comes from nobody, ends here, before any handler sees it.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asExpected } from '#core/errors.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import { type AccessLevel, allows } from '#shared/api/access.ts';
import { statusOf, toFailure } from '#shared/api/failure.ts';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import { type Identities, type Identity, sameSecret } from './identity.ts';
import { originOf, refusalOf, type ServedAs } from './origin.ts';

/**
 * Who may use a route. `page`: files without secrets, to which links of anybody may lead. `open`: everybody, nothing
 * secret. `sign-in`: everybody who is about to say who they are. Otherwise: whoever has at least this access.
 */
export type RoutePolicy = 'page' | 'open' | 'sign-in' | { readonly access: AccessLevel; readonly socket?: boolean };

declare module 'fastify' {
  interface FastifyContextConfig {
    policy?: RoutePolicy;
  }
  interface FastifyRequest {
    /** Who asks; there on routes that ask for an access level. */
    identity: Identity | undefined;
  }
}

/** What the gate decides with. */
export interface GuardOptions {
  readonly served: ServedAs;
  readonly identities: Identities;
  readonly cookieName: string;
  readonly logger: Logger;
  /** A new random id for an unforeseen failure. */
  readonly newId: () => string;
}

/** The header by which a session's pages prove that a change comes from them. */
const CSRF_HEADER = 'x-csrf-token';
const SAFE_METHODS = new Set(['GET', 'HEAD']);

/** Sent with every answer: nothing of another origin is loaded, and nobody frames the panel. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'x-robots-tag': 'noindex',
};

/** Puts the gate before every route that is declared from now on. */
export function installGuard(app: FastifyInstance, options: GuardOptions): void {
  app.decorateRequest('identity', undefined);
  app.addHook('onRoute', (route) => {
    if (route.config?.policy === undefined) {
      throw new Error(`the route ${String(route.method)} ${route.url} declares no policy: who may use it?`);
    }
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    if (options.served.tls) reply.header('strict-transport-security', 'max-age=31536000');
    await admit(request, options);
  });
  app.setErrorHandler((error, request, reply) => answerFailure(error, request, reply, options));
  app.setNotFoundHandler((request: FastifyRequest) => nothingHere(request));
}

async function nothingHere(request: FastifyRequest): Promise<never> {
  throw new BotpoolError('route_unknown', { route: `${request.method} ${request.url.split('?')[0]?.slice(0, 100)}` });
}

async function admit(request: FastifyRequest, options: GuardOptions): Promise<void> {
  const policy = request.is404 ? 'open' : request.routeOptions.config.policy;
  const refusal = refusalOf(
    {
      method: request.method,
      target: request.raw.url ?? '',
      rawHeaders: request.raw.rawHeaders,
      isUpgrade: isUpgrade(request),
      isPage: policy === 'page',
    },
    options.served,
  );
  if (refusal !== undefined) {
    throw Object.assign(new BotpoolError('request_foreign', { problem: refusal.problem }), { status: refusal.status });
  }
  if (policy === undefined) throw new BotpoolError('forbidden', { needed: '-', granted: '-' });
  const wantsSocket = typeof policy === 'object' && policy.socket === true;
  if (wantsSocket !== isUpgrade(request)) await nothingHere(request);
  if (typeof policy === 'string') return;
  const identity = await options.identities.find({
    authorization: request.headers.authorization,
    cookie: cookieOf(request.headers.cookie, options.cookieName),
    source: sourceOf(request),
  });
  if (identity === undefined) throw new BotpoolError('signed_out', {});
  refuseForged(request, identity, options);
  const granted = identity.caller.access;
  if (!allows(granted, policy.access)) throw new BotpoolError('forbidden', { needed: policy.access, granted });
  request.identity = identity;
}

function isUpgrade(request: FastifyRequest): boolean {
  return request.ws || request.headers.upgrade !== undefined;
}

/** Cookies come by themselves, whoever makes the browser ask: what only the panel's own pages know must come along. */
function refuseForged(request: FastifyRequest, identity: Identity, { served }: GuardOptions): void {
  if (identity.csrf === undefined) return;
  const origin = request.headers.origin?.toLowerCase();
  const own = originOf(request.headers.host ?? '', served);
  if (isUpgrade(request)) {
    // Browsers let pages send no headers with a WebSocket, but name the page's origin.
    if (origin === own) return;
    throw new BotpoolError('request_foreign', { problem: 'it does not say from which page it comes' });
  }
  if (SAFE_METHODS.has(request.method)) return;
  const given = request.headers[CSRF_HEADER];
  if (typeof given === 'string' && sameSecret(given, identity.csrf)) return;
  throw new BotpoolError('request_foreign', { problem: `the header ${CSRF_HEADER} is missing or wrong` });
}

/** The value of one cookie; `undefined` when there is none or more than one of that name. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 && /^[A-Za-z0-9_-]{1,200}$/.test(values[0] ?? '') ? values[0] : undefined;
}

/** Through which face a request comes, and from where. */
export function sourceOf(request: FastifyRequest): string {
  const face = request.headers.authorization === undefined ? 'panel' : isUpgrade(request) ? 'cli' : 'rest';
  return `${face} ${request.ip}`;
}

function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply, options: GuardOptions): unknown {
  const expected = asExpected(error);
  reply.header('cache-control', 'no-store');
  if (isBotpoolError(expected)) {
    if (expected.code === 'sign_in_paused' && 'seconds' in expected.data) {
      reply.header('retry-after', String(expected.data.seconds));
    }
    return reply.code(statusFor(expected)).send(toFailure(expected));
  }
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) {
    // What Fastify itself refuses: a body that is too large or no JSON.
    const problem = error instanceof Error ? error.message : 'not understood';
    return reply.code(status).send(toFailure(new BotpoolError('input_invalid', { field: 'request', problem })));
  }
  const id = options.newId();
  options.logger.error({ err: error, error_id: id, route: request.routeOptions.url }, 'a request failed unforeseen');
  return reply.code(500).send(toFailure(new BotpoolError('internal', { id })));
}

function statusFor(error: BotpoolError): number {
  return 'status' in error && typeof error.status === 'number' ? error.status : statusOf(error.code);
}
