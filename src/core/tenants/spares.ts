/** Spare schemas: made while nobody waits, so that an activation renames one in a millisecond. */
import type { Database } from '#core/postgres/database.ts';
import { latestVersion, migrateSchema } from '#core/postgres/migrate.ts';
import type { KindStorage } from './storage.ts';

/**
 * Makes spares of this kind until `wanted` are there; while `isBusy`, half of them are enough, and they are made one by
 * one: tables are made with the same cores that a sale waits for. Returns how many it made. Several callers may run it at once; they take turns.
 * Beside a newer control plane's spares it makes none: that one would drop them again.
 */
export async function prepareSpares(
  database: Database,
  storage: KindStorage,
  wanted: number,
  isBusy: () => boolean = () => false,
): Promise<number> {
  const version = latestVersion(storage.migrations);
  await dropStaleSpares(database, storage.kind, version);
  let made = 0;
  while (await makeSpare(database, storage, version, isBusy() ? Math.ceil(wanted / 2) : wanted)) {
    made += 1;
    if (isBusy()) break;
  }
  return made;
}

/** False when enough are there. One at a time, over all control planes, so that two never make too many. */
async function makeSpare(database: Database, storage: KindStorage, version: number, wanted: number): Promise<boolean> {
  return await database.transaction(async (tx) => {
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('spares', 1))");
    const { rows } = await tx.query<{ name: string | null }>(
      `SELECT CASE WHEN there < $3 THEN 'spare_' || lpad(nextval('control.spare_numbers')::text, 6, '0') END AS name
       FROM (SELECT count(*)::int AS there FROM control.spares WHERE kind = $1 AND version >= $2) AS counted`,
      [storage.kind, version, wanted],
    );
    const name = rows[0]?.name ?? null;
    if (name === null) return false;
    await tx.query('SELECT control.create_owned_schema($1)', [name]);
    await migrateSchema(tx, name, storage.kind, storage.migrations, name);
    await tx.query('INSERT INTO control.spares (name, kind, version) VALUES ($1, $2, $3)', [
      name,
      storage.kind,
      version,
    ]);
    return true;
  });
}

/** Spares of an older version are worth less than their upkeep: they are made anew. Those of a newer one stay. */
async function dropStaleSpares(database: Database, kind: string, version: number): Promise<void> {
  while (await dropStaleSpare(database, kind, version));
}

/** One transaction for row and schema, so that whoever dies on the way leaves both or none. */
async function dropStaleSpare(database: Database, kind: string, version: number): Promise<boolean> {
  return await database.transaction(async (tx) => {
    const { rows } = await tx.query<{ name: string }>(
      `DELETE FROM control.spares WHERE name = (
         SELECT name FROM control.spares WHERE kind = $1 AND version < $2 ORDER BY name LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING name`,
      [kind, version],
    );
    const name = rows[0]?.name;
    if (name !== undefined) await tx.query('SELECT control.drop_storage($1)', [name]);
    return name !== undefined;
  });
}
