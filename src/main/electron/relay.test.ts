import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type Frame, openRelay, type RelaySocket } from './relay.ts';

/** The outside world's end of a connection, driven by hand. */
class HandSocket implements RelaySocket {
  binaryType = 'blob';
  readyState = 0;
  readonly sent: Frame[] = [];
  closed = 0;
  readonly #events = new EventEmitter();
  addEventListener(type: string, listener: (event: { readonly data: unknown }) => void): void {
    this.#events.on(type, listener);
  }
  send(frame: Frame): void {
    this.sent.push(frame);
  }
  close(): void {
    this.closed += 1;
  }
  open(): void {
    this.readyState = 1;
    this.tell('open');
  }
  say(data: unknown): void {
    this.#events.emit('message', { data });
  }
  tell(type: 'open' | 'close' | 'error'): void {
    this.#events.emit(type, { data: undefined });
  }
}

function setUp() {
  const socket = new HandSocket();
  const page = { got: [] as Frame[], ended: 0 };
  const relay = openRelay({ send: (frame) => page.got.push(frame), ended: () => (page.ended += 1) }, socket);
  return { socket, page, relay };
}

describe('the relay between page and control plane', () => {
  it('carries both ways in order, and what the page said before the connection stood', () => {
    const { socket, page, relay } = setUp();
    relay.take('1');
    relay.take('2');
    expect(socket.sent).toEqual([]);
    socket.open();
    relay.take('3');
    expect(socket.sent).toEqual(['1', '2', '3']);
    const bytes = new ArrayBuffer(2);
    socket.say('a');
    socket.say(bytes);
    expect(page.got).toEqual(['a', bytes]);
    expect(socket.binaryType).toBe('arraybuffer');
  });

  it('drops whatever is no frame, from either side', () => {
    const { socket, page, relay } = setUp();
    socket.open();
    for (const odd of [undefined, null, 7, {}, ['x'], new Date()]) {
      relay.take(odd);
      socket.say(odd);
    }
    expect([socket.sent, page.got]).toEqual([[], []]);
  });

  it.each(['close', 'error'] as const)('tells the page once that it is over when the socket says %s', (type) => {
    const { socket, page, relay } = setUp();
    socket.open();
    socket.tell(type);
    socket.tell('close');
    relay.take('late');
    socket.say('late');
    expect([page.ended, socket.closed, socket.sent, page.got]).toEqual([1, 1, [], []]);
  });

  it('ends a page that says more than a page of ours before the connection stands', () => {
    const { socket, page, relay } = setUp();
    for (let count = 0; count <= 1_000; count += 1) relay.take('x');
    expect([page.ended, socket.closed]).toEqual([1, 1]);
  });
});
