/** Makes one backup: dump, counts and manifest of one snapshot, written under a temporary name and renamed when whole. */
import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { syncFolder } from '#main/stack/secret-file.ts';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import { type BackupContext, openWide, type Report } from './context.ts';
import { encrypted, recipientsOf } from './encryption.ts';
import { MANIFEST, MANIFEST_SUM, type Manifest, rowsOf, writeManifest } from './manifest.ts';
import { giveToOwner } from './place.ts';
import { countSnapshot, describe, inSnapshot, listTables } from './snapshot.ts';
import type { StoredFacts } from './store.ts';
import { isNoSpace, runTool } from './tools.ts';

/** What is to be made. */
export interface BackupWish {
  readonly id: string;
  readonly scope: string;
}

/** Begins the names of folders that are not whole yet. */
export const PART = '.part-';
const MOST_TRIES = 3;

/** The installation's keys and settings; only where they can be encrypted. */
export const SECRETS = 'secrets.json.age';

/** Where the dump lies in its folder. */
export function dumpName(isEncrypted: boolean): string {
  return isEncrypted ? 'database.dump.age' : 'database.dump';
}

/** Makes it; the folder is whole and on the disk when it resolves. What was begun is removed when it fails. */
export async function writeBackup(
  context: BackupContext,
  wish: BackupWish,
  report: Report,
  signal?: AbortSignal,
): Promise<StoredFacts> {
  await mkdir(context.folder, { recursive: true, mode: 0o700 });
  await checkRoom(context);
  const part = join(context.folder, `${PART}${wish.id}`);
  try {
    for (let attempt = 1; ; attempt += 1) {
      await rm(part, { recursive: true, force: true });
      await mkdir(part, { mode: 0o700 });
      try {
        const manifest = await dumpInto(context, wish, part, report, signal);
        await writeManifest(part, manifest);
        const names = [...manifest.files.map((file) => file.name), MANIFEST, MANIFEST_SUM];
        await giveToOwner(context.folder, [part, ...names.map((each) => join(part, each))]);
        await syncFolder(part);
        await rename(part, join(context.folder, wish.id));
        await syncFolder(context.folder);
        return factsOf(manifest);
      } catch (error) {
        if (attempt === MOST_TRIES || !isRenamedMeanwhile(error)) throw error;
        context.logger.info({ err: error, backup: wish.id }, 'a table got another name while it was dumped; once more');
      }
    }
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw isNoSpace(error) ? new BotpoolError('disk_full', { what: 'backups' }, { cause: error }) : error;
  }
}

async function checkRoom({ folder, limits }: BackupContext): Promise<void> {
  const free = await freeBytes(folder);
  if (free < limits.leastFree) {
    throw new BotpoolError('disk_full', { what: `backups (${Math.round(free / 1_048_576)} MiB free)` });
  }
}

/** What is left of the disk. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** A spare schema becomes a client's between the snapshot and the dump's lock: the dump does not find it any more. */
function isRenamedMeanwhile(error: unknown): boolean {
  if (!isBotpoolError(error) || !['backup_tool_failed', 'backup_incomplete'].includes(error.code)) return false;
  return /relation ".*" does not exist|schema "spare/.test(JSON.stringify(error.data).replaceAll('\\"', '"'));
}

async function dumpInto(
  context: BackupContext,
  wish: BackupWish,
  part: string,
  report: Report,
  signal: AbortSignal | undefined,
): Promise<Manifest> {
  const { scope } = wish;
  const recipients = await recipientsOf(context.encryption);
  const name = dumpName(recipients.length > 0);
  const pgDump = await versionOf(context, 'pg_dump');
  const database = openWide(context, 3);
  try {
    return await inSnapshot(database, async (tx, snapshot) => {
      const takenAt = new Date(context.now());
      const [described, tables] = [
        await describe(tx, scope),
        await listTables(tx, scope === 'all' ? undefined : scope),
      ];
      if (tables.size === 0) throw new BotpoolError('backup_incomplete', { what: `schema "${scope}"` });
      const total = [...tables.values()].reduce((sum, names) => sum + names.length, 0);
      report({ phase: 'dump', tablesTotal: total });
      const over = new AbortController();
      let counted = 0;
      const counting = countSnapshot(database, snapshot, tables, {
        signal: over.signal,
        counted: (more) => {
          counted += more;
          report({ tables: counted });
        },
      });
      const dumping = dumpFile(context, { scope, snapshot, path: join(part, name), recipients, signal }, report);
      dumping.catch(() => over.abort());
      const [file, schemas] = await bothOf(dumping, counting);
      const secrets = recipients.length === 0 ? [] : [await writeSecrets(context, join(part, SECRETS), recipients)];
      const files = [{ name, ...file }, ...secrets];
      return {
        format: 1,
        id: wish.id,
        scope,
        takenAt,
        pgDump,
        database: context.server.database,
        ...described,
        recipients: [...recipients],
        files,
        schemas,
      };
    });
  } finally {
    await database.close();
  }
}

/** Neither is left alone: a connection must not be closed under the one when the other fails. */
async function bothOf<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === 'rejected') throw a.reason;
  if (b.status === 'rejected') throw b.reason;
  return [a.value, b.value];
}

async function writeSecrets(
  context: BackupContext,
  path: string,
  recipients: readonly string[],
): Promise<Manifest['files'][number]> {
  const text = JSON.stringify(await context.secrets());
  const hash = createHash('sha256');
  let bytes = 0;
  await using file = await open(path, 'wx', 0o600);
  for await (const chunk of await encrypted(Readable.from([Buffer.from(text)]), recipients)) {
    hash.update(chunk);
    await writeWhole(file, chunk);
    bytes += chunk.length;
  }
  await file.sync();
  return { name: SECRETS, bytes, sha256: hash.digest('hex') };
}

async function versionOf(context: BackupContext, tool: string): Promise<string> {
  let text = '';
  await runTool(context.exec, {
    command: [tool, '--version'],
    limitMs: 30_000,
    output: async (stdout) => {
      for await (const chunk of stdout) text += String(chunk);
    },
  });
  return text.trim();
}

interface Dump {
  readonly scope: string;
  readonly snapshot: string;
  readonly path: string;
  readonly recipients: readonly string[];
  readonly signal: AbortSignal | undefined;
}

async function dumpFile(
  context: BackupContext,
  { scope, snapshot, path, recipients, signal }: Dump,
  report: Report,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const part = scope === 'all' ? [] : [`--schema=${scope}`, '--strict-names'];
  const hash = createHash('sha256');
  let bytes = 0;
  await runTool(context.exec, {
    command: [
      ...['pg_dump', '--format=custom', '--no-password', `--dbname=${context.server.database}`],
      ...[`--snapshot=${snapshot}`, '--lock-wait-timeout=60000', ...part],
    ],
    limitMs: context.limits.toolMs,
    signal,
    output: async (stdout) => {
      await using file = await open(path, 'wx', 0o600);
      for await (const chunk of await encrypted(stdout, recipients)) {
        hash.update(chunk);
        await writeWhole(file, chunk);
        bytes += chunk.length;
        report({ bytes });
      }
      await file.sync();
    },
  });
  if (bytes === 0)
    throw new BotpoolError('backup_damaged', { file: dumpName(recipients.length > 0), problem: 'it is empty' });
  return { bytes, sha256: hash.digest('hex') };
}

async function writeWhole(file: Awaited<ReturnType<typeof open>>, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    written += (await file.write(chunk, written)).bytesWritten;
  }
}

/** What the register keeps of a manifest. */
export function factsOf(manifest: Manifest): StoredFacts {
  return {
    bytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0),
    schemas: manifest.schemas.length,
    tables: manifest.schemas.reduce((sum, { tables }) => sum + tables.length, 0),
    rows: rowsOf(manifest),
  };
}
