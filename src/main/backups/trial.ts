/** A backup restored into a database of its own: to prove it, to look into it, or to take parts of it. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Database } from '#core/postgres/database.ts';
import { quoteIdentifier } from '#core/postgres/migrate.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { type BackupContext, openWide, type Report } from './context.ts';
import { decrypted, readIdentities } from './encryption.ts';
import type { Manifest } from './manifest.ts';
import { dropRestorer, makeRestorer, ownPrefix, type Restorer } from './restorer.ts';
import { countDatabase } from './snapshot.ts';
import { runTool } from './tools.ts';

/** Which backup, and how much of it. */
export interface TrialWish {
  readonly manifest: Manifest;
  readonly folder: string;
  /** One schema only. */
  readonly schema?: string;
  readonly report: Report;
  readonly signal?: AbortSignal | undefined;
}

/** The dump of a backup, in the clear. Fails with `backup_key_missing`. */
export async function readDump(context: BackupContext, manifest: Manifest, folder: string): Promise<Readable> {
  const [file] = manifest.files;
  const source = createReadStream(join(folder, file?.name ?? ''), { highWaterMark: 256 * 1024 });
  if (manifest.recipients.length === 0) return source;
  return await decrypted(source, await readIdentities(context.encryption.keyFile));
}

/** A backup restored on trial, until `work` has ended. `database`: opened as an administrator. */
export interface Trial {
  readonly name: string;
  readonly database: Database;
  /** Who owns everything in it. */
  readonly restorer: Restorer;
}

/** Restores into a new database, hands it to `work`, and drops it whatever happens. */
export async function onTrial<T>(
  context: BackupContext,
  wish: TrialWish,
  work: (trial: Trial) => Promise<T>,
): Promise<T> {
  const restorer = await makeRestorer(context);
  const name = `${ownPrefix('trial', context.server.database)}${context.newSuffix()}`;
  const server = openWide(context, 1);
  try {
    const owner = quoteIdentifier(restorer.name);
    await server.query(`CREATE DATABASE ${quoteIdentifier(name)} OWNER ${owner} TEMPLATE template0`);
    await server.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${quoteIdentifier(name)} FROM PUBLIC`);
    const database = openWide(context, 2, name);
    try {
      await load(context, wish, { name, database, restorer });
      return await work({ name, database, restorer });
    } finally {
      await database.close();
    }
  } finally {
    try {
      await server.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
      await dropRestorer(server, restorer);
    } finally {
      await server.close();
    }
  }
}

async function load(
  context: BackupContext,
  { manifest, folder, schema, report, signal }: TrialWish,
  { name, database, restorer }: Trial,
): Promise<void> {
  // A dump of one schema does not bring the extensions that its indexes need, and some are an administrator's to make.
  for (const extension of manifest.extensions) {
    await database.query(`CREATE EXTENSION IF NOT EXISTS ${quoteIdentifier(extension)} SCHEMA public`);
  }
  if (schema !== undefined && manifest.scope === 'all')
    await database.query(`CREATE SCHEMA ${quoteIdentifier(schema)} AUTHORIZATION ${quoteIdentifier(restorer.name)}`);
  await restoreInto(context, await readDump(context, manifest, folder), {
    database: name,
    schema: manifest.scope === 'all' ? schema : undefined,
    noComments: manifest.scope === 'all' && schema === undefined,
    restorer,
    report,
    signal,
  });
}

/**
 * Thousands of small commits, none of which has to be on the disk by itself: nobody uses what is being restored before the
 * transaction that puts it into its place, and that one waits until all that came before it is on the disk, too
 * (https://www.postgresql.org/docs/current/wal-async-commit.html).
 */
const LAZY = { PGOPTIONS: '-c synchronous_commit=off' };

/** Streams a dump into a database. */
export async function restoreInto(
  context: Pick<BackupContext, 'exec' | 'limits'>,
  source: Readable,
  target: {
    readonly database: string;
    readonly schema?: string | undefined;
    /** Without what is said of things: that of an extension is its owner's to say. */
    readonly noComments?: boolean;
    /** Who restores. Without one an administrator does, and owners and rights come as they were. */
    readonly restorer?: Restorer;
    readonly report: Report;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<void> {
  let bytes = 0;
  source.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    target.report({ bytes });
  });
  source.pause();
  await runTool(context.exec, {
    command: [
      ...['pg_restore', '--no-password', '--exit-on-error', `--dbname=${target.database}`],
      ...(target.restorer === undefined ? [] : ['--no-owner', '--no-privileges']),
      ...(target.noComments === true ? ['--no-comments'] : []),
      ...(target.schema === undefined ? [] : [`--schema=${target.schema}`]),
    ],
    env: { ...target.restorer?.env, ...LAZY },
    input: source,
    limitMs: context.limits.toolMs,
    signal: target.signal,
  });
}

/** Restores it and holds every table's rows to the manifest. Fails with the code of what is wrong. */
export async function proveBackup(context: BackupContext, wish: TrialWish): Promise<void> {
  wish.report({ phase: 'restore', bytes: 0, tables: 0 });
  await onTrial(context, wish, async ({ database }) =>
    compareCounts(wish.manifest.schemas, await countDatabase(database)),
  );
}

/** Pure: fails with `backup_counts` at the first table that differs. */
export function compareCounts(expected: Manifest['schemas'], found: Manifest['schemas']): void {
  const flat = (schemas: Manifest['schemas']): Map<string, number> =>
    new Map(schemas.flatMap(({ name, tables }) => tables.map((each) => [`${name}.${each.name}`, each.rows] as const)));
  const [before, after] = [flat(expected), flat(found)];
  for (const [table, rows] of before) {
    const now = after.get(table);
    if (now !== rows) throw new BotpoolError('backup_counts', { table, expected: rows, found: now ?? 'none' });
  }
  for (const [table, rows] of after) {
    if (!before.has(table)) throw new BotpoolError('backup_counts', { table, expected: 'none', found: rows });
  }
}
