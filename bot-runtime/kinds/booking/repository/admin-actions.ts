/** Owns the log of what admins change: each change stands in it, in the same transaction, under the update that asked. */
import type { Database, Queryable } from '#core/postgres/database.ts';

/** Who asks, and by which update: the same one changes things once. */
export interface OwnerRequest {
  readonly telegramId: number;
  readonly updateId: number;
}

/** What is written down. `details` is whatever the sentence about it needs, by name. */
export interface AdminAction {
  /** `service.add` */
  readonly action: string;
  readonly details: object;
}

/** Writes the action first: whoever finds it written does nothing more. Answers whether it was done now. */
export async function asAdmin(
  database: Database,
  request: OwnerRequest,
  action: AdminAction,
  now: number,
  change: (tx: Queryable) => Promise<void>,
): Promise<boolean> {
  return await database.transaction(async (tx) => {
    const isNew = await writeAction(tx, request, action, now);
    if (isNew) await change(tx);
    return isNew;
  });
}

/** Writes an action into the log within a transaction of the caller's; false when this update has written it before. */
export async function writeAction(
  tx: Queryable,
  { telegramId, updateId }: OwnerRequest,
  { action, details }: AdminAction,
  now: number,
): Promise<boolean> {
  // The buyer is the owner by the bot's configuration, whatever stands in the table.
  await tx.query(`INSERT INTO admins (telegram_id, role) VALUES ($1, 'owner') ON CONFLICT (telegram_id) DO NOTHING`, [
    telegramId,
  ]);
  const { rowCount } = await tx.query(
    `INSERT INTO admin_actions (admin_id, action, details, source_update_id, at)
     SELECT id, $2, $3, $4, $5 FROM admins WHERE telegram_id = $1 ON CONFLICT (source_update_id) DO NOTHING`,
    [telegramId, action, JSON.stringify(details), updateId, new Date(now)],
  );
  return rowCount > 0;
}
