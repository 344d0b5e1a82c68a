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

/** How far into its checksum a file is remembered. */
const CHECKSUM_CHARACTERS = 16;

/** What the ledger says of a schema that has had exactly these files. */
export function ledgerOf(migrations: readonly Migration[]): readonly string[] {
  return migrations.map(({ checksum }) => checksum.slice(0, CHECKSUM_CHARACTERS));
}

/**
 * Applies what is missing to one schema inside the caller's transaction; returns the number of files applied.
 * Only for schemas in which nobody but Botpool has worked: what others have put there would run in this session.
 * Fails as {@link missingMigrations} does.
 * @param role who shall own what the files make; by default the session's user
 */
export async function migrateSchema(
  tx: Queryable,
  schema: string,
  set: string,
  migrations: readonly Migration[],
  role?: string,
): Promise<number> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', [`migrate ${schema}`]);
  const missing = await missingMigrations(tx, schema, migrations);
  if (missing.length === 0) return 0;
  if (role !== undefined) await tx.query(`SET LOCAL ROLE ${quoteIdentifier(role)}`);
  await applyMigrations(tx, schema, missing);
  if (role !== undefined) await tx.query('RESET ROLE');
  await tx.query('RESET search_path');
  await tx.query(
    `INSERT INTO control.schema_versions (schema, set, checksums) VALUES ($1, $2, $3)
     ON CONFLICT (schema) DO UPDATE SET set = $2, checksums = $3`,
    [schema, set, ledgerOf(migrations)],
  );
  return missing.length;
}

/** Runs files in one schema, which stays the first of the transaction's `search_path`. Keeps no ledger. */
export async function applyMigrations(tx: Queryable, schema: string, migrations: readonly Migration[]): Promise<void> {
  await tx.query(`SET LOCAL search_path = ${quoteIdentifier(schema)}, public`);
  for (const migration of migrations) await tx.query(migration.sql);
}

/**
 * The files that a schema has not had, by the ledger.
 * Fails with `migration_changed` when an applied file is not the one at hand, and with `schema_newer` when the schema
 * is ahead of this version of Botpool.
 */
export async function missingMigrations(
  db: Queryable,
  schema: string,
  known: readonly Migration[],
): Promise<readonly Migration[]> {
  const { rows } = await db.query('SELECT control.applied_files($1) AS applied', [schema]);
  const applied = z.array(z.string()).parse(rows[0]?.['applied']);
  if (applied.length > known.length) {
    throw new BotpoolError('schema_newer', { schema, version: applied.length, known: latestVersion(known) });
  }
  const expected = ledgerOf(known);
  const changed = known.find((_migration, index) => index < applied.length && applied[index] !== expected[index]);
  if (changed !== undefined) throw new BotpoolError('migration_changed', { migration: changed.name, schema });
  return known.slice(applied.length);
}

/**
 * The ledger of all schemas, which must be there before the first file is applied. `pending` is what a tenant's session
 * is making of its schema: it counts from the commit of that session's transaction on, whoever has died by then.
 */
const LEDGER = `
  CREATE TABLE IF NOT EXISTS control.schema_versions (
    schema text PRIMARY KEY,
    set text NOT NULL,
    checksums text[] NOT NULL,
    attempt uuid,
    pending text[],
    pending_xid xid8
  );
  CREATE OR REPLACE FUNCTION control.applied_files(p_schema text) RETURNS text[]
  LANGUAGE sql STABLE SET search_path = control, pg_temp AS $$
    SELECT coalesce((
      SELECT CASE WHEN pg_xact_status(v.pending_xid) = 'committed' THEN v.pending ELSE v.checksums END
      FROM schema_versions v WHERE v.schema = p_schema), '{}')
  $$;`;

/** What every role of the server has by default, and tenants must not have. Safe to repeat. */
const TENANTS_RIGHTS = `
  DO $$
  DECLARE callable regprocedure;
  BEGIN
    -- Roles are the whole server's: another database of it may be making this one right now.
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'botpool_tenants') THEN
        CREATE ROLE botpool_tenants NOLOGIN;
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO botpool_tenants', current_database());
    -- The operators of btree_gist stand in public, which stays readable.
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    REVOKE ALL ON SCHEMA control FROM PUBLIC;
    -- Advisory locks are the control plane's; a large object belongs to no schema and would outlive its tenant.
    FOR callable IN
      SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE has_function_privilege('public', p.oid, 'EXECUTE') AND (n.nspname = 'control' OR (n.nspname = 'pg_catalog'
        AND p.proname ~ '^(pg_(try_)?advisory_|lo_|loread$|lowrite$)'))
    LOOP
      EXECUTE format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', callable);
      EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO CURRENT_USER', callable);
    END LOOP;
  END $$`;

/** Makes the control schema, its extension and the tenants' common role, and brings it forward. Safe to repeat. */
export async function migrateControl(database: Database): Promise<number> {
  return await database.transaction(async (tx) => {
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('migrate control', 1))");
    await tx.query('CREATE SCHEMA IF NOT EXISTS control');
    await tx.query('CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public');
    await tx.query(LEDGER);
    const applied = await migrateSchema(tx, 'control', 'control', readMigrations('control'));
    await tx.query(TENANTS_RIGHTS);
    return applied;
  });
}

/** Quotes a name for use in a statement. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
