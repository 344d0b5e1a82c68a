/** Serves the contract over WebSocket at `/api/ws`, and ends connections whose right to be there has ended. */

import { RPCHandler } from '@orpc/server/ws';
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import type { createRouter } from '../api/router.ts';
import type { Identities, Identity } from './identity.ts';
import { keepAlive, withBackpressure } from './sockets.ts';

/** A message larger than this ends its connection. */
export const MAX_PAYLOAD_BYTES = 1024 * 1024;
/** Close codes of our own: the panel asks to sign in again after 4401. */
const SIGNED_OUT = 4401;
/** Another host may have ended a session or a token: everybody is looked at again this often. */
const REVIEW_MS = 15_000;

/** The open connections. */
export interface RpcSockets {
  /** Looks at everybody again, now. */
  review(): Promise<void>;
  /** Ends the connections of one session or token. */
  end(hash: string): void;
  /** Ends all of them in order; those that do not answer are cut. */
  close(): Promise<void>;
}

/** Adds the route. */
export function addRpcSocket(
  app: FastifyInstance,
  router: ReturnType<typeof createRouter>,
  identities: Identities,
): RpcSockets {
  const handler = new RPCHandler(router);
  const open = new Map<WebSocket, Identity>();
  const policy = { access: 'read', socket: true } as const;
  app.get('/api/ws', { websocket: true, config: { policy } }, (socket, request) => {
    const { identity } = request;
    if (identity === undefined) return socket.close(SIGNED_OUT);
    open.set(socket, identity);
    socket.on('close', () => open.delete(socket));
    keepAlive(socket);
    void handler.upgrade(withBackpressure(socket), { context: { caller: identity.caller } });
  });
  const endAll = (hash: string): void => {
    for (const [socket, identity] of open) if (identity.hash === hash) socket.close(SIGNED_OUT, 'signed out');
  };
  const review = async (): Promise<void> => {
    const known = new Map([...open.values()].map((identity) => [identity.hash, identity]));
    for (const identity of known.values()) {
      const now = await identities.refresh(identity);
      // Another role than before: the connection was opened with the old one.
      if (now?.caller.access !== identity.caller.access) endAll(identity.hash);
    }
  };
  // PostgreSQL may be away: nobody is thrown out for that, and nobody new comes in.
  const timer = setInterval(() => void review().catch(() => undefined), REVIEW_MS);
  timer.unref();
  return {
    review,
    end: endAll,
    async close() {
      clearInterval(timer);
      for (const socket of open.keys()) socket.close(1001, 'stopping');
      const deadline = Promise.withResolvers<void>();
      const patience = setTimeout(deadline.resolve, 500);
      const gone = [...open.keys()].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      await Promise.race([Promise.all(gone), deadline.promise]);
      clearTimeout(patience);
      for (const socket of open.keys()) socket.terminate();
    },
  };
}
