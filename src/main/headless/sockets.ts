/** What a WebSocket needs beside its messages: a bound on what waits to be sent, and a way to notice that it is dead. */
import type { WebSocket } from 'ws';

/** More than this on its way to one reader makes the streams to it wait. */
const HIGH_WATER_BYTES = 256 * 1024;
const PING_MS = 15_000;

/** The part of a socket that the RPC handler uses. */
export type RpcSocket = Pick<WebSocket, 'addEventListener' | 'send'>;

/**
 * A socket whose `send` resolves only when a slow reader has taken what was sent. The RPC handler waits for it, and
 * with it every stream, so that a stalled reader costs a bounded amount of memory.
 */
export function withBackpressure(socket: WebSocket): RpcSocket {
  const send = (data: Parameters<WebSocket['send']>[0]): void | Promise<void> => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount < HIGH_WATER_BYTES) return socket.send(data);
    const { promise, resolve } = Promise.withResolvers<void>();
    // Called when it is written, and when the connection has ended, too.
    socket.send(data, () => resolve());
    return promise;
  };
  return { addEventListener: socket.addEventListener.bind(socket), send };
}

/** Pings until the connection ends; one that does not answer a ping is ended. */
export function keepAlive(socket: WebSocket): void {
  let alive = true;
  socket.on('pong', () => {
    alive = true;
  });
  const timer = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, PING_MS);
  timer.unref();
  socket.on('close', () => clearInterval(timer));
}
