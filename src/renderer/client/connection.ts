/**
 * The one link to the control plane: a socket that is opened again whenever it is lost, pinged every second, and never
 * waited for by a person's input. Knows no screen, and not whether the socket is a WebSocket or a desktop window's port.
 */
import { createORPCClient, DynamicLink } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ControlPlaneClient } from '#shared/api/contract.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { FIRST_LINK, type LinkEvent, type LinkState, nextLink, retryDelay } from './connection-state.ts';
import { asFailure } from './failure.ts';
import type { SessionFacts } from './session.ts';

/** What a connection needs from outside. */
export interface ConnectionOptions {
  /** Opens the way to the control plane, after `readSession`. */
  readonly openSocket: () => PanelSocket;
  /** Who is signed in: null when nobody is. Fails when the server does not answer. */
  readonly readSession: () => Promise<SessionFacts | null>;
}

/** What is used of a WebSocket. */
export type PanelSocket = Pick<WebSocket, 'addEventListener' | 'removeEventListener' | 'send' | 'readyState' | 'close'>;

/** See the file. */
export interface Connection {
  readonly client: ControlPlaneClient;
  readonly link: StoreApi<LinkState>;
  readonly session: StoreApi<{ readonly facts: SessionFacts | null }>;
  /** Tries at once: after a sign-in, and when a person asks for it. */
  retry(): void;
  /** Ends the present link and makes a new one: after a sign-out. */
  restart(): void;
  /** Follows a stream for as long as the signal lasts, over every reconnect. */
  follow<T>(open: OpenStream<T>, onValue: (value: T) => void, signal: AbortSignal): void;
  close(): void;
}

/** Opens a stream anew after each cut. */
export type OpenStream<T> = (client: ControlPlaneClient, signal: AbortSignal) => Promise<AsyncIterable<T>>;

const PING_MS = 1_000;
/** A server that is silent for so long is given up; until then it may come back with everything still in place. */
const DEAD_MS = 75_000;
/** How long a socket may take to open before it is given up and made anew. */
const OPEN_MS = 10_000;
/** How long a call waits for a link that is being made. */
const CALL_WAIT_MS = 4_000;

type Link = RPCLink<Record<never, never>>;

interface OpenedLink {
  readonly socket: PanelSocket;
  readonly rpc: Link;
  /** Ends it for us at once: a server that hangs does not answer a goodbye either. */
  readonly abandon: () => void;
}

/** Opens the link and keeps it open until `close`. */
export function openConnection({ openSocket, readSession }: ConnectionOptions): Connection {
  const link = createStore<LinkState>(() => FIRST_LINK);
  const session = createStore<{ readonly facts: SessionFacts | null }>(() => ({ facts: null }));
  const tell = (event: LinkEvent): void => link.setState(nextLink(link.getState(), event), true);
  const closing = new AbortController();
  let wake = Promise.withResolvers<void>();
  const now: { link?: OpenedLink | undefined } = {};

  const connectOnce = async (): Promise<void> => {
    tell({ type: 'trying' });
    const facts = await readSession();
    if (facts === null) return tell({ type: 'signed-out' });
    session.setState({ facts });
    const socket = openSocket();
    await opened(socket);
    const abandoned = new AbortController();
    socket.addEventListener('message', () => {
      if (now.link?.socket === socket) tell({ type: 'heard', at: Date.now() });
    });
    const abandon = (): void => {
      abandoned.abort();
      socket.close();
    };
    now.link = { socket, rpc: new RPCLink({ websocket: socket }), abandon };
    tell({ type: 'opened', at: Date.now() });
    await closed(socket, AbortSignal.any([closing.signal, abandoned.signal]));
    now.link = undefined;
  };
  const keepConnected = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await connectOnce().catch(() => undefined);
      if (closing.signal.aborted) return;
      const { phase, attempts } = link.getState();
      const waitMs = retryDelay(attempts, Math.random());
      if (phase !== 'signed-out') tell({ type: 'lost', retryAt: Date.now() + waitMs });
      wake = Promise.withResolvers();
      await Promise.race([wake.promise, ...(phase === 'signed-out' ? [] : [pause(waitMs)])]);
    }
  };
  const openLink = (): Link | undefined => now.link?.rpc;
  const rpcNow = async (): Promise<Link> => {
    const open = openLink();
    if (open !== undefined) return open;
    if (link.getState().phase !== 'connecting') throw new BotpoolError('control_plane_unreachable', {});
    await until(link, (state) => state.phase !== 'connecting', AbortSignal.timeout(CALL_WAIT_MS));
    const made = openLink();
    if (made === undefined) throw new BotpoolError('control_plane_unreachable', {});
    return made;
  };
  const client: ControlPlaneClient = createORPCClient(new DynamicLink(rpcNow));
  const timer = setInterval(() => {
    const at = Date.now();
    tell({ type: 'tick', at });
    const { heardAt } = link.getState();
    if (heardAt !== null && at - heardAt > DEAD_MS) now.link?.abandon();
    else if (now.link !== undefined && document.visibilityState === 'visible') ping(client);
  }, PING_MS);
  const retry = (): void => wake.resolve();
  window.addEventListener('online', retry);
  void keepConnected();
  return {
    client,
    link,
    session,
    retry,
    restart: () => (now.link === undefined ? retry() : now.link.abandon()),
    follow: (open, onValue, signal) => void followForEver(client, link, open, onValue, signal),
    close() {
      closing.abort();
      clearInterval(timer);
      window.removeEventListener('online', retry);
      retry();
      now.link?.socket.close();
    },
  };
}

/** The cheapest call there is; its answer counts as a sign of life. */
function ping(client: ControlPlaneClient): void {
  client.sandbox.info().catch(() => undefined);
}

async function followForEver<T>(
  client: ControlPlaneClient,
  link: StoreApi<LinkState>,
  open: OpenStream<T>,
  onValue: (value: T) => void,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    await until(link, (state) => state.phase === 'online', signal);
    if (signal.aborted) return;
    const { generation } = link.getState();
    const cut = new AbortController();
    const stop = link.subscribe((state) => {
      if (state.generation !== generation || state.phase !== 'online') cut.abort();
    });
    try {
      for await (const value of await open(client, AbortSignal.any([signal, cut.signal]))) {
        failures = 0;
        onValue(value);
      }
    } catch (error) {
      // A cut is mended by the next connection; what the server refuses will not change by asking again at once.
      if (signal.aborted || (!cut.signal.aborted && asFailure(error).retry === 'never')) return;
    } finally {
      stop();
    }
    failures += 1;
    if (link.getState().generation === generation) await pause(Math.min(10_000, 500 * 2 ** failures));
  }
}

async function until(link: StoreApi<LinkState>, test: (state: LinkState) => boolean, signal: AbortSignal) {
  if (test(link.getState()) || signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = link.subscribe((state) => test(state) && resolve());
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
  stop();
}

async function opened(socket: PanelSocket): Promise<void> {
  if (socket.readyState === WebSocket.OPEN) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.addEventListener('open', () => resolve(), { once: true });
  socket.addEventListener('close', () => reject(new BotpoolError('control_plane_unreachable', {})), { once: true });
  const timer = setTimeout(() => {
    reject(new BotpoolError('control_plane_unreachable', {}));
    socket.close();
  }, OPEN_MS);
  await promise.finally(() => clearTimeout(timer));
}

async function closed(socket: PanelSocket, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.addEventListener('close', () => resolve(), { once: true });
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
