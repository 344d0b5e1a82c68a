/**
 * A TCP proxy that makes a network bad on order: slow, narrow, torn into pieces, silent, cut. What the operating system
 * would need privileges and kernel modules for is done here in front of one port.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** How bad the way is; what is left out is well. Times in milliseconds. */
export interface Faults {
  /** Each piece comes so much later, in both directions; order is kept. */
  readonly latencyMs?: number;
  /** Added by chance to the latency of each piece. */
  readonly jitterMs?: number;
  /** At most so many bytes a second in each direction. */
  readonly bytesPerSecond?: number;
  /** Pieces are torn into such of at most so many bytes. */
  readonly sliceBytes?: number;
  /** Nothing passes, and nobody is told: as behind a firewall that forgets. */
  readonly silent?: boolean;
  /** A connection ends after so many bytes from the server. */
  readonly limitBytes?: number;
  /** The end of a connection is passed on so much later. */
  readonly slowCloseMs?: number;
}

/** The way to one port. */
export interface FaultProxy {
  readonly port: number;
  /** From now on, for open connections and for new ones. */
  set(faults: Faults): void;
  /** Well again. */
  heal(): void;
  /** Refuses new connections and breaks the open ones, until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Breaks the open connections with a reset; new ones pass. Returns how many there were. */
  reset(): number;
  [Symbol.asyncDispose](): Promise<void>;
}

const LOOK_MS = 10;

/** Opens a proxy in front of `127.0.0.1:<target>`. */
export async function openFaultProxy(target: number, random: () => number = Math.random): Promise<FaultProxy> {
  let faults: Faults = {};
  const open = new Set<Socket>();
  const keep = (socket: Socket): void => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => open.delete(socket));
  };

  const pieces = (chunk: Buffer): Buffer[] => {
    const most = faults.sliceBytes ?? chunk.length;
    return Array.from({ length: Math.ceil(chunk.length / most) }, (_unused, index) =>
      chunk.subarray(index * most, (index + 1) * most),
    );
  };

  /** Passes what one side says on to the other, as badly as is wanted. */
  const pass = async (from: Socket, to: Socket, isAnswer: boolean): Promise<void> => {
    let passed = 0;
    for await (const chunk of from.iterator({ destroyOnReturn: false })) {
      for (const piece of pieces(chunk as Buffer)) {
        while (faults.silent === true && !to.destroyed) await pause(LOOK_MS);
        const { latencyMs = 0, jitterMs = 0, bytesPerSecond } = faults;
        const wait = latencyMs + jitterMs * random();
        const narrow = bytesPerSecond === undefined ? 0 : (piece.length / bytesPerSecond) * 1_000;
        if (wait + narrow > 0) await pause(wait + narrow);
        if (to.destroyed) return;
        passed += piece.length;
        if (isAnswer && faults.limitBytes !== undefined && passed > faults.limitBytes) {
          from.destroy();
          to.destroy();
          return;
        }
        if (!to.write(piece)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
      }
    }
    if (faults.slowCloseMs !== undefined) await pause(faults.slowCloseMs);
    to.end();
  };

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const upstream = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    keep(client);
    keep(upstream);
    const broken = (): void => {
      client.destroy();
      upstream.destroy();
    };
    pass(client, upstream, false).catch(broken);
    pass(upstream, client, true).catch(broken);
    // A side that broke, rather than ended, takes the other with it.
    client.once('close', () => (client.readableEnded ? undefined : upstream.destroy()));
    upstream.once('close', () => (upstream.readableEnded ? undefined : client.destroy()));
  });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const breakAll = (): number => {
    const count = open.size;
    for (const socket of open) socket.resetAndDestroy();
    return count;
  };
  const down = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    breakAll();
    await closed;
  };
  return {
    port,
    set: (wanted) => {
      faults = wanted;
    },
    heal: () => {
      faults = {};
    },
    down,
    up: () => listen(port),
    reset: breakAll,
    async [Symbol.asyncDispose]() {
      faults = {};
      await down();
    },
  };
}
