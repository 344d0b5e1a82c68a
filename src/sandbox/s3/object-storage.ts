/** The simulated object storage: what each operation does to buckets, objects and uploads, and the troubles on order. */
import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import {
  NO_STORAGE_FAULTS,
  type StorageFaults,
  type StorageFaultsPatch,
  type StorageView,
} from '#shared/schemas/sandbox-s3.ts';
import { S3Error } from './s3-error.ts';
import type { Blob, Bucket, Received, StorageDisk, StoredObject, Upload } from './storage-disk.ts';

/** All parts but the last must be at least so large. Bytes. */
const LEAST_PART = 5 * 1_048_576;
const MOST_PARTS = 10_000;

/** Sums that the client has sent along; what differs is refused. */
export interface Sums {
  readonly sha256: string | undefined;
  /** Base64. */
  readonly md5: string | undefined;
}

/** See the file. */
export class ObjectStorage {
  faults: StorageFaults = NO_STORAGE_FAULTS;
  readonly #disk: StorageDisk;
  readonly #now: () => number;
  readonly #calls = new Map<string, number>();

  constructor(disk: StorageDisk, now: () => number) {
    this.#disk = disk;
    this.#now = now;
  }

  bucket(name: string): Bucket {
    return this.#disk.bucket(name);
  }

  async makeBucket(name: string): Promise<void> {
    this.#disk.addBucket(name);
    await this.#disk.save();
  }

  /** Fails with `NoSuchKey`. */
  object(bucket: string, key: string): StoredObject {
    const object = this.bucket(bucket).objects.get(key);
    if (object === undefined) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
    return object;
  }

  async read(object: StoredObject): Promise<{ bytes: number; stream(from: number, to: number): Readable }> {
    return await this.#disk.read(object);
  }

  async put(bucket: string, key: string, body: Readable, sums: Sums, onlyNew: boolean): Promise<StoredObject> {
    const { objects } = this.bucket(bucket);
    if (onlyNew && objects.has(key)) throw new S3Error('PreconditionFailed', 'The object exists already.');
    const blob = await this.#take(body, sums);
    await this.#lie(blob);
    return await this.#place(bucket, { key, blobs: [blob], bytes: blob.bytes, etag: blob.md5, at: this.#now() });
  }

  async remove(bucket: string, key: string): Promise<void> {
    const { objects } = this.bucket(bucket);
    await this.#disk.drop(objects.get(key)?.blobs ?? []);
    if (objects.delete(key)) await this.#disk.save();
  }

  async beginUpload(bucket: string, key: string): Promise<Upload> {
    const upload: Upload = { id: randomUUID(), key, at: this.#now(), parts: [] };
    this.bucket(bucket).uploads.set(upload.id, upload);
    await this.#disk.save();
    return upload;
  }

  /** Fails with `NoSuchUpload`. */
  upload(bucket: string, key: string, id: string): Upload {
    const upload = this.bucket(bucket).uploads.get(id);
    if (upload?.key !== key) throw new S3Error('NoSuchUpload', 'The specified multipart upload does not exist.');
    return upload;
  }

  async putPart(upload: Upload, number: number, body: Readable, sums: Sums): Promise<Blob> {
    if (!(number >= 1 && number <= MOST_PARTS))
      throw new S3Error('InvalidArgument', 'Part number must be between 1 and 10000.');
    const blob = await this.#take(body, sums);
    const before = upload.parts.findIndex((part) => part.number === number);
    const part = { number, at: this.#now(), blob };
    const old = before < 0 ? undefined : upload.parts.splice(before, 1)[0];
    if (old !== undefined) await this.#disk.drop([old.blob]);
    upload.parts.push(part);
    upload.parts.sort((a, b) => a.number - b.number);
    await this.#disk.save();
    return blob;
  }

  async completeUpload(
    bucket: string,
    upload: Upload,
    named: readonly { readonly number: number; readonly etag: string }[],
  ): Promise<StoredObject> {
    if (this.faults.failsCompletion)
      throw new S3Error('InternalError', 'We encountered an internal error. Please try again.');
    if (this.faults.losesParts) {
      const lost = upload.parts.splice(0, 1).map(({ blob }) => blob);
      await this.#disk.drop(lost);
    }
    const blobs = named.map(({ number, etag }, place) => {
      if (place > 0 && number <= (named[place - 1]?.number ?? 0)) {
        throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order.');
      }
      const part = upload.parts.find((each) => each.number === number);
      if (part?.blob.md5 !== etag)
        throw new S3Error('InvalidPart', 'One or more of the specified parts could not be found.');
      if (place < named.length - 1 && part.blob.bytes < LEAST_PART) {
        throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size.');
      }
      return part.blob;
    });
    const [last] = blobs.slice(-1);
    if (last !== undefined) await this.#lie(last);
    const used = new Set(blobs);
    await this.#disk.drop(upload.parts.map(({ blob }) => blob).filter((blob) => !used.has(blob)));
    this.bucket(bucket).uploads.delete(upload.id);
    const sum = createHash('md5');
    for (const { md5 } of blobs) sum.update(Buffer.from(md5, 'hex'));
    const bytes = blobs.reduce((total, blob) => total + blob.bytes, 0);
    const etag = `${sum.digest('hex')}-${blobs.length}`;
    return await this.#place(bucket, { key: upload.key, blobs, bytes, etag, at: this.#now() });
  }

  async abortUpload(bucket: string, upload: Upload): Promise<void> {
    this.bucket(bucket).uploads.delete(upload.id);
    await this.#disk.drop(upload.parts.map(({ blob }) => blob));
    await this.#disk.save();
  }

  configure(patch: StorageFaultsPatch): void {
    // What was not named stays; what is undefined was not named.
    const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    this.faults = { ...this.faults, ...given };
  }

  /** Counts a request, for whoever wants to know what was asked. */
  called(operation: string): void {
    this.#calls.set(operation, (this.#calls.get(operation) ?? 0) + 1);
  }

  view(): StorageView {
    const buckets = [...this.#disk.buckets.values()].map(({ name, objects, uploads }) => ({
      name,
      objects: [...objects.values()].map(({ key, bytes, etag }) => ({ key, bytes, etag })),
      uploads: [...uploads.values()].map(({ key, id, parts }) => ({ key, id, parts: parts.length })),
    }));
    return { faults: this.faults, buckets, calls: Object.fromEntries(this.#calls) };
  }

  async clear(): Promise<void> {
    this.faults = NO_STORAGE_FAULTS;
    this.#calls.clear();
    await this.#disk.clear();
  }

  async #take(body: Readable, sums: Sums): Promise<Blob> {
    const received = await this.#disk.receive(body);
    const wrong = wrongSum(received, sums);
    if (wrong === undefined) return { file: received.file, bytes: received.bytes, md5: received.md5 };
    await this.#disk.drop([received]);
    throw wrong;
  }

  async #lie(blob: Blob): Promise<void> {
    if (this.faults.lies !== 'no') await this.#disk.damage(blob, this.faults.lies);
  }

  async #place(bucket: string, object: StoredObject): Promise<StoredObject> {
    const { objects } = this.bucket(bucket);
    const before = objects.get(object.key);
    objects.set(object.key, object);
    await this.#disk.save();
    if (before !== undefined) await this.#disk.drop(before.blobs);
    return object;
  }
}

function wrongSum(received: Received, { sha256, md5 }: Sums): S3Error | undefined {
  if (sha256 !== undefined && sha256 !== received.sha256) {
    return new S3Error(
      'XAmzContentSHA256Mismatch',
      'The provided x-amz-content-sha256 does not match what was computed.',
    );
  }
  if (md5 !== undefined && md5 !== Buffer.from(received.md5, 'hex').toString('base64')) {
    return new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  return undefined;
}
