import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { withBackpressure } from './sockets.ts';

it('makes a sender wait while its reader is stalled, and lets it go on afterwards', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  await once(server, 'listening');
  const reader = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [socket] = (await once(server, 'connection')) as [WebSocket];
  await once(reader, 'open');
  reader.pause();
  const { send } = withBackpressure(socket);
  const message = 'x'.repeat(64 * 1024);
  let sent = 0;
  const sending = (async () => {
    for (; sent < 1_000; sent += 1) await send(message);
  })();
  // The system's own buffers take some; then the sender stands.
  for (let before = -1; before !== sent; await new Promise((resolve) => setTimeout(resolve, 200))) before = sent;
  expect(sent).toBeLessThan(1_000);
  expect(socket.bufferedAmount).toBeLessThan(512 * 1024);
  reader.resume();
  await sending;
  expect(sent).toBe(1_000);
  reader.terminate();
  server.close();
});
