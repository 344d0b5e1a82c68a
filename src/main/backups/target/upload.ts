/** Brings one file to a bucket: small ones at once, large ones in parts, going on where an earlier try has ended. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { Report } from '../context.ts';
import { isUploadLost, targetError } from './errors.ts';

/** One object of one bucket. `target`: its name for people. */
export interface Place {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
  readonly target: string;
}

/** What is to be brought there. */
export interface LocalFile {
  readonly path: string;
  readonly bytes: number;
  readonly report: Report;
  readonly signal: AbortSignal;
}

const MIB = 1_048_576;
/** Each part lies in memory while it is sent. */
const PART = 8 * MIB;
const AT_ONCE = 3;
/** 10,000 parts are allowed. */
const MOST_PARTS = 9_000;

/** How large the parts of a file are: the same each time, so that an upload can go on. Bytes. */
export function partSizeOf(bytes: number): number {
  return Math.max(PART, Math.ceil(bytes / MOST_PARTS / MIB) * MIB);
}

/** See the file. */
export async function uploadFile(place: Place, file: LocalFile): Promise<void> {
  const handle = await open(file.path, 'r');
  try {
    if (file.bytes <= partSizeOf(file.bytes)) await putWhole(place, file, handle);
    else await putParts(place, file, handle);
  } catch (error) {
    throw targetError(place.target, error);
  } finally {
    await handle.close();
  }
}

async function putWhole(place: Place, { bytes, report, signal }: LocalFile, handle: FileHandle): Promise<void> {
  const Body = await readPart(handle, 0, bytes);
  const { client, bucket: Bucket, key: Key } = place;
  await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength: bytes }), { abortSignal: signal });
  report({ bytes });
}

/** A storage that has lost what it was given is given it once more; then it is not trusted. */
async function putParts(place: Place, file: LocalFile, handle: FileHandle): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const before = await unfinished(place);
    const upload = before ?? (await begin(place));
    try {
      const there = before === undefined ? NOTHING : await storedParts(place, upload).catch(notTold);
      const parts = await sendParts(place, { upload, there }, file, handle);
      const { client, bucket: Bucket, key: Key } = place;
      const MultipartUpload = { Parts: parts };
      const ending = new CompleteMultipartUploadCommand({ Bucket, Key, UploadId: upload, MultipartUpload });
      await client.send(ending, { abortSignal: file.signal });
      return;
    } catch (error) {
      if (!isUploadLost(error)) throw error;
      await abort(place, upload);
      if (attempt === 1) continue;
      const problem = 'it has lost parts of it';
      throw new BotpoolError('target_damaged', { target: place.target, file: place.key, problem }, { cause: error });
    }
  }
}

const NOTHING: ReadonlyMap<number, string> = new Map();

/** Not every storage can tell the parts that it has: then all of them are sent. */
function notTold(error: unknown): ReadonlyMap<number, string> {
  if (isUploadLost(error)) throw error;
  return NOTHING;
}

interface Part {
  readonly PartNumber: number;
  readonly ETag: string;
}

interface Begun {
  readonly upload: string;
  /** The sums of the parts that the storage has already. */
  readonly there: ReadonlyMap<number, string>;
}

async function sendParts(place: Place, { upload, there }: Begun, file: LocalFile, handle: FileHandle): Promise<Part[]> {
  const { client, bucket: Bucket, key: Key } = place;
  const size = partSizeOf(file.bytes);
  const count = Math.ceil(file.bytes / size);
  const parts: Part[] = [];
  const { signal } = file;
  let failed = false;
  let next = 1;
  let sent = 0;
  const lane = async (): Promise<void> => {
    while (next <= count && !failed && !signal.aborted) {
      const number = next;
      next += 1;
      const length = Math.min(size, file.bytes - (number - 1) * size);
      const Body = await readPart(handle, (number - 1) * size, length);
      const md5 = createHash('md5').update(Body).digest();
      const kept = there.get(number);
      let ETag = kept;
      if (kept?.replaceAll('"', '') !== md5.toString('hex')) {
        const command = new UploadPartCommand({
          ...{ Bucket, Key, UploadId: upload, PartNumber: number, Body },
          ContentMD5: md5.toString('base64'),
        });
        ETag = (await client.send(command, { abortSignal: signal })).ETag;
      }
      parts.push({ PartNumber: number, ETag: ETag ?? '' });
      sent += length;
      file.report({ bytes: sent });
    }
  };
  const lanes = Array.from({ length: AT_ONCE }, () =>
    lane().catch((error: unknown) => {
      // What is on its way arrives, so that the next try need not send it again.
      failed = true;
      throw error;
    }),
  );
  const broken = (await Promise.allSettled(lanes)).find((one) => one.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
  signal.throwIfAborted();
  return parts.sort((a, b) => a.PartNumber - b.PartNumber);
}

async function readPart(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  for (let read = 0; read < length; ) {
    const { bytesRead } = await handle.read(buffer, read, length - read, from + read);
    if (bytesRead === 0)
      throw new BotpoolError('backup_damaged', { file: 'database.dump', problem: 'it became shorter' });
    read += bytesRead;
  }
  return buffer;
}

/** The newest upload of this object that was begun and not ended; older ones are given up. */
async function unfinished(place: Place): Promise<string | undefined> {
  const { client, bucket: Bucket, key: Key } = place;
  try {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }));
    const ours = Uploads.filter((upload) => upload.Key === Key && upload.UploadId !== undefined).toSorted(
      (a, b) => (b.Initiated?.getTime() ?? 0) - (a.Initiated?.getTime() ?? 0),
    );
    for (const { UploadId } of ours.slice(1)) await abort(place, UploadId ?? '');
    return ours[0]?.UploadId;
  } catch {
    // Not every storage can list them: then an upload begins anew.
    return undefined;
  }
}

async function begin({ client, bucket: Bucket, key: Key }: Place): Promise<string> {
  const { UploadId = '' } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  return UploadId;
}

async function abort({ client, bucket: Bucket, key: Key }: Place, UploadId: string): Promise<void> {
  await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => undefined);
}

/** What the storage says that it has: number and sum of each part. */
async function storedParts(place: Place, UploadId: string): Promise<ReadonlyMap<number, string>> {
  const { client, bucket: Bucket, key: Key } = place;
  const parts = new Map<number, string>();
  for (let marker: string | undefined; ; ) {
    const more = marker === undefined ? {} : { PartNumberMarker: marker };
    const page = await client.send(new ListPartsCommand({ Bucket, Key, UploadId, ...more }));
    for (const { PartNumber, ETag } of page.Parts ?? []) parts.set(PartNumber ?? 0, ETag ?? '');
    marker = page.NextPartNumberMarker;
    if (page.IsTruncated !== true || marker === undefined) return parts;
  }
}
