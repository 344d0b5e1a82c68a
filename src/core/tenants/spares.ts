/** Spare schemas: made while nobody waits, so that an activation renames one in a millisecond. */
import type { Database } from '#core/postgres/database.ts';
import { latestVersion, migrateSchema } from '#core/postgres/migrate.ts';
import type { KindStorage } from './storage.ts';

/**
 * Makes spares of this kind until `wanted` are there; returns how many it made. Several callers may run it at once.
 * Beside a newer control plane's spares it makes none: that one would drop them again.
 */
export async function prepareSpares(database: Database, storage: KindStorage, wanted: number): Promise<number> {
  const version = latestVersion(storage.migrations);
  await dropStaleSpares(database, storage.kind, version);
  for (let made = 0; ; made += 1) {
    const { rows } = await database.query<{ count: string }>(
      'SELECT count(*) FROM control.spares WHERE kind = $1 AND version >= $2',
      [storage.kind, version],
    );
    if (Number(rows[0]?.count ?? 0) >= wanted) return made;
    await makeSpare(database, storage, version);
  }
}

async function makeSpare(database: Database, storage: KindStorage, version: number): Promise<void> {
  await database.transaction(async (tx) => {
    const { rows } = await tx.query<{ name: string }>(
      "SELECT 'spare_' || lpad(nextval('control.spare_numbers')::text, 6, '0') AS name",
    );
    const name = rows[0]?.name ?? '';
    await tx.query('SELECT control.create_owned_schema($1)', [name]);
    await migrateSchema(tx, name, storage.kind, storage.migrations, name);
    await tx.query('INSERT INTO control.spares (name, kind, version) VALUES ($1, $2, $3)', [
      name,
      storage.kind,
      version,
    ]);
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
