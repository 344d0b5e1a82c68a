/** The folder of one backup: what must be in it, how it is written whole, and how damage is found. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { BotpoolError } from '#shared/errors/botpool-error.ts';

const fileSchema = z.object({ name: z.string(), bytes: z.number(), sha256: z.string() });

/** What a backup says of itself. Row counts are those of the dump's own snapshot. */
export const manifestSchema = z.object({
  format: z.literal(1),
  id: z.string(),
  scope: z.string(),
  takenAt: z.coerce.date(),
  postgres: z.string(),
  pgDump: z.string(),
  database: z.string(),
  /** Public keys that it is encrypted to; none: it is not. */
  recipients: z.array(z.string()),
  files: z.array(fileSchema).min(1),
  schemas: z.array(z.object({ name: z.string(), tables: z.array(z.object({ name: z.string(), rows: z.number() })) })),
  extensions: z.array(z.string()),
  /** Without passwords: logins get new ones when their bots are given them. */
  roles: z.array(z.object({ name: z.string(), login: z.boolean(), memberOf: z.array(z.string()) })),
  clients: z.array(
    z.object({
      clientId: z.string(),
      company: z.string(),
      kind: z.string(),
      locale: z.string(),
      timeZone: z.string(),
      ownerId: z.number(),
      /** Which files its schema has had. */
      ledger: z.array(z.string()),
    }),
  ),
});

/** See {@link manifestSchema}. */
export type Manifest = z.output<typeof manifestSchema>;

/** The manifest's file, and the file of its checksum. */
export const MANIFEST = 'manifest.json';
export const MANIFEST_SUM = 'manifest.json.sha256';

/** Writes the manifest with its checksum; both are on the disk when it resolves. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const text = `${JSON.stringify(manifest, undefined, 1)}\n`;
  await writeSynced(join(folder, MANIFEST), text);
  await writeSynced(join(folder, MANIFEST_SUM), `${sha256(text)}\n`);
}

async function writeSynced(path: string, text: string): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(text);
  await file.sync();
}

/** Reads the manifest. Fails with `backup_damaged`. */
export async function readManifest(folder: string): Promise<Manifest> {
  const [text, sum] = await Promise.all([readWhole(folder, MANIFEST), readWhole(folder, MANIFEST_SUM)]);
  if (`${sha256(text)}\n` !== sum.toString()) throw damaged(MANIFEST, 'its checksum differs');
  const parsed = manifestSchema.safeParse(parseJson(text.toString()));
  if (!parsed.success) throw damaged(MANIFEST, 'it is not understood');
  return parsed.data;
}

/**
 * Holds every byte of the folder to its checksum. Fails with `backup_damaged`, which names the file.
 * @param read told how many bytes have been read
 */
export async function checkFolder(folder: string, read: (bytes: number) => void = () => undefined): Promise<Manifest> {
  const manifest = await readManifest(folder);
  const expected = new Set([MANIFEST, MANIFEST_SUM, ...manifest.files.map(({ name }) => name)]);
  const found = await readdir(folder);
  const stranger = found.find((name) => !expected.has(name));
  if (stranger !== undefined) throw damaged(stranger, 'it does not belong there');
  for (const file of manifest.files) {
    const path = join(folder, file.name);
    const size = await stat(path).catch(() => undefined);
    if (size === undefined) throw damaged(file.name, 'it is missing');
    if (size.size !== file.bytes) throw damaged(file.name, `it has ${size.size} bytes instead of ${file.bytes}`);
    if ((await hashFile(path, read)) !== file.sha256) throw damaged(file.name, 'its checksum differs');
  }
  return manifest;
}

/** The SHA-256 of a file, hex. Memory does not grow with its size. */
export async function hashFile(path: string, read: (bytes: number) => void = () => undefined): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    hash.update(chunk);
    read(chunk.length);
  }
  return hash.digest('hex');
}

/** How many rows a schema has, by the manifest; all of them without a name. */
export function rowsOf(manifest: Manifest, schema?: string): number {
  return manifest.schemas
    .filter(({ name }) => schema === undefined || name === schema)
    .flatMap(({ tables }) => tables)
    .reduce((sum, { rows }) => sum + rows, 0);
}

async function readWhole(folder: string, name: string): Promise<Buffer> {
  return await readFile(join(folder, name)).catch(() => {
    throw damaged(name, 'it cannot be read');
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

function damaged(file: string, problem: string): BotpoolError {
  return new BotpoolError('backup_damaged', { file, problem });
}
