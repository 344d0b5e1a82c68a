/**
 * Brings a tenant's existing schema forward in a session that may do what the tenant may do and nothing more: triggers,
 * rules and functions that the tenant has put there run with the files, and must not meet the control plane's rights.
 */
import { type Database, openDatabase, type Queryable } from '#core/postgres/database.ts';
import { applyMigrations, ledgerOf, type Migration, missingMigrations } from '#core/postgres/migrate.ts';
import { scramVerifier } from '#core/secrets/scram.ts';
import { randomPassword } from '#core/secrets/vault.ts';

/** Whose schema, and under which fence; the fence's login is made when it is missing, and gets another password. */
export interface TenantSchema {
  readonly clientId: string;
  readonly kind: string;
  readonly fence: number;
}

/**
 * Applies what the ledger says is missing. Ends all sessions of the tenant. Safe to repeat and to die in: the ledger
 * follows the commit of the tenant's transaction. Fails with `migration_changed` and `schema_newer`.
 */
export async function bringForward(
  database: Database,
  schema: TenantSchema,
  migrations: readonly Migration[],
): Promise<void> {
  const { clientId, kind, fence } = schema;
  // Before anything is ended: a schema that does not fit stays as it is.
  await missingMigrations(database, clientId, migrations);
  const password = randomPassword();
  const { rows } = await database.query<{ attempt: string }>(
    'SELECT control.open_migration($1, $2, $3, $4) AS attempt',
    [clientId, kind, fence, scramVerifier(password)],
  );
  const attempt = rows[0]?.attempt ?? '';
  const missing = await missingMigrations(database, clientId, migrations);
  const session = openDatabase({
    ...(await addressOf(database)),
    user: `${clientId}_${fence}`,
    password,
    max: 1,
    applicationName: 'migration',
  });
  try {
    await session.transaction(async (tx) => {
      await applyMigrations(tx, clientId, missing);
      await announce(database, clientId, attempt, ledgerOf(migrations), await transactionId(tx));
    });
  } finally {
    await session.close();
  }
  await database.query(
    `UPDATE control.schema_versions SET checksums = control.applied_files(schema), attempt = NULL, pending = NULL,
       pending_xid = NULL WHERE schema = $1 AND attempt = $2`,
    [clientId, attempt],
  );
}

/** Where this database is, as its server sees it. */
async function addressOf(database: Queryable): Promise<{ host: string; port: number; database: string }> {
  const { rows } = await database.query<{ host: string | null; port: number; database: string }>(
    'SELECT host(inet_server_addr()) AS host, inet_server_port() AS port, current_database() AS database',
  );
  const [row] = rows;
  if (row === undefined || row.host === null)
    throw new Error('PostgreSQL was not reached by TCP: no address to log in');
  return { ...row, host: row.host };
}

/** By full names: the tenant may have made namesakes. */
async function transactionId(tx: Queryable): Promise<string> {
  const { rows } = await tx.query<{ xid: string }>('SELECT pg_catalog.pg_current_xact_id()::pg_catalog.text AS xid');
  return rows[0]?.xid ?? '';
}

/** Enters what the ledger shall say once this transaction has been committed. */
async function announce(
  database: Queryable,
  clientId: string,
  attempt: string,
  ledger: readonly string[],
  xid: string,
): Promise<void> {
  const { rowCount } = await database.query(
    `UPDATE control.schema_versions SET pending = $3, pending_xid = $4::xid8 WHERE schema = $1 AND attempt = $2`,
    [clientId, attempt, ledger, xid],
  );
  if (rowCount !== 1) throw new Error(`a later attempt brings ${clientId} forward`);
}
