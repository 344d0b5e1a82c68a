/** Everything that one client stores, as JSON that its owner can take along. */
import type { Database, Queryable } from '#core/postgres/database.ts';
import type { Tenant } from './tenants.ts';

/** Every table of the client's schema, read in one snapshot. */
export async function exportTenant(database: Database, tenant: Tenant): Promise<string> {
  return await database.transaction(async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows } = await tx.query<{ name: string }>(
      `SELECT quote_ident(table_name) AS name FROM information_schema.tables
       WHERE table_schema = $1 AND table_type = 'BASE TABLE' ORDER BY 1`,
      [tenant.clientId],
    );
    const tables: Record<string, unknown> = {};
    for (const { name } of rows) tables[name] = await rowsOf(tx, tenant.clientId, name);
    const { clientId, company, kind, locale, timeZone } = tenant;
    return JSON.stringify({ clientId, company, kind, locale, timeZone, tables }, undefined, 1);
  });
}

async function rowsOf(tx: Queryable, clientId: string, table: string): Promise<unknown> {
  // The id has passed its pattern, and the table's name is quoted by PostgreSQL.
  const { rows } = await tx.query<{ all: unknown }>(
    `SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') AS all FROM ${clientId}.${table} t`,
  );
  return rows[0]?.all;
}
