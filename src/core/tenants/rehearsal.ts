/** The schema in which waiting bots rehearse: like a tenant's, of nobody, made anew when the kind's schema changes. */
import type { Database, Queryable } from '#core/postgres/database.ts';
import { migrateSchema, missingMigrations, quoteIdentifier } from '#core/postgres/migrate.ts';
import { scramVerifier } from '#core/secrets/scram.ts';
import { REHEARSAL_LOGIN } from '#shared/util/rehearsal.ts';
import type { KindStorage } from './storage.ts';
import type { Tenant } from './tenants.ts';

const SCHEMA = REHEARSAL_LOGIN;

/** Makes the schema and its login with this password. Safe to repeat; bots may be rehearsing meanwhile. */
export async function prepareRehearsal(database: Database, storage: KindStorage, password: string): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', [`prepare ${SCHEMA}`]);
    if (!(await isCurrent(tx, storage))) await makeAnew(tx, storage);
    await tx.query(`ALTER ROLE ${quoteIdentifier(SCHEMA)} LOGIN PASSWORD '${scramVerifier(password)}'`);
  });
}

async function isCurrent(tx: Queryable, storage: KindStorage): Promise<boolean> {
  const { rows } = await tx.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [SCHEMA]);
  return rows.length > 0 && (await missingMigrations(tx, SCHEMA, storage.migrations)).length === 0;
}

/** Every bot has worked in this schema: nothing that stands there may run in a session of the control plane. */
async function makeAnew(tx: Queryable, storage: KindStorage): Promise<void> {
  await tx.query(`DROP SCHEMA IF EXISTS ${quoteIdentifier(SCHEMA)} CASCADE`);
  await tx.query('DELETE FROM control.schema_versions WHERE schema = $1', [SCHEMA]);
  await tx.query('SELECT control.create_owned_schema($1)', [SCHEMA]);
  await migrateSchema(tx, SCHEMA, storage.kind, storage.migrations, SCHEMA);
  await tx.query(`SET LOCAL search_path = ${quoteIdentifier(SCHEMA)}, public`);
  await tx.query(`SET LOCAL ROLE ${quoteIdentifier(SCHEMA)}`);
  await storage.seed(tx, NOBODY);
  await tx.query('RESET ROLE');
}

const NOBODY: Tenant = {
  clientId: SCHEMA,
  company: 'Rehearsal',
  kind: 'booking',
  locale: 'en',
  timeZone: 'UTC',
  ownerId: 1,
  state: 'active',
  fence: 0,
  tokenSealed: null,
  tokenFingerprint: null,
  botUsername: null,
  queuedAt: null,
  firstActiveAt: null,
  createdAt: new Date(0),
};
