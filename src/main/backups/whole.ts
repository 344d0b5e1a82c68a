/** Everything put back at once, onto an installation that stands still or onto an empty machine. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { quoteIdentifier } from '#core/postgres/migrate.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { type BackupContext, openWide, type Report } from './context.ts';
import { factsOf, SECRETS } from './create.ts';
import { decrypted } from './encryption.ts';
import { checkFolder, type Manifest } from './manifest.ts';
import { countDatabase } from './snapshot.ts';
import { setPlace, setStored } from './store.ts';
import { compareCounts, restoreInto } from './trial.ts';

/** What a restore of everything works with. */
export interface WholeRestore extends Pick<BackupContext, 'server' | 'exec' | 'logger' | 'limits' | 'newSuffix'> {
  /** The folder of the backup. */
  readonly folder: string;
  /** Private keys for an encrypted one. */
  readonly identities: readonly string[];
  readonly report: Report;
}

/** What was done. `before`: the database that it has replaced, which stays until somebody drops it. */
export interface WholeRestored {
  readonly manifest: Manifest;
  readonly before: string | undefined;
}

/**
 * Restores into a new database, counts it, and gives it the installation's name in one transaction. Whatever fails before
 * leaves everything as it is.
 */
export async function restoreWhole(options: WholeRestore): Promise<WholeRestored> {
  const { server, folder, newSuffix, report, identities } = options;
  const manifest = await checkFolder(folder);
  if (manifest.scope !== 'all')
    throw new BotpoolError('backup_incomplete', { what: `everything but ${manifest.scope}` });
  const incoming = `botpool_incoming_${newSuffix()}`;
  const wide = openWide(options, 1, 'postgres');
  try {
    await createRoles(wide, manifest);
    await wide.query(`CREATE DATABASE ${quoteIdentifier(incoming)} TEMPLATE template0`);
    report({ phase: 'restore', bytes: 0 });
    const [file] = manifest.files;
    const stored = createReadStream(join(folder, file?.name ?? ''), { highWaterMark: 256 * 1024 });
    const source = manifest.recipients.length === 0 ? stored : await decrypted(stored, identities);
    await restoreInto(options, source, { database: incoming, report });
    const database = openWide(options, 1, incoming);
    try {
      compareCounts(manifest.schemas, await countDatabase(database));
      await knowItself(database, manifest);
    } finally {
      await database.close();
    }
    return { manifest, before: await swap(options, incoming, server.database) };
  } finally {
    await wide.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(incoming)} WITH (FORCE)`).finally(() => wide.close());
  }
}

type Wide = ReturnType<typeof openWide>;

/** Without passwords: service bots and bots of clients get theirs when they are started. */
async function createRoles(wide: Wide, manifest: Manifest): Promise<void> {
  await wide.transaction(async (tx) => {
    const { rows } = await tx.query<{ name: string }>('SELECT rolname::text AS name FROM pg_roles');
    const known = new Set(rows.map(({ name }) => name));
    const missing = manifest.roles.filter(({ name }) => !known.has(name));
    for (const { name, login } of missing) {
      await tx.query(
        `CREATE ROLE ${quoteIdentifier(name)} ${login ? 'LOGIN' : 'NOLOGIN'} NOSUPERUSER NOCREATEDB NOCREATEROLE`,
      );
    }
    for (const { name, memberOf } of missing) {
      for (const group of memberOf) await tx.query(`GRANT ${quoteIdentifier(group)} TO ${quoteIdentifier(name)}`);
    }
  });
}

/**
 * The register in a dump knows of its own backup only that it was being made. It is whole: it has just been restored. Where
 * it lies the next start finds out.
 */
async function knowItself(database: Wide, manifest: Manifest): Promise<void> {
  const { rows } = await database.query(
    `SELECT FROM information_schema.columns
     WHERE table_schema = 'control' AND table_name = 'backups' AND column_name = 'place'`,
  );
  // An older version has made it: its register is brought forward at the next start.
  if (rows.length === 0) return;
  await setPlace(database, manifest.id, 'elsewhere');
  await setStored(database, manifest.id, factsOf(manifest));
}

async function swap(options: WholeRestore, incoming: string, name: string): Promise<string | undefined> {
  const wide = openWide(options, 1, 'postgres');
  const before = `${name}_before_${options.newSuffix()}`;
  try {
    const { rows } = await wide.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    await wide.transaction(async (tx) => {
      await tx.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY($1) AND pid <> pg_backend_pid()',
        [[name, incoming]],
      );
      if (rows.length > 0)
        await tx.query(`ALTER DATABASE ${quoteIdentifier(name)} RENAME TO ${quoteIdentifier(before)}`);
      await tx.query(`ALTER DATABASE ${quoteIdentifier(incoming)} RENAME TO ${quoteIdentifier(name)}`);
    });
    return rows.length > 0 ? before : undefined;
  } finally {
    await wide.close();
  }
}

/** The secret files that an encrypted backup brings with it, by their paths below the home. None in one that is not. */
export async function readSecrets(
  folder: string,
  manifest: Manifest,
  identities: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  if (!manifest.files.some(({ name }) => name === SECRETS)) return {};
  let text = '';
  const stream = await decrypted(createReadStream(join(folder, SECRETS)), identities);
  for await (const chunk of stream) text += Buffer.from(chunk as Uint8Array).toString('utf8');
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null) return {};
  return Object.fromEntries(Object.entries(parsed).map(([path, content]) => [path, String(content)]));
}
