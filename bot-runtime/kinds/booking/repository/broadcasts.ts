/** Owns what is written to all customers who agreed: who gets it, how far it is, and stopping it. */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { asAdmin, type OwnerRequest } from './admin-actions.ts';

/** One message to many, and how far it is. */
export interface Broadcast {
  readonly id: number;
  readonly chatId: number;
  readonly messageId: number;
  readonly createdAt: number;
  readonly stopped: boolean;
  /** How many were to get it; how many have; to how many it could not be sent; how many are left. */
  readonly customers: number;
  readonly sent: number;
  readonly failed: number;
  readonly left: number;
}

const broadcastRow = z
  .object({
    id: z.coerce.number().int(),
    chat_id: z.coerce.number().int(),
    message_id: z.coerce.number().int(),
    created_at: z.date(),
    stopped: z.boolean(),
    customers: z.number().int(),
    sent: z.number().int(),
    failed: z.number().int(),
    open: z.number().int(),
  })
  .transform(
    ({ chat_id: chatId, message_id: messageId, created_at: createdAt, open: left, ...row }): Broadcast => ({
      ...row,
      chatId,
      messageId,
      createdAt: createdAt.getTime(),
      left,
    }),
  );
const AGREED = 'consent_at IS NOT NULL AND NOT blocked AND telegram_id IS NOT NULL';
const SELECT = `SELECT b.id, b.chat_id, b.message_id, b.created_at, b.stopped_at IS NOT NULL AS stopped, b.customers, n.*
  FROM broadcasts b CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE outcome = 'sent')::integer AS sent,
      count(*) FILTER (WHERE outcome IN ('failed', 'unwelcome'))::integer AS failed,
      count(*) FILTER (WHERE outcome IS NULL)::integer AS open
    FROM notices WHERE unique_key LIKE 'broadcast:' || b.id || ':%') n`;

/** How many customers would get it. */
export async function countAgreed(source: Queryable): Promise<number> {
  const { rows } = await source.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM users WHERE ${AGREED}`,
  );
  return rows[0]?.count ?? 0;
}

/**
 * Has a message of the admin's own chat copied to everyone who agreed, each of them once. The same message again answers
 * the same broadcast. Wake the delivery afterwards.
 */
export async function beginBroadcast(
  database: Database,
  request: OwnerRequest,
  message: { readonly chatId: number; readonly messageId: number },
  now: number,
): Promise<number> {
  const values = [message.chatId, message.messageId];
  await asAdmin(database, request, { action: 'broadcast.send', details: message }, now, async (tx) => {
    await tx.query(
      `WITH made AS (
         INSERT INTO broadcasts (chat_id, message_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id
       ), addressed AS (
         INSERT INTO notices (user_id, kind, details, unique_key, due_at)
         SELECT u.id, 'broadcast', jsonb_build_object('broadcast', made.id), 'broadcast:' || made.id || ':' || u.id, $3
         FROM made, users u WHERE ${AGREED}
       )
       SELECT id FROM made`,
      [...values, new Date(now)],
    );
    await tx.query(
      `UPDATE broadcasts SET customers = (SELECT count(*) FROM notices WHERE unique_key LIKE 'broadcast:' || broadcasts.id || ':%')
       WHERE chat_id = $1 AND message_id = $2 AND customers = 0`,
      values,
    );
  });
  const { rows } = await database.query<{ id: string }>(
    'SELECT id FROM broadcasts WHERE chat_id = $1 AND message_id = $2',
    [...values],
  );
  return Number(rows[0]?.id);
}

/** One of them. */
export async function findBroadcast(source: Queryable, id: number): Promise<Broadcast | undefined> {
  const { rows } = await source.query(`${SELECT} WHERE b.id = $1`, [id]);
  return rows[0] === undefined ? undefined : broadcastRow.parse(rows[0]);
}

/** The newest ones. */
export async function listBroadcasts(source: Queryable, limit: number): Promise<Broadcast[]> {
  const { rows } = await source.query(`${SELECT} ORDER BY b.id DESC LIMIT $1`, [limit]);
  return rows.map((row) => broadcastRow.parse(row));
}

/** Nobody else gets it. What is on its way arrives. */
export async function stopBroadcast(database: Database, request: OwnerRequest, id: number, now: number): Promise<void> {
  await asAdmin(database, request, { action: 'broadcast.stop', details: { broadcast: id } }, now, async (tx) => {
    await tx.query('UPDATE broadcasts SET stopped_at = $2 WHERE id = $1 AND stopped_at IS NULL', [id, new Date(now)]);
    await tx.query(
      `UPDATE notices SET outcome = 'superseded' WHERE kind = 'broadcast' AND outcome IS NULL
         AND unique_key LIKE 'broadcast:' || $1::text || ':%'`,
      [String(id)],
    );
  });
}
