/** The typed client of a control plane over a WebSocket: failures come back as the errors that they were. */
import { createORPCClient, mapEventIterator, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ControlPlaneClient } from '#shared/api/contract.ts';
import { FAILURE, failureSchema, fromFailure } from '#shared/api/failure.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';

/** Where a control plane answers and what lets one in. `url` as the server and the host file name it. */
export interface ControlPlaneAddress {
  readonly url: string;
  readonly token: string;
}

/** An open connection. */
export interface ControlPlaneConnection {
  readonly client: ControlPlaneClient;
  /** Aborts when the connection has ended, whoever ended it. */
  readonly closed: AbortSignal;
  close(): void;
}

const CONNECT_MS = 5_000;

/** Connects. Fails with `control_plane_unreachable` when nobody answers, or not to this token. */
export async function connectControlPlane(address: ControlPlaneAddress): Promise<ControlPlaneConnection> {
  const socket = new WebSocket(`${address.url.replace(/^http/, 'ws')}/api/ws`, {
    headers: { authorization: `Bearer ${address.token}` },
  });
  const closed = new AbortController();
  socket.addEventListener('close', () => closed.abort());
  await opened(socket);
  const link = new RPCLink({ websocket: socket, interceptors: [failedAs] });
  return { client: createORPCClient(link), closed: closed.signal, close: () => socket.close() };
}

/** For links to a control plane: failures come back as the errors that they were. */
export async function failedAs(call: {
  next: () => Promise<unknown>;
  signal?: AbortSignal | undefined;
}): Promise<unknown> {
  // What the caller has ended by its own signal is no failure of the other side.
  const told = (error: unknown): unknown => (call.signal?.aborted === true ? error : original(error));
  try {
    const output = await call.next();
    return isStream(output) ? mapEventIterator(output, { value: same, error: async (e) => told(e) }) : output;
  } catch (error) {
    throw told(error);
  }
}

async function opened(socket: WebSocket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (): void => reject(new BotpoolError('control_plane_unreachable', {}));
  const deadline = setTimeout(() => {
    fail();
    socket.close();
  }, CONNECT_MS);
  socket.addEventListener('open', () => resolve(), { once: true });
  socket.addEventListener('error', fail, { once: true });
  socket.addEventListener('close', fail, { once: true });
  try {
    await promise;
  } finally {
    clearTimeout(deadline);
  }
}

async function same(value: unknown): Promise<unknown> {
  return value;
}

function isStream(value: unknown): value is AsyncIterator<unknown, unknown, void> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** The failure that the other side meant; a connection that is lost means that it cannot be reached. */
function original(error: unknown): unknown {
  if (!(error instanceof ORPCError)) return new BotpoolError('control_plane_unreachable', {}, { cause: error });
  const failure = error.code === FAILURE ? failureSchema.safeParse(error.data) : undefined;
  if (failure?.success === true) return fromFailure(failure.data);
  return new BotpoolError('internal', { id: error.code }, { cause: error });
}
