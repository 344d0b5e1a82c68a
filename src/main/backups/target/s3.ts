/** A bucket of S3, or of anything that speaks its protocol, as a target of backups. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { backupIdSchema } from '#shared/schemas/backup.ts';
import { checkFolder, hashFile, MANIFEST, MANIFEST_SUM, type Manifest, readManifest } from '../manifest.ts';
import { downloadFile, hashStream } from './download.ts';
import { isMissing, targetError } from './errors.ts';
import type { Shipment, Target } from './target.ts';
import { type Place, uploadFile } from './upload.ts';

/** Where the bucket is, and who we are there. */
export interface S3Options {
  /** Such as `https://storage.example.org`; without one Amazon's own. */
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly bucket: string;
  /** Begins every key; ends with `/`, or is empty. */
  readonly prefix: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** The bucket stands in the path, not in the host's name. */
  readonly pathStyle: boolean;
  /** Other limits of time and numbers than the product's, for tests. */
  readonly limits?: { readonly attempts?: number; readonly requestMs?: number };
}

const CONNECT_MS = 5_000;
/** One request, which carries one part at most. */
const REQUEST_MS = 120_000;
const ATTEMPTS = 4;

/** Opens it; nothing is asked yet. */
export function openS3Target(options: S3Options): Target {
  const { bucket, prefix, limits } = options;
  const client = openClient(options);
  const name = `s3://${bucket}/${prefix}`.replace(/\/$/, '');
  const keyOf = (id: string, file: string): string => `${prefix}${id}/${file}`;
  const placeOf = (id: string, file: string): Place => ({ client, bucket, key: keyOf(id, file), target: name });
  const idleMs = limits?.requestMs ?? REQUEST_MS;

  const sizeOf = async ({ key }: Place, signal: AbortSignal): Promise<number | undefined> => {
    try {
      const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
      return head.ContentLength;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw targetError(name, error);
    }
  };

  const remove = async (key: string): Promise<void> => {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })).catch((error: unknown) => {
      throw targetError(name, error);
    });
  };

  const keysBelow = async (below: string): Promise<string[]> => {
    const keys: string[] = [];
    for (let token: string | undefined; ; ) {
      const more = token === undefined ? {} : { ContinuationToken: token };
      const page = await client
        .send(new ListObjectsV2Command({ Bucket: bucket, Prefix: below, ...more }))
        .catch((error: unknown) => {
          throw targetError(name, error);
        });
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
      token = page.NextContinuationToken;
      if (page.IsTruncated !== true || token === undefined) return keys;
    }
  };

  /** Brings one file there and reads it back. What is there already is not believed either. */
  const storeFile = async ({ manifest, folder, report, signal }: Shipment, file: StoredFile): Promise<void> => {
    const place = placeOf(manifest.id, file.name);
    for (;;) {
      const present = (await sizeOf(place, signal)) === file.bytes;
      if (!present) await uploadFile(place, { path: join(folder, file.name), bytes: file.bytes, report, signal });
      const sum = await client
        .send(new GetObjectCommand({ Bucket: bucket, Key: place.key }), { abortSignal: signal })
        .then(({ Body }) => hashStream(Body, { idleMs, signal, report }))
        .catch((error: unknown) => {
          if (isMissing(error)) return 'it is not there';
          throw targetError(name, error);
        });
      if (sum === file.sha256) return;
      await remove(place.key);
      const problem = sum === 'it is not there' ? sum : 'what it gives back is not what it was given';
      if (!present) throw new BotpoolError('target_damaged', { target: name, file: place.key, problem });
    }
  };

  return {
    name,
    async check(signal) {
      await client.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal: signal }).catch((error: unknown) => {
        throw targetError(name, error);
      });
    },
    async holds(manifest, signal) {
      for (const file of [...manifest.files, { name: MANIFEST, bytes: undefined }]) {
        const place = placeOf(manifest.id, file.name);
        const bytes = await sizeOf(place, signal);
        if (bytes !== undefined && (file.bytes === undefined || bytes === file.bytes)) continue;
        const problem = bytes === undefined ? 'it is not there' : `it has ${bytes} bytes instead of ${file.bytes}`;
        throw new BotpoolError('target_damaged', { target: name, file: place.key, problem });
      }
    },
    async store(shipment) {
      const { manifest, folder, report } = shipment;
      report({ phase: 'upload', bytes: 0 });
      // The manifest comes last: a backup without it is not whole, and nobody takes it for one.
      const papers = await Promise.all([MANIFEST_SUM, MANIFEST].map((paper) => paperOf(folder, paper)));
      for (const file of [...manifest.files, ...papers]) await storeFile(shipment, file);
    },
    async list() {
      const ids = (await keysBelow(prefix))
        .filter((key) => key.endsWith(`/${MANIFEST}`))
        .map((key) => key.slice(prefix.length, -MANIFEST.length - 1));
      return ids.filter((id) => backupIdSchema.safeParse(id).success).sort((a, b) => (a < b ? 1 : -1));
    },
    async fetch(id, folder, report, signal) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const download = (file: string, bytes?: number): Promise<void> =>
        downloadFile(placeOf(id, file), { path: join(folder, file), bytes, idleMs, report, signal });
      report({ phase: 'download', bytes: 0 });
      await download(MANIFEST);
      await download(MANIFEST_SUM);
      const manifest = await readManifest(folder);
      if (manifest.id !== id) {
        const facts = { target: name, file: keyOf(id, MANIFEST), problem: `it is of ${manifest.id}` };
        throw new BotpoolError('target_damaged', facts);
      }
      for (const file of manifest.files) await download(file.name, file.bytes);
      return await checkFolder(folder);
    },
    async remove(id) {
      // The manifest goes first: what is half removed is not whole.
      const keys = await keysBelow(`${prefix}${id}/`);
      const paper = keyOf(id, MANIFEST);
      for (const key of keys.toSorted((a, b) => Number(b === paper) - Number(a === paper))) await remove(key);
      await abortUploads(client, bucket, `${prefix}${id}/`);
    },
    close: () => client.destroy(),
  };
}

type StoredFile = Manifest['files'][number];

async function paperOf(folder: string, name: string): Promise<StoredFile> {
  let bytes = 0;
  const sha256 = await hashFile(join(folder, name), (more) => {
    bytes += more;
  });
  return { name, bytes, sha256 };
}

/** Uploads that were begun and never ended cost money, and are seen by nobody. */
async function abortUploads(client: S3Client, bucket: string, prefix: string): Promise<void> {
  try {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix }));
    for (const { Key, UploadId } of Uploads) {
      await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
    }
  } catch {
    // Not every storage can list them; those remove what is old by themselves.
  }
}

function openClient({ endpoint, region, accessKey, secretKey, pathStyle, limits }: S3Options): S3Client {
  return new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    forcePathStyle: pathStyle,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    maxAttempts: limits?.attempts ?? ATTEMPTS,
    // Newer sums are not understood by every storage; we compare what was stored ourselves.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: limits?.requestMs ?? REQUEST_MS,
      throwOnRequestTimeout: true,
    },
  });
}
