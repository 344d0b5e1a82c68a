/** One snapshot of the database: what the dump sees, counted and described beside it. */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { quoteIdentifier } from '#core/postgres/migrate.ts';
import type { Manifest } from './manifest.ts';

/** The parts of a manifest that come out of the database. */
export type Described = Pick<Manifest, 'schemas' | 'extensions' | 'roles' | 'clients' | 'postgres'>;

/** A snapshot that others may look through while `work` runs. */
export async function inSnapshot<T>(
  database: Database,
  work: (tx: Queryable, snapshot: string) => Promise<T>,
): Promise<T> {
  return await database.transaction(async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const { rows } = await tx.query<{ snapshot: string }>('SELECT pg_export_snapshot() AS snapshot');
    return await work(tx, rows[0]?.snapshot ?? '');
  });
}

const tableRow = z.object({ schema: z.string(), table: z.string() });

/** The tables of one schema, or of all, by schema. */
export async function listTables(tx: Queryable, schema: string | undefined): Promise<ReadonlyMap<string, string[]>> {
  const { rows } = await tx.query(
    `SELECT n.nspname AS schema, c.relname AS table FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       AND ($1::text IS NULL OR n.nspname = $1)
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
     ORDER BY n.nspname, c.relname`,
    [schema ?? null],
  );
  const tables = new Map<string, string[]>();
  for (const row of rows.map((each) => tableRow.parse(each))) {
    tables.set(row.schema, [...(tables.get(row.schema) ?? []), row.table]);
  }
  return tables;
}

/** Counts every row of one schema. */
export async function countSchema(
  tx: Queryable,
  schema: string,
  tables: readonly string[],
): Promise<Manifest['schemas'][number]['tables']> {
  const counts = tables.map(
    (table, place) =>
      `SELECT ${place} AS place, count(*) AS rows FROM ${quoteIdentifier(schema)}.${quoteIdentifier(table)}`,
  );
  const { rows } = await tx.query<{ place: number; rows: string }>(counts.join(' UNION ALL '));
  const byPlace = new Map(rows.map((row) => [row.place, Number(row.rows)]));
  return tables.map((name, place) => ({ name, rows: byPlace.get(place) ?? 0 }));
}

/** Counts schema by schema, each in a transaction of its own on the snapshot, so that locks do not pile up. */
export async function countSnapshot(
  database: Database,
  snapshot: string,
  tables: ReadonlyMap<string, readonly string[]>,
  options: { readonly signal: AbortSignal; readonly counted: (tables: number) => void },
): Promise<Manifest['schemas']> {
  const schemas: Manifest['schemas'] = [];
  for (const [name, names] of tables) {
    if (options.signal.aborted) break;
    const counts = await database.transaction(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      await tx.query(`SET TRANSACTION SNAPSHOT '${snapshot.replaceAll("'", '')}'`);
      return await countSchema(tx, name, names);
    });
    schemas.push({ name, tables: counts });
    options.counted(names.length);
  }
  return schemas;
}

/** Counts every table of a whole database as it is now. */
export async function countDatabase(database: Database): Promise<Manifest['schemas']> {
  const tables = await listTables(database, undefined);
  const schemas: Manifest['schemas'] = [];
  for (const [name, names] of tables) schemas.push({ name, tables: await countSchema(database, name, names) });
  return schemas;
}

const clientRow = z
  .object({
    client_id: z.string(),
    company: z.string(),
    kind: z.string(),
    locale: z.string(),
    time_zone: z.string(),
    owner_id: z.coerce.number(),
    ledger: z.array(z.string()),
  })
  .transform((row) => ({
    clientId: row.client_id,
    company: row.company,
    kind: row.kind,
    locale: row.locale,
    timeZone: row.time_zone,
    ownerId: row.owner_id,
    ledger: row.ledger,
  }));

const roleRow = z.object({ name: z.string(), login: z.boolean(), member_of: z.array(z.string()) });

/** Everything about the database that is not in a dump, or that one wants to know without reading it. */
export async function describe(tx: Queryable, scope: string): Promise<Omit<Described, 'schemas'>> {
  const only = scope === 'all' ? null : scope;
  const clients = await tx.query(
    `SELECT client_id, company, kind, locale, time_zone, owner_id, control.applied_files(client_id) AS ledger
     FROM control.tenants t WHERE ($1::text IS NULL OR client_id = $1)
       AND EXISTS (SELECT FROM pg_namespace WHERE nspname = t.client_id) ORDER BY length(client_id), client_id`,
    [only],
  );
  const roles = await tx.query(
    `SELECT r.rolname::text AS name, r.rolcanlogin AS login, coalesce(array_agg(g.rolname::text ORDER BY g.rolname)
       FILTER (WHERE g.rolname IS NOT NULL), '{}') AS member_of
     FROM pg_roles r LEFT JOIN pg_auth_members m ON m.member = r.oid LEFT JOIN pg_roles g ON g.oid = m.roleid
     WHERE r.rolname !~ '^pg_' AND NOT r.rolsuper AND ($1::text IS NULL OR r.rolname = $1)
     GROUP BY r.rolname, r.rolcanlogin ORDER BY r.rolname`,
    [only],
  );
  const extensions = await tx.query<{ extname: string }>(
    "SELECT extname::text FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY extname",
  );
  const version = await tx.query<{ server_version: string }>('SHOW server_version');
  return {
    clients: clients.rows.map((row) => clientRow.parse(row)),
    roles: roles.rows
      .map((row) => roleRow.parse(row))
      .map(({ name, login, member_of }) => ({ name, login, memberOf: member_of })),
    extensions: extensions.rows.map(({ extname }) => extname),
    postgres: version.rows[0]?.server_version ?? '',
  };
}
