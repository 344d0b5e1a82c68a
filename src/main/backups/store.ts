/** What is known of each backup, in PostgreSQL. */
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { BACKUP_STATES, type BackupView, OFFSITE_STATES, VERIFIED_DEPTHS } from '#shared/schemas/backup.ts';

const number = z.coerce.number();

const backupRow = z
  .object({
    id: z.string(),
    scope: z.string(),
    state: z.enum(BACKUP_STATES),
    cause: z.enum(['manual', 'schedule', 'safety', 'found']),
    code: z.string().nullable(),
    facts: z.record(z.string(), z.union([z.string(), z.number()])),
    requested_by: z.string(),
    started_at: z.date(),
    finished_at: z.date().nullable(),
    bytes: number,
    schemas: number,
    tables: number,
    rows: number,
    encrypted: z.boolean(),
    depth: z.enum(VERIFIED_DEPTHS),
    verified_at: z.date().nullable(),
    offsite: z.enum(OFFSITE_STATES),
    offsite_at: z.date().nullable(),
    place: z.string(),
    pinned: z.boolean(),
  })
  .transform(({ requested_by, started_at, finished_at, verified_at, offsite_at: _at, ...row }) => ({
    ...row,
    requestedBy: requested_by,
    startedAt: started_at,
    finishedAt: finished_at,
    verifiedAt: verified_at,
  }));

/** A backup as it is stored. `place`: on which disk. */
export type BackupRecord = Omit<BackupView, 'progress'> & { readonly place: string };

/** The newest first. */
export async function listBackups(db: Queryable, limit: number): Promise<BackupRecord[]> {
  const { rows } = await db.query('SELECT * FROM control.backups ORDER BY started_at DESC, id DESC LIMIT $1', [limit]);
  return rows.map((row) => backupRow.parse(row));
}

/** One backup. Fails with `backup_unknown`. */
export async function getBackup(db: Queryable, id: string): Promise<BackupRecord> {
  const { rows } = await db.query('SELECT * FROM control.backups WHERE id = $1', [id]);
  if (rows[0] === undefined) throw new BotpoolError('backup_unknown', { id });
  return backupRow.parse(rows[0]);
}

/** Writes a backup down before anything is done for it. */
export async function insertBackup(
  db: Queryable,
  backup: Pick<BackupRecord, 'id' | 'scope' | 'cause' | 'requestedBy' | 'encrypted' | 'place'>,
): Promise<void> {
  await db.query(
    `INSERT INTO control.backups (id, scope, state, cause, requested_by, encrypted, place) VALUES ($1, $2, 'running', $3, $4, $5, $6)`,
    [backup.id, backup.scope, backup.cause, backup.requestedBy, backup.encrypted, backup.place],
  );
}

/** What was written. */
export type StoredFacts = Pick<BackupRecord, 'bytes' | 'schemas' | 'tables' | 'rows'>;

/** It is there, whole. */
export async function setStored(db: Queryable, id: string, facts: StoredFacts): Promise<void> {
  await db.query(
    `UPDATE control.backups SET state = 'stored', finished_at = clock_timestamp(), bytes = $2, schemas = $3, tables = $4,
       rows = $5, code = NULL, facts = '{}' WHERE id = $1`,
    [id, facts.bytes, facts.schemas, facts.tables, facts.rows],
  );
}

/** It was restored on trial. */
export async function setVerified(db: Queryable, id: string): Promise<void> {
  await db.query(
    `UPDATE control.backups SET state = 'verified', depth = 'restore', verified_at = clock_timestamp(), code = NULL,
       facts = '{}' WHERE id = $1`,
    [id],
  );
}

/** Something about it is wrong. `suspect`: it is there; `failed`: it is not. */
export async function setTrouble(
  db: Queryable,
  id: string,
  state: 'suspect' | 'failed',
  error: BotpoolError,
): Promise<void> {
  await db.query(
    `UPDATE control.backups SET state = $2, depth = 'none', finished_at = coalesce(finished_at, clock_timestamp()), code = $3,
       facts = $4 WHERE id = $1`,
    [id, state, error.code, JSON.stringify(error.data)],
  );
}

/** Its folder was found on this disk. */
export async function setPlace(db: Queryable, id: string, place: string): Promise<void> {
  await db.query('UPDATE control.backups SET place = $2 WHERE id = $1', [id, place]);
}

/** How its copy on the target stands. Why it failed takes the place of nothing that is wrong with the backup itself. */
export async function setOffsite(
  db: Queryable,
  id: string,
  offsite: BackupView['offsite'],
  error?: BotpoolError,
): Promise<void> {
  await db.query(
    `UPDATE control.backups SET offsite = $2, offsite_at = clock_timestamp(),
       code = CASE WHEN state IN ('verified', 'stored') THEN $3 ELSE code END,
       facts = CASE WHEN state IN ('verified', 'stored') THEN $4 ELSE facts END
     WHERE id = $1`,
    [id, offsite, error?.code ?? null, JSON.stringify(error?.data ?? {})],
  );
}

/** A pinned backup is never pruned. */
export async function setPinned(db: Queryable, id: string, pinned: boolean): Promise<void> {
  const { rowCount } = await db.query('UPDATE control.backups SET pinned = $2 WHERE id = $1', [id, pinned]);
  if (rowCount === 0) throw new BotpoolError('backup_unknown', { id });
}

/** Forgets a backup whose folder is gone. */
export async function forgetBackup(db: Queryable, id: string): Promise<void> {
  await db.query('DELETE FROM control.backups WHERE id = $1', [id]);
}

/** A folder that was found without its row. */
export async function adoptBackup(
  db: Queryable,
  backup: Pick<BackupRecord, 'id' | 'scope' | 'encrypted' | 'startedAt' | 'place'> & StoredFacts,
): Promise<void> {
  await db.query(
    `INSERT INTO control.backups (id, scope, state, cause, requested_by, encrypted, started_at, finished_at, bytes, schemas,
       tables, rows, place)
     VALUES ($1, $2, 'stored', 'found', 'system', $3, $4, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (id) DO UPDATE SET place = excluded.place`,
    [
      backup.id,
      backup.scope,
      backup.encrypted,
      backup.startedAt,
      backup.bytes,
      backup.schemas,
      backup.tables,
      backup.rows,
      backup.place,
    ],
  );
}
