/**
 * Serves one control plane: the panel at `/`, its sign-in below `/session`, the contract over WebSocket at `/api/ws`
 * and as REST below `/api/v1`, numbers for Prometheus at `/metrics`, `GET /health` for everybody. Every route stands behind the gate of `guard.ts`.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, { type FastifyInstance } from 'fastify';
import { listUsers } from '#core/access/users.ts';
import { type ApiServices, createRouter } from '../api/router.ts';
import { isLoopbackAddress, refuseExposure } from './exposure.ts';
import { installGuard } from './guard.ts';
import { createIdentities } from './identity.ts';
import type { ServedAs } from './origin.ts';
import { addPanelFiles } from './panel-files.ts';
import { addRest } from './rest.ts';
import { addRpcSocket, MAX_PAYLOAD_BYTES, type RpcSockets } from './rpc-socket.ts';
import { addSessionRoutes } from './session-routes.ts';
import { createSignInBrake, createTickets } from './sign-in.ts';

/** A certificate with its key, as PEM texts. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** What to serve, where, and to whom. */
export interface ApiServerOptions {
  readonly controlPlane: ApiServices;
  /** Default `127.0.0.1`. Any address but loopback needs TLS and an administrator who can sign in. */
  readonly host?: string;
  /** 0: any free port. */
  readonly port: number;
  /** A long random text. Whoever shows it may do everything. */
  readonly token: string;
  /** Called when a caller asks the host to stop; the answer is on its way then. */
  readonly onStop: () => void;
  /** The built panel. Without it a page says how to build it. */
  readonly panelFolder?: string;
  readonly tls?: TlsFiles;
  /** Under which address others reach it, for instance through a proxy. */
  readonly publicUrl?: URL;
}

/** A running server. */
export interface ApiServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** The name of the cookie that holds a session. */
  readonly cookieName: string;
  /** A link that signs in whoever opens it first. */
  newSignInLink(): { readonly url: string; readonly expiresAt: Date };
  /** Ends every connection; resolves when nothing listens any more. */
  close(): Promise<void>;
}

/** Time for the answer to a stop to leave before everything ends. */
const STOP_DELAY_MS = 50;
/** A request that has not come whole by then is ended. */
const REQUEST_MS = 30_000;
const MAX_BODY_BYTES = 1024 * 1024;

/** Starts to serve. Fails with Node's own error when the port is taken, and with `panel_exposed`. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const address = options.host ?? '127.0.0.1';
  const { database, logger } = options.controlPlane;
  const users = isLoopbackAddress(address) ? [] : await listUsers(database);
  const hasAdmin = users.some((user) => user.role === 'admin' && !user.disabled);
  refuseExposure({ address, hasTls: options.tls !== undefined, hasAdmin });
  const served: ServedAs = {
    tls: options.tls !== undefined,
    ...(isLoopbackAddress(address) ? {} : { address }),
    ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }),
  };
  const identities = createIdentities(database, options.token);
  const tickets = createTickets(Date.now, () => randomBytes(32).toString('base64url'));
  const secureCookie = served.tls || options.publicUrl?.protocol === 'https:';
  const cookieName = `botpool_session${secureCookie ? '_s' : ''}_${options.port}`;
  const newId = (): string => randomUUID();
  const app = createApp(options.tls);
  await app.register(fastifyWebsocket, { options: { maxPayload: MAX_PAYLOAD_BYTES } });
  installGuard(app, { served, identities, cookieName, logger, newId });
  let url = '';
  const newSignInLink: ApiServer['newSignInLink'] = () => {
    const { ticket, expiresAt } = tickets.issue();
    return { url: `${options.publicUrl?.origin ?? url}/#ticket=${ticket}`, expiresAt: new Date(expiresAt) };
  };
  let sockets: RpcSockets | undefined;
  const router = createRouter(options.controlPlane, {
    newId,
    sleep: async (ms, signal) => {
      await delay(ms, undefined, { signal }).catch(() => undefined);
    },
    stopHost: () => void setTimeout(options.onStop, STOP_DELAY_MS),
    pid: process.pid,
    newSignInLink,
    accessChanged: () => void sockets?.review().catch(() => undefined),
  });
  const brake = createSignInBrake(Date.now);
  const onEnded = (hash: string): void => sockets?.end(hash);
  addSessionRoutes(app, { database, identities, tickets, brake, cookieName, secureCookie, onEnded });
  sockets = addRpcSocket(app, router, identities);
  addRest(app, router);
  app.get('/metrics', { config: { policy: { access: 'read' } } }, async (_request, reply) => {
    const { text, contentType } = await options.controlPlane.metrics.prometheus();
    return await reply.type(contentType).header('cache-control', 'no-store').send(text);
  });
  app.get('/health', { config: { policy: 'open' } }, () => ({ ok: true }));
  await addPanelFiles(app, options.panelFolder);
  app.addHook('preClose', async () => await sockets?.close());
  await app.listen({ host: address, port: options.port });
  url = urlOf(app, address, served.tls);
  return { url, cookieName, newSignInLink, close: () => app.close() };
}

function createApp(tls: TlsFiles | undefined): FastifyInstance {
  const common = {
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_MS,
    forceCloseConnections: true,
    // A path means one thing only, to the gate and to the router.
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true },
  } as const;
  if (tls === undefined) return Fastify(common);
  return Fastify({ ...common, https: { ...tls, minVersion: 'TLSv1.2' } }) as unknown as FastifyInstance;
}

function urlOf(app: FastifyInstance, address: string, tls: boolean): string {
  const { port } = app.server.address() as AddressInfo;
  return `${tls ? 'https' : 'http'}://${address.includes(':') ? `[${address}]` : address}:${port}`;
}
