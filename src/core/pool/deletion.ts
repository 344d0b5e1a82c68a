/** The last steps of a deletion, each of which may be repeated: by the call that was asked, or by a keeper after it died. */
import type { Queryable } from '#core/postgres/database.ts';
import { dropRedisKeys, dropStorage } from '#core/tenants/storage.ts';
import { forgetToken } from '#core/tenants/tenants.ts';
import { findOpen } from './activations.ts';
import type { PoolContext } from './context.ts';
import { endUnwanted } from './settle.ts';

/** Writes down, with the state `deleted`, what is to be left, so that anybody can finish it. */
export async function noteDeletion(tx: Queryable, clientId: string, keepData: boolean): Promise<void> {
  await tx.query('UPDATE control.tenants SET keep_data = $2, erased_at = NULL WHERE client_id = $1', [
    clientId,
    keepData,
  ]);
}

/** Deleted tenants of which something is left that nobody has been removing for so many milliseconds. */
export async function listUnfinishedDeletions(db: Queryable, graceMs: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ client_id: string }>(
    `SELECT client_id FROM control.tenants WHERE state = 'deleted' AND erased_at IS NULL
       AND updated_at < clock_timestamp() - $1 * interval '1 millisecond'`,
    [graceMs],
  );
  return rows.map((row) => row.client_id);
}

/** Ends what a deleted tenant still has: its bot, its token, and its data unless that is to be kept. */
export async function finishDeletion(context: PoolContext, clientId: string): Promise<void> {
  const { database } = context;
  const open = await findOpen(database, clientId);
  if (open !== undefined) await endUnwanted(context, open);
  await forgetToken(database, clientId);
  const { rows } = await database.query<{ keep_data: boolean }>(
    'SELECT keep_data FROM control.tenants WHERE client_id = $1',
    [clientId],
  );
  if (rows[0]?.keep_data === false) {
    await dropStorage(database, clientId);
    await dropRedisKeys(context.redis, clientId);
  }
  await database.query('UPDATE control.tenants SET erased_at = clock_timestamp() WHERE client_id = $1', [clientId]);
}
