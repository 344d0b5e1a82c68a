/** One client put back, copied, compared or read out of a backup; all the others go on as if nothing happened. */
import type { Queryable } from '#core/postgres/database.ts';
import { quoteIdentifier } from '#core/postgres/migrate.ts';
import { getTenant, writeAudit } from '#core/tenants/tenants.ts';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import type { RestoreDifference } from '#shared/schemas/backup.ts';
import { type BackupContext, openWide, type Report } from './context.ts';
import type { Manifest } from './manifest.ts';
import { letMakeSchema, type Restorer } from './restorer.ts';
import { countSchema, listTables } from './snapshot.ts';
import { runTool } from './tools.ts';
import { onTrial, restoreInto } from './trial.ts';

/** Begins the names of schemas that are on their way in or out. */
export const INCOMING = 'botpool_in_';

/** Which client of which backup. */
export interface RestoreWish {
  readonly manifest: Manifest;
  readonly folder: string;
  readonly clientId: string;
  readonly report: Report;
  readonly actor: string;
}

/** The client in the backup. Fails with `backup_incomplete`. */
export function clientIn(manifest: Manifest, clientId: string): Manifest['clients'][number] {
  const client = manifest.clients.find((each) => each.clientId === clientId);
  if (client === undefined) throw new BotpoolError('backup_incomplete', { what: clientId });
  return client;
}

/** What a restore of this client would change, table by table; with `all` also those with as many rows on both sides. */
export async function previewRestore(
  db: Queryable,
  manifest: Manifest,
  clientId: string,
  all: boolean,
): Promise<RestoreDifference[]> {
  clientIn(manifest, clientId);
  const names = (await listTables(db, clientId)).get(clientId) ?? [];
  const now = new Map(
    (names.length === 0 ? [] : await countSchema(db, clientId, names)).map(({ name, rows }) => [name, rows]),
  );
  const then = new Map(
    manifest.schemas.find(({ name }) => name === clientId)?.tables.map(({ name, rows }) => [name, rows]) ?? [],
  );
  const tables = [...new Set([...now.keys(), ...then.keys()])].sort();
  return tables
    .map((table) => ({ schema: clientId, table, now: now.get(table) ?? null, backup: then.get(table) ?? null }))
    .filter((row) => all || row.now !== row.backup);
}

/**
 * Puts a client back as it was: its bot is drained, the schema comes in under another name and takes the place of the old
 * one in one transaction, and the bot resumes. Whatever fails before that transaction leaves the old data as it is.
 */
export async function restoreInPlace(context: BackupContext, wish: RestoreWish): Promise<number> {
  const { clientId, manifest, actor } = wish;
  const client = clientIn(manifest, clientId);
  const tenant = await getTenant(context.database, clientId);
  if (tenant.state === 'deleted') throw new BotpoolError('client_not_active', { clientId, state: 'deleted' });
  return await bringIn(context, wish, async (incoming, rows) => {
    const resume = tenant.state === 'active' ? tenant : undefined;
    if (resume !== undefined) {
      await writeResume(context, clientId, actor);
      await context.pool.deactivateBot(clientId, { actor, reason: 'restore' });
    }
    try {
      await context.database.transaction(async (tx) => {
        await tx.query('SELECT FROM control.tenants WHERE client_id = $1 FOR UPDATE', [clientId]);
        await tx.query('SELECT control.drop_logins($1, NULL)', [clientId]);
        await swapIn(tx, incoming, clientId, client);
        await writeAudit(tx, actor, 'tenant.restore', clientId, null, { backup: manifest.id, rows });
      });
    } finally {
      if (resume !== undefined) await resumeClient(context, clientId, actor);
    }
    return rows;
  });
}

/** Remembers that this client is to get its bot again, whoever does it. */
async function writeResume({ database }: BackupContext, clientId: string, actor: string): Promise<void> {
  await database.query('INSERT INTO control.restores (client_id, actor) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    clientId,
    actor,
  ]);
}

/** Gives clients their bots again whose restore has died in between. Their data is whole, old or new. */
export async function resumeLeft(context: BackupContext): Promise<void> {
  // Who was not drained yet, or has been seen to by somebody meanwhile, needs nothing.
  await context.database.query(
    `DELETE FROM control.restores r USING control.tenants t WHERE t.client_id = r.client_id AND t.state <> 'suspended'`,
  );
  const { rows } = await context.database.query<{ client_id: string; actor: string }>(
    'SELECT client_id, actor FROM control.restores ORDER BY begun_at',
  );
  for (const { client_id: clientId, actor } of rows) {
    await resumeClient(context, clientId, actor).catch((error: unknown) => {
      context.logger.error({ err: error, client_id: clientId }, 'a client did not resume after its restore has died');
    });
  }
}

/** Makes another client of what the backup knows; it is suspended and has no token yet. */
export async function restoreAs(context: BackupContext, wish: RestoreWish, as: string): Promise<number> {
  const { manifest, actor } = wish;
  const client = clientIn(manifest, wish.clientId);
  return await bringIn(context, wish, async (incoming, rows) => {
    await context.database.transaction(async (tx) => {
      const { rowCount } = await tx.query(
        `INSERT INTO control.tenants (client_id, company, kind, locale, time_zone, owner_id, state, first_active_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'suspended', clock_timestamp()) ON CONFLICT (client_id) DO NOTHING`,
        [as, client.company, client.kind, client.locale, client.timeZone, client.ownerId],
      );
      if (rowCount === 0) throw new BotpoolError('restore_taken', { clientId: as });
      await swapIn(tx, incoming, as, client);
      await writeAudit(tx, actor, 'tenant.clone', as, null, { backup: manifest.id, of: wish.clientId, rows });
    });
    return rows;
  });
}

/** One table as CSV with a line of names. Fails with `backup_incomplete`. */
export async function readTable(context: BackupContext, wish: RestoreWish, table: string): Promise<string> {
  const { manifest, clientId } = wish;
  const known = manifest.schemas.find(({ name }) => name === clientId)?.tables.some(({ name }) => name === table);
  if (known !== true) throw new BotpoolError('backup_incomplete', { what: `${clientId}.${table}` });
  return await onTrial(context, { ...wish, schema: clientId }, async ({ name, restorer }) => {
    let text = '';
    await runTool(context.exec, {
      command: [
        ...[
          'psql',
          '--no-psqlrc',
          '--no-password',
          '--quiet',
          '-v',
          'ON_ERROR_STOP=1',
          `--dbname=${name}`,
          '--command',
        ],
        `COPY ${quoteIdentifier(clientId)}.${quoteIdentifier(table)} TO STDOUT WITH (FORMAT csv, HEADER)`,
      ],
      env: restorer.env,
      limitMs: context.limits.toolMs,
      output: async (stdout) => {
        for await (const chunk of stdout.setEncoding('utf8')) {
          text += String(chunk);
          if (text.length > MOST_CSV) throw new BotpoolError('table_large', { table });
        }
      },
    });
    return text;
  });
}

const MOST_CSV = 20_000_000;

/** Brings a client's schema into the installation's database under a name of its own; it is gone when `work` fails. */
async function bringIn<T>(
  context: BackupContext,
  wish: RestoreWish,
  work: (incoming: string, rows: number) => Promise<T>,
): Promise<T> {
  const { clientId, manifest, report } = wish;
  const incoming = `${INCOMING}${context.newSuffix()}`;
  const wide = openWide(context, 1);
  try {
    report({ phase: 'restore', bytes: 0 });
    await onTrial(context, { ...wish, schema: clientId }, async ({ name, database, restorer }) => {
      await database.query(`ALTER SCHEMA ${quoteIdentifier(clientId)} RENAME TO ${quoteIdentifier(incoming)}`);
      await letMakeSchema(context, restorer);
      await carry(context, { from: name, schema: incoming, restorer }, report);
    });
    const names = (await listTables(wide, incoming)).get(incoming) ?? [];
    const counts = names.length === 0 ? [] : await countSchema(wide, incoming, names);
    compareTables(manifest, clientId, counts);
    return await work(
      incoming,
      counts.reduce((sum, { rows }) => sum + rows, 0),
    );
  } finally {
    await wide.query(`DROP SCHEMA IF EXISTS ${quoteIdentifier(incoming)} CASCADE`).finally(() => wide.close());
  }
}

function compareTables(
  manifest: Manifest,
  clientId: string,
  counts: readonly { readonly name: string; readonly rows: number }[],
): void {
  const expected = manifest.schemas.find(({ name }) => name === clientId)?.tables ?? [];
  const found = new Map(counts.map(({ name, rows }) => [name, rows]));
  for (const { name, rows } of expected) {
    const now = found.get(name);
    if (now !== rows)
      throw new BotpoolError('backup_counts', { table: `${clientId}.${name}`, expected: rows, found: now ?? 'none' });
  }
}

/** Dumps one schema of the trial's database straight into the installation's. */
async function carry(
  context: BackupContext,
  { from, schema, restorer }: { readonly from: string; readonly schema: string; readonly restorer: Restorer },
  report: Report,
): Promise<void> {
  const { limits, server, exec } = context;
  await runTool(exec, {
    command: ['pg_dump', '--format=custom', '--compress=0', '--no-password', `--dbname=${from}`, `--schema=${schema}`],
    env: restorer.env,
    limitMs: limits.toolMs,
    output: (stdout) => restoreInto(context, stdout, { database: server.database, restorer, report }),
  });
}

/** The old schema goes, the incoming one takes its name, its owner and its place in the ledger: all or nothing. */
async function swapIn(
  tx: Queryable,
  incoming: string,
  clientId: string,
  client: Manifest['clients'][number],
): Promise<void> {
  const name = quoteIdentifier(clientId);
  await tx.query(`DROP SCHEMA IF EXISTS ${name} CASCADE`);
  const { rows } = await tx.query('SELECT FROM pg_roles WHERE rolname = $1', [clientId]);
  if (rows.length === 0) {
    await tx.query(`CREATE ROLE ${name} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE IN ROLE botpool_tenants`);
  }
  await tx.query(`ALTER SCHEMA ${quoteIdentifier(incoming)} RENAME TO ${name}`);
  await giveAll(tx, clientId);
  await tx.query(
    `INSERT INTO control.schema_versions (schema, set, checksums) VALUES ($1, $2, $3)
     ON CONFLICT (schema) DO UPDATE SET set = $2, checksums = $3, attempt = NULL, pending = NULL, pending_xid = NULL`,
    [clientId, client.kind, client.ledger],
  );
}

/** Makes a client the owner of everything in its schema. */
async function giveAll(tx: Queryable, clientId: string): Promise<void> {
  const { rows } = await tx.query<{ statement: string }>(
    `SELECT format('ALTER %s %I.%I OWNER TO %I', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW'
         WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, n.nspname, c.relname, n.nspname) AS statement
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'S', 'v', 'm') AND NOT (c.relkind = 'S' AND EXISTS (
         SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')))
     UNION ALL
     SELECT format('ALTER ROUTINE %s OWNER TO %I', p.oid::regprocedure, n.nspname)
       FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = $1
     UNION ALL
     SELECT format('ALTER TYPE %I.%I OWNER TO %I', n.nspname, t.typname, n.nspname)
       FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
       WHERE n.nspname = $1 AND t.typtype IN ('e', 'd', 'r') AND t.typrelid = 0
     UNION ALL SELECT format('ALTER SCHEMA %I OWNER TO %I', $1::text, $1::text)`,
    [clientId],
  );
  for (const { statement } of rows) await tx.query(statement);
}

/** Gives a client its bot again. When none is free it waits in the queue, as any other client. */
async function resumeClient(context: BackupContext, clientId: string, actor: string): Promise<void> {
  try {
    await context.pool.resumeBot(clientId, actor);
  } catch (error) {
    // It is wanted active from now on: the queue and the keeper give it a bot.
    context.logger.warn({ err: error, client_id: clientId }, 'a restored client has no bot yet; it waits for one');
    if (!isBotpoolError(error)) throw error;
  }
  await forgetResume(context, clientId);
}

async function forgetResume({ database }: BackupContext, clientId: string): Promise<void> {
  await database.query('DELETE FROM control.restores WHERE client_id = $1', [clientId]);
}
