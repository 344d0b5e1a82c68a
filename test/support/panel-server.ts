/** The panel's server over a test's own database, without a stack behind it, and a browser's ways to talk to it. */
import { once } from 'node:events';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { WebSocket as NodeSocket } from 'ws';
import type { Database } from '#core/postgres/database.ts';
import { createLogger } from '#core/telemetry/logger.ts';
import type { ApiServices } from '#main/api/router.ts';
import { readHostConfig } from '#main/config.ts';
import { failedAs } from '#main/headless/client.ts';
import { type ApiServerOptions, startApiServer } from '#main/headless/server.ts';
import type { ControlPlaneClient } from '#shared/api/contract.ts';

/** The host's own token. */
const HOST_TOKEN = 'host-token-that-is-long-enough-to-be-one';

/** A session of a browser. */
export interface BrowserSession {
  readonly cookie: string;
  readonly csrf: string;
}

/** A running server of a test. */
export interface PanelServer {
  readonly url: string;
  readonly hostToken: string;
  readonly cookieName: string;
  ticket(): string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** By a one-time link. */
  signIn(): Promise<BrowserSession>;
  /** By a password; returns the cookie. */
  passwordCookie(name: string, password: string): Promise<string>;
  /** The HTTP status of an attempt to open the WebSocket; 101 when it is let in. */
  upgrade(headers: Record<string, string>, path?: string): Promise<number>;
  /** The contract over a WebSocket, as the panel's pages use it. Without a cookie it signs in by a link. */
  rpc(cookie?: string): Promise<{ readonly client: ControlPlaneClient; readonly closed: () => number | undefined }>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a test may choose. `services` replaces parts of the control plane. */
export type PanelServerOptions = Partial<Omit<ApiServerOptions, 'controlPlane'>> & {
  readonly database: Database;
  readonly services?: Partial<ApiServices>;
};

/** Starts it on a free port of loopback. */
export async function startPanelServer(options: PanelServerOptions): Promise<PanelServer> {
  const { database, services, ...more } = options;
  const logger = createLogger('test', 'silent', { write: () => undefined });
  const bare = {
    ...{ database, logger, sandboxUrl: undefined },
    config: readHostConfig(tmpdir(), {}),
    engine: { kind: 'process' },
    pool: { listen: () => () => undefined },
    servers: { redis: { host: '127.0.0.1', port: 1 } },
  };
  const needed = { ...bare, ...services } as ApiServices;
  const server = await startApiServer({
    controlPlane: needed,
    port: 0,
    token: HOST_TOKEN,
    onStop: () => undefined,
    ...more,
  });
  const sockets = new Set<NodeSocket>();
  const call = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${server.url}${path}`, init);
  const panel: PanelServer = {
    url: server.url,
    hostToken: HOST_TOKEN,
    cookieName: server.cookieName,
    ticket: () => server.newSignInLink().url.split('#ticket=')[1] ?? '',
    fetch: call,
    post: (path, body, headers = {}) =>
      call(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: server.url, ...headers },
        body: JSON.stringify(body),
      }),
    async signIn() {
      const answer = await panel.post('/session/exchange', { ticket: panel.ticket() });
      const { csrf } = (await answer.json()) as { csrf: string };
      return { cookie: cookieOf(answer), csrf };
    },
    async passwordCookie(name, password) {
      return cookieOf(await panel.post('/session/password', { name, password }));
    },
    upgrade: (headers, path = '/api/ws') => upgrade(`${server.url}${path}`, headers),
    async rpc(cookie) {
      const shown = cookie ?? (await panel.signIn()).cookie;
      const socket = new NodeSocket(`${server.url.replace('http', 'ws')}/api/ws`, {
        headers: { cookie: shown, origin: server.url },
      });
      sockets.add(socket);
      let code: number | undefined;
      socket.on('close', (closeCode) => {
        code = closeCode;
      });
      await once(socket, 'open');
      const link = new RPCLink({ websocket: socket as unknown as WebSocket, interceptors: [failedAs] });
      return { client: createORPCClient(link), closed: () => code };
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.terminate();
      await server.close();
    },
  };
  return panel;
}

function cookieOf(answer: Response): string {
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

async function upgrade(url: string, headers: Record<string, string>): Promise<number> {
  const attempt = request(url, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    },
  });
  attempt.end();
  const answered = once(attempt, 'response').then(([response]) => {
    response.resume();
    return response.statusCode as number;
  });
  const opened = once(attempt, 'upgrade').then(([response, socket]) => {
    socket.destroy();
    return response.statusCode as number;
  });
  return await Promise.race([answered, opened]);
}
