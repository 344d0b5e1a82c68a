/** Owns the log of what admins change: each change stands in it, in the same transaction, under the update that asked. */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';

/** Who asks, and by which update: the same one changes things once. */
export interface OwnerRequest {
  readonly telegramId: number;
  readonly updateId: number;
}

/** Everything that stands in the log. Each has its sentence in the catalogue, under `audit-` with a hyphen for the dot. */
export const ADMIN_ACTIONS = [
  'block.add',
  'block.cancel',
  'block.lift',
  'booking.add',
  'booking.came',
  'booking.cancel',
  'booking.move',
  'booking.no_show',
  'broadcast.send',
  'broadcast.stop',
  'customer.add',
  'customer.block',
  'customer.note',
  'customer.unblock',
  'hours.set',
  'service.add',
  'service.change',
  'service.hide',
  'service.move',
  'service.show',
  'setting.reset',
  'setting.set',
  'staff.add',
  'staff.date',
  'staff.hide',
  'staff.hours',
  'staff.rename',
  'staff.services',
  'staff.show',
  'team.invite',
  'team.join',
  'team.remove',
  'team.revoke',
  'team.right',
  'team.role',
  'text.reset',
  'text.set',
] as const;

/** One of them. */
export type AdminActionName = (typeof ADMIN_ACTIONS)[number];

/** What is written down. `details` is whatever the sentence about it needs, by name. */
export interface AdminAction {
  readonly action: AdminActionName;
  readonly details: object;
}

/** A line of the log. */
export interface LoggedAction {
  readonly at: number;
  readonly who: string;
  readonly action: string;
  readonly details: Readonly<Record<string, unknown>>;
}

const loggedRow = z
  .object({ at: z.date(), who: z.string(), action: z.string(), details: z.record(z.string(), z.unknown()) })
  .transform((row): LoggedAction => ({ ...row, at: row.at.getTime() }));

/** A page of the log, the newest first. */
export async function listActions(
  source: Queryable,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<LoggedAction[]> {
  const { rows } = await source.query(
    `SELECT l.at, l.action, l.details, coalesce(a.name, u.name, a.telegram_id::text) AS who
     FROM admin_actions l JOIN admins a ON a.id = l.admin_id LEFT JOIN users u ON u.telegram_id = a.telegram_id
     ORDER BY l.id DESC OFFSET $1 LIMIT $2`,
    [offset, limit],
  );
  return rows.map((row) => loggedRow.parse(row));
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
