/** Brings a schema forward: numbered SQL files, each once, in order, in one transaction, never changed afterwards. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { Database, Queryable } from './database.ts';

/** One numbered SQL file. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, hex: an applied file must never change. */
  readonly checksum: string;
}

/** The newest version of a list; 0 for an empty one. */
export function latestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

/** Reads `NNNN_name.sql` files of one folder below `migrations`, in order. */
export function readMigrations(set: string): readonly Migration[] {
  const folder = join(import.meta.dirname, 'migrations', set);
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  return files.sort().map((file, index) => {
    const sql = readFileSync(join(folder, file), 'utf8');
    const version = Number(file.slice(0, 4));
    if (version !== index + 1) throw new Error(`migrations/${set}/${file}: expected number ${index + 1}`);
    return { version, name: file, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
}

/** What the comment of a schema says: which files made it what it is. It travels with every dump of the schema. */
const ledgerSchema = z.object({ set: z.string(), checksums: z.array(z.string()) });

/** How far into its checksum a file is remembered. */
const CHECKSUM_CHARACTERS = 16;

/**
 * Applies what is missing to one schema inside the caller's transaction; returns the number of files applied.
 * The ledger is the schema's comment, so that a tenant's schema holds the tenant's tables and nothing else.
 * Fails with `migration_changed` when an applied file is not the one at hand, and with `schema_newer` when the schema
 * is ahead of this version of Botpool.
 */
export async function migrateSchema(
  tx: Queryable,
  schema: string,
  set: string,
  migrations: readonly Migration[],
  role?: string,
): Promise<number> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', [`migrate ${schema}`]);
  const applied = await readLedger(tx, schema);
  checkApplied(schema, applied, migrations);
  const missing = migrations.slice(applied.length);
  if (missing.length === 0) return 0;
  await tx.query(`SET LOCAL search_path = ${quoteIdentifier(schema)}, public`);
  if (role !== undefined) await tx.query(`SET LOCAL ROLE ${quoteIdentifier(role)}`);
  for (const migration of missing) await tx.query(migration.sql);
  const ledger = { set, checksums: migrations.map((migration) => shortChecksum(migration)) };
  await tx.query(`COMMENT ON SCHEMA ${quoteIdentifier(schema)} IS '${JSON.stringify(ledger)}'`);
  if (role !== undefined) await tx.query('RESET ROLE');
  await tx.query('RESET search_path');
  return missing.length;
}

function shortChecksum(migration: Migration): string {
  return migration.checksum.slice(0, CHECKSUM_CHARACTERS);
}

async function readLedger(tx: Queryable, schema: string): Promise<readonly string[]> {
  const { rows } = await tx.query<{ ledger: string | null }>(
    "SELECT obj_description(oid, 'pg_namespace') AS ledger FROM pg_namespace WHERE nspname = $1",
    [schema],
  );
  const ledger = rows[0]?.ledger;
  return ledger === null || ledger === undefined ? [] : ledgerSchema.parse(JSON.parse(ledger)).checksums;
}

function checkApplied(schema: string, applied: readonly string[], known: readonly Migration[]): void {
  if (applied.length > known.length) {
    throw new BotpoolError('schema_newer', { schema, version: applied.length, known: latestVersion(known) });
  }
  const changed = known.find(
    (migration, index) => index < applied.length && applied[index] !== shortChecksum(migration),
  );
  if (changed !== undefined) throw new BotpoolError('migration_changed', { migration: changed.name, schema });
}

/** Makes the control schema, its extension and the tenants' common role, and brings it forward. Safe to repeat. */
export async function migrateControl(database: Database): Promise<number> {
  return await database.transaction(async (tx) => {
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('migrate control', 1))");
    await tx.query(`
      CREATE SCHEMA IF NOT EXISTS control;
      CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;
      DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'botpool_tenants') THEN
          CREATE ROLE botpool_tenants NOLOGIN;
        END IF;
        EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO botpool_tenants', current_database());
      END $$`);
    return await migrateSchema(tx, 'control', 'control', readMigrations('control'));
  });
}

/** Quotes a name for use in a statement. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
