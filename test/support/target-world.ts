/** A folder that is a whole backup, and the simulated object storage that it is brought to. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest, writeManifest } from '#main/backups/manifest.ts';
import { openS3Target, type S3Options } from '#main/backups/target/s3.ts';
import type { Target } from '#main/backups/target/target.ts';
import { createSandboxClient, type SandboxStorage } from '#main/sandbox/sandbox-client.ts';
import { startSandbox } from '#sandbox/server.ts';
import { SANDBOX_STORAGE } from '#shared/schemas/sandbox-s3.ts';
import { makeRunFolder } from './run-folder.ts';

/** See the file's head. */
export interface TargetWorld {
  readonly folder: string;
  readonly storage: SandboxStorage;
  readonly options: S3Options;
  open(change?: Partial<S3Options>): Target;
  /** A backup of so many bytes, which nobody has restored. */
  backup(bytes: number): Promise<{ readonly folder: string; readonly manifest: Manifest }>;
  /** The keys of everything that lies in the bucket. */
  keys(): Promise<string[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** How the sandbox's storage is reached. Retries are few: tests wait for them. */
export function sandboxS3(endpoint: string): S3Options {
  const { bucket, region, accessKey, secretKey } = SANDBOX_STORAGE;
  return {
    endpoint,
    bucket,
    region,
    accessKey,
    secretKey,
    prefix: 'botpool/',
    pathStyle: true,
    limits: { attempts: 2 },
  };
}

/** Starts the sandbox. */
export async function openTargetWorld(): Promise<TargetWorld> {
  const folder = await makeRunFolder();
  const sandbox = await startSandbox();
  const { storage } = createSandboxClient(sandbox.url);
  const options = sandboxS3(sandbox.s3Endpoint);
  const opened: Target[] = [];
  return {
    folder,
    storage,
    options,
    open(change = {}) {
      const target = openS3Target({ ...options, ...change });
      opened.push(target);
      return target;
    },
    backup: (bytes) => makeBackup(folder, bytes),
    async keys() {
      const { buckets } = await storage.view();
      return buckets.flatMap(({ objects }) => objects.map(({ key }) => key)).sort();
    },
    async [Symbol.asyncDispose]() {
      for (const target of opened) target.close();
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Bytes by chance, with a manifest that tells their sum. */
export async function makeBackup(home: string, bytes: number): Promise<{ folder: string; manifest: Manifest }> {
  const id = `b20260131-020000-${randomBytes(3).toString('hex')}`;
  const folder = join(home, id);
  await mkdir(folder);
  const content = randomBytes(bytes);
  await writeFile(join(folder, 'database.dump'), content);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const manifest: Manifest = {
    ...{ format: 1, id, scope: 'all', takenAt: new Date(), postgres: '17', pgDump: '17', database: 'booking_saas' },
    ...{ recipients: [], schemas: [], extensions: [], roles: [], clients: [] },
    files: [{ name: 'database.dump', bytes, sha256 }],
  };
  await writeManifest(folder, manifest);
  return { folder, manifest };
}
