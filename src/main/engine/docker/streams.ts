/** Small helpers for the streams that Docker's client hands out. */
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { EngineClock } from '../clock.ts';

/** The client types its streams more loosely than they are. An error that nobody listens for would end the process. */
export function asReadable(stream: NodeJS.ReadableStream): Readable {
  const readable = stream instanceof Readable ? stream : new Readable().wrap(stream);
  readable.on('error', () => undefined);
  return readable;
}

/** Reads a path of the Engine API as a stream, which the client's own methods gather in the memory or type too narrowly. */
export function openStream(
  docker: Docker,
  path: string,
  query: Readonly<Record<string, string | number | boolean>>,
  abortSignal?: AbortSignal,
): Promise<Readable> {
  const { promise, resolve, reject } = Promise.withResolvers<Readable>();
  const statusCodes = { 200: true, 400: 'bad parameter', 404: 'not found', 409: 'conflict', 500: 'server error' };
  const dial = { path: `${path}?`, method: 'GET', isStream: true, options: { ...query }, statusCodes };
  docker.modem.dial({ ...dial, ...(abortSignal === undefined ? {} : { abortSignal }) }, (error, result) => {
    if (result instanceof Readable) resolve(asReadable(result));
    else reject(error ?? new Error('no stream'));
  });
  return promise;
}

/** Every chunk as bytes. */
export async function* chunksOf(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
}

/** Waits so long, or until the signal aborts. */
export async function pause(clock: EngineClock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const over = (): void => resolve();
  const cancel = clock.after(ms, over);
  signal?.addEventListener('abort', over, { once: true });
  await promise;
  cancel();
  signal?.removeEventListener('abort', over);
}
