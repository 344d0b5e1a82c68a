/** The bad network that other tests use: each way of being bad does what it says. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FaultProxy, openFaultProxy } from '../support/fault-proxy.ts';
import { until } from '../support/until.ts';

let server: Server;
let proxy: FaultProxy;
let heard: Socket[];

beforeEach(async () => {
  heard = [];
  server = createServer((socket) => {
    heard.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => socket.write(data));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await openFaultProxy((server.address() as AddressInfo).port);
});

afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  for (const socket of heard) socket.destroy();
  server.close();
});

/** Somebody who talks through the proxy. */
async function caller() {
  const socket = connect({ port: proxy.port, host: '127.0.0.1' });
  const pieces: Buffer[] = [];
  let end: string | undefined;
  socket.on('data', (data: Buffer) => pieces.push(data));
  socket.on('error', (error: NodeJS.ErrnoException) => {
    end ??= error.code;
  });
  socket.on('end', () => {
    end ??= 'end';
  });
  await once(socket, 'connect');
  return {
    socket,
    pieces,
    text: () => Buffer.concat(pieces).toString(),
    end: () => end,
    async hears(text: string) {
      await until(`“${text.slice(0, 20)}” comes back`, () => Buffer.concat(pieces).toString() === text);
    },
  };
}

describe('a proxy', () => {
  it('passes everything on when nothing is wrong, in both directions and to the end', async () => {
    const { socket, hears, end } = await caller();
    const text = 'x'.repeat(300_000);
    socket.write(text);
    await hears(text);
    heard[0]?.end();
    await until('the end is heard', () => end() === 'end');
  });

  it('is late, by as much as it was told, and keeps the order', async () => {
    const { socket, hears } = await caller();
    proxy.set({ latencyMs: 60, jitterMs: 20 });
    const begun = performance.now();
    socket.write('one ');
    socket.write('two');
    await hears('one two');
    expect(performance.now() - begun).toBeGreaterThanOrEqual(119);
  });

  it('is narrow', async () => {
    const { socket, hears } = await caller();
    proxy.set({ bytesPerSecond: 20_000 });
    const begun = performance.now();
    socket.write('x'.repeat(4_000));
    await hears('x'.repeat(4_000));
    // Up and down, a fifth of a second each.
    expect(performance.now() - begun).toBeGreaterThanOrEqual(390);
  });

  it('tears into pieces', async () => {
    const { socket, hears, pieces } = await caller();
    proxy.set({ sliceBytes: 3, latencyMs: 1 });
    socket.write('0123456789');
    await hears('0123456789');
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(6);
    expect(pieces.length).toBeGreaterThan(1);
  });

  it('falls silent without a word, and goes on where it stopped', async () => {
    const { socket, hears, text, end } = await caller();
    proxy.set({ silent: true });
    socket.write('hello');
    const other = await caller();
    other.socket.write('are you there?');
    // Silence can only be seen by waiting.
    await pause(80);
    expect([text(), end(), other.text()]).toEqual(['', undefined, '']);
    proxy.heal();
    await hears('hello');
    await other.hears('are you there?');
  });

  it('ends a connection after so many bytes', async () => {
    const { socket, text, end } = await caller();
    proxy.set({ limitBytes: 5, sliceBytes: 5 });
    socket.write('0123456789');
    await until('it has ended', () => end() !== undefined);
    expect(text().length).toBeLessThanOrEqual(5);
  });

  it('passes an end on late', async () => {
    const { socket, hears, end } = await caller();
    socket.write('bye');
    await hears('bye');
    proxy.set({ slowCloseMs: 80 });
    const begun = performance.now();
    heard[0]?.end();
    await until('the end is heard', () => end() === 'end');
    expect(performance.now() - begun).toBeGreaterThanOrEqual(79);
  });

  it('resets what is open and lets new ones pass', async () => {
    const first = await caller();
    first.socket.write('a');
    await first.hears('a');
    expect(proxy.reset()).toBe(2);
    await until('it is broken', () => first.end() === 'ECONNRESET');
    const second = await caller();
    second.socket.write('b');
    await second.hears('b');
  });

  it('is down, and up again at the same port', async () => {
    const first = await caller();
    await proxy.down();
    await until('it is broken', () => first.end() !== undefined);
    await expect(caller()).rejects.toThrow('ECONNREFUSED');
    await proxy.up();
    const second = await caller();
    second.socket.write('b');
    await second.hears('b');
  });
});
