/**
 * Serves the API on loopback: WebSocket `/rpc` for callers that know the token, `GET /health` for everybody. No
 * browser may call it: a request with an `Origin`, or for a host that is not loopback, is refused.
 */
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { RPCHandler } from '@orpc/server/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { type ApiServices, createRouter } from '../api/router.ts';
import { keepAlive, withBackpressure } from './sockets.ts';

/** What to serve, where, and to whom. */
export interface ApiServerOptions {
  readonly controlPlane: ApiServices;
  /** Loopback only. Default `127.0.0.1`. */
  readonly host?: '127.0.0.1' | '::1';
  /** 0: any free port. */
  readonly port: number;
  /** A long random text. Whoever shows it may do everything. */
  readonly token: string;
  /** Called when a caller asks the host to stop; the answer is on its way then. */
  readonly onStop: () => void;
}

/** A running server. */
export interface ApiServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Ends every connection; resolves when nothing listens any more. */
  close(): Promise<void>;
}

/** A message larger than this ends its connection. */
const MAX_PAYLOAD_BYTES = 1024 * 1024;
/** Who calls, in the audit. */
const ACTOR = 'operator';
/** Time for the answer to a stop to leave before everything ends. */
const STOP_DELAY_MS = 50;

/** Starts to serve. Fails with Node's own error when the port is taken. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const host = options.host ?? '127.0.0.1';
  const handler = new RPCHandler(createRouter(options.controlPlane, hostPart(options.onStop)));
  const http = createServer(answerPlainRequest);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_PAYLOAD_BYTES });
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const status = refusalOf(request, options.token);
    if (status !== undefined) return refuse(socket, status);
    sockets.handleUpgrade(request, socket, head, (client: WebSocket) => {
      client.on('error', () => client.terminate());
      keepAlive(client);
      void handler.upgrade(withBackpressure(client), { context: { actor: ACTOR } });
    });
  });
  const port = await listen(http, host, options.port);
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, close: () => close(http, sockets) };
}

function hostPart(onStop: () => void) {
  return {
    newId: () => randomUUID(),
    sleep: async (ms: number, signal: AbortSignal) => {
      await delay(ms, undefined, { signal }).catch(() => undefined);
    },
    stopHost: () => void setTimeout(onStop, STOP_DELAY_MS),
    pid: process.pid,
  };
}

function answerPlainRequest(request: IncomingMessage, response: ServerResponse): void {
  const status = !isLoopback(request.headers.host) ? 403 : request.url === '/health' ? 200 : 404;
  const allowed = status !== 200 || request.method === 'GET' || request.method === 'HEAD';
  response.writeHead(allowed ? status : 405, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : JSON.stringify({ ok: allowed && status === 200 }));
}

/** The HTTP status that a connection is refused with, before anything of it is believed. */
function refusalOf(request: IncomingMessage, token: string): number | undefined {
  if (!isLoopback(request.headers.host) || request.headers.origin !== undefined) return 403;
  if (request.url !== '/rpc') return 404;
  const given = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  return sameSecret(given, token) ? undefined : 401;
}

/** True for loopback names with or without a port: a foreign name that leads here is a rebinding attack. */
function isLoopback(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i.test(host);
}

/** Takes the same time wherever the two differ. */
function sameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function refuse(socket: Duplex, status: number): void {
  const reason = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' }[status] ?? 'Refused';
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function listen(http: Server, host: string, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  http.once('error', reject);
  http.listen(port, host, resolve);
  await promise;
  http.off('error', reject);
  return (http.address() as AddressInfo).port;
}

async function close(http: Server, sockets: WebSocketServer): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const client of sockets.clients) client.close(1001, 'stopping');
  http.close(() => resolve());
  http.closeAllConnections();
  const deadline = setTimeout(() => {
    for (const client of sockets.clients) client.terminate();
  }, 500);
  await promise;
  clearTimeout(deadline);
}
