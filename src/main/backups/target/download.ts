/** Reads what lies in a bucket: to compare it, or to bring it here. A stream that says nothing more is given up. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { Report } from '../context.ts';
import { isMissing, targetError } from './errors.ts';
import type { Place } from './upload.ts';

interface Reading {
  /** So long a stream may be silent. */
  readonly idleMs: number;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** A connection that broke is opened anew so often without a byte in between. */
const TRIES = 4;

/** The SHA-256 of a body, hex. */
export async function hashStream(body: unknown, { idleMs, report, signal }: Reading): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of watched(body, idleMs, signal)) {
    hash.update(chunk);
    bytes += chunk.length;
    report({ bytes });
  }
  return hash.digest('hex');
}

/** Brings an object into a file, going on where a broken connection has ended. `bytes`: how many there must be. */
export async function downloadFile(
  place: Place,
  { path, bytes, ...reading }: Reading & { readonly path: string; readonly bytes: number | undefined },
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const size = (await stat(path).catch(() => undefined))?.size;
    if (size !== undefined && size === bytes) return await synced(path);
    const there = size ?? 0;
    try {
      await append(place, path, there, reading);
      if (bytes === undefined) return await synced(path);
      const now = (await stat(path)).size;
      if (now === bytes) return await synced(path);
      const problem = `it has ${now} bytes instead of ${bytes}`;
      throw new BotpoolError('target_damaged', { target: place.target, file: place.key, problem });
    } catch (error) {
      if (isMissing(error)) {
        const facts = { target: place.target, file: place.key, problem: 'it is not there' };
        throw new BotpoolError('target_damaged', facts, { cause: error });
      }
      const failure = targetError(place.target, error);
      const more = ((await stat(path).catch(() => undefined))?.size ?? 0) > there;
      if (more && failure.code === 'target_unreachable') tries = 0;
      if (failure.code !== 'target_unreachable' || tries >= TRIES || reading.signal.aborted) throw failure;
    }
  }
}

async function append(place: Place, path: string, from: number, { idleMs, report, signal }: Reading): Promise<void> {
  const { client, bucket: Bucket, key: Key } = place;
  const range = from === 0 ? {} : { Range: `bytes=${from}-` };
  const { Body, ContentRange } = await client.send(new GetObjectCommand({ Bucket, Key, ...range }), {
    abortSignal: signal,
  });
  // Who does not know ranges begins anew.
  const resumed = from > 0 && ContentRange !== undefined;
  let bytes = resumed ? from : 0;
  const counted = watched(Body, idleMs, signal).on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    report({ bytes });
  });
  await pipeline(counted, createWriteStream(path, { flags: resumed ? 'a' : 'w', mode: 0o600 }));
}

async function synced(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.sync();
}

/** The body, which ends with an error when it is silent for too long. */
function watched(body: unknown, idleMs: number, signal: AbortSignal): Readable {
  if (!(body instanceof Readable)) throw new TypeError('a body is no stream');
  const timer = setTimeout(() => body.destroy(new Error(`no byte came for ${Math.round(idleMs / 1_000)} s`)), idleMs);
  const stop = (): void => void body.destroy(new Error('the control plane is ending'));
  signal.addEventListener('abort', stop, { once: true });
  body.on('data', () => timer.refresh());
  body.pause();
  body.once('close', () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  });
  return body;
}
