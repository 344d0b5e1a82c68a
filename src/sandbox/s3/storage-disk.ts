/** What the simulated object storage keeps: buckets, objects and unfinished uploads, their bytes in files of one folder. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { S3Error } from './s3-error.ts';

const blobSchema = z.object({ file: z.string(), bytes: z.number(), md5: z.string() });
const objectSchema = z.object({
  key: z.string(),
  blobs: z.array(blobSchema),
  bytes: z.number(),
  etag: z.string(),
  at: z.number(),
});
const uploadSchema = z.object({
  id: z.string(),
  key: z.string(),
  at: z.number(),
  parts: z.array(z.object({ number: z.number(), at: z.number(), blob: blobSchema })),
});
const indexSchema = z.object({
  buckets: z.array(z.object({ name: z.string(), objects: z.array(objectSchema), uploads: z.array(uploadSchema) })),
});

/** Bytes on the disk. */
export type Blob = z.infer<typeof blobSchema>;
/** A stored object. */
export type StoredObject = z.infer<typeof objectSchema>;
/** A multipart upload that was begun. */
export type Upload = z.infer<typeof uploadSchema>;

/** One bucket; the maps are keyed by the object's key and the upload's id. */
export interface Bucket {
  readonly name: string;
  readonly objects: Map<string, StoredObject>;
  readonly uploads: Map<string, Upload>;
}

/** What came in, with the sums that were asked for along the way. */
export interface Received extends Blob {
  readonly sha256: string;
}

/** The storage of one sandbox. */
export class StorageDisk {
  readonly buckets = new Map<string, Bucket>();
  readonly #folder: string;
  #saving: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Loads what an earlier life has kept. */
  async start(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const text = await readFile(this.#indexFile(), 'utf8').catch(() => undefined);
    if (text === undefined) return;
    for (const { name, objects, uploads } of indexSchema.parse(JSON.parse(text)).buckets) {
      const bucket = this.addBucket(name);
      for (const object of objects) bucket.objects.set(object.key, object);
      for (const upload of uploads) bucket.uploads.set(upload.id, upload);
    }
  }

  /** Fails with `NoSuchBucket`. */
  bucket(name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (bucket === undefined) throw new S3Error('NoSuchBucket', 'The specified bucket does not exist.');
    return bucket;
  }

  addBucket(name: string): Bucket {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
      throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.');
    }
    if (this.buckets.has(name)) throw new S3Error('BucketAlreadyOwnedByYou', 'The bucket exists and is yours.');
    const bucket = { name, objects: new Map(), uploads: new Map() };
    this.buckets.set(name, bucket);
    return bucket;
  }

  /** Writes a body to the disk; memory does not grow with it. */
  async receive(body: Readable): Promise<Received> {
    const file = randomUUID();
    const [md5, sha256] = [createHash('md5'), createHash('sha256')];
    let bytes = 0;
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        md5.update(chunk);
        sha256.update(chunk);
        bytes += chunk.length;
        done(null, chunk);
      },
    });
    try {
      await pipeline(body, count, createWriteStream(this.#pathOf(file), { mode: 0o600 }));
    } catch (error) {
      await rm(this.#pathOf(file), { force: true });
      throw error;
    }
    return { file, bytes, md5: md5.digest('hex'), sha256: sha256.digest('hex') };
  }

  /** The bytes of an object as they lie on the disk, which may be fewer than it should have. */
  async read(object: StoredObject): Promise<{ bytes: number; stream(from: number, to: number): Readable }> {
    const sizes: number[] = [];
    for (const { file } of object.blobs) {
      const there = await stat(this.#pathOf(file)).catch(() => undefined);
      if (there === undefined) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
      sizes.push(there.size);
    }
    const paths = object.blobs.map(({ file }) => this.#pathOf(file));
    return {
      bytes: sizes.reduce((sum, size) => sum + size, 0),
      stream: (from, to) => Readable.from(slices(paths, sizes, from, to), { objectMode: false }),
    };
  }

  async drop(blobs: readonly Blob[]): Promise<void> {
    for (const { file } of blobs) await rm(this.#pathOf(file), { force: true });
  }

  /** Damages what lies on the disk; what is told of it stays. */
  async damage(blob: Blob, how: 'forgets' | 'cuts' | 'flips'): Promise<void> {
    const path = this.#pathOf(blob.file);
    if (how === 'forgets' || blob.bytes === 0) return await rm(path, { force: true });
    if (how === 'cuts') return await truncate(path, blob.bytes - 1);
    await using file = await open(path, 'r+');
    const place = Math.floor(blob.bytes / 2);
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, place);
    await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, place);
  }

  /** Brings the index to the disk, one after the other. */
  async save(): Promise<void> {
    const saved = this.#saving.then(() => this.#write());
    this.#saving = saved.catch(() => undefined);
    await saved;
  }

  async #write(): Promise<void> {
    const buckets = [...this.buckets.values()].map(({ name, objects, uploads }) => ({
      name,
      objects: [...objects.values()],
      uploads: [...uploads.values()],
    }));
    const temporary = `${this.#indexFile()}.new`;
    await writeFile(temporary, JSON.stringify({ buckets }), { mode: 0o600 });
    await rename(temporary, this.#indexFile());
  }

  async clear(): Promise<void> {
    for (const { objects, uploads } of this.buckets.values()) {
      for (const { blobs } of objects.values()) await this.drop(blobs);
      for (const { parts } of uploads.values()) await this.drop(parts.map(({ blob }) => blob));
    }
    this.buckets.clear();
    await this.save();
  }

  #indexFile(): string {
    return join(this.#folder, 'index.json');
  }

  #pathOf(file: string): string {
    return join(this.#folder, file);
  }
}

/** The bytes `from`..`to`, both included, of files that stand one after the other. */
async function* slices(
  paths: readonly string[],
  sizes: readonly number[],
  from: number,
  to: number,
): AsyncGenerator<Buffer> {
  let start = 0;
  for (const [place, path] of paths.entries()) {
    const size = sizes[place] ?? 0;
    const [first, last] = [Math.max(0, from - start), Math.min(size - 1, to - start)];
    start += size;
    if (first > last) continue;
    for await (const chunk of createReadStream(path, { start: first, end: last })) yield chunk as Buffer;
  }
}
