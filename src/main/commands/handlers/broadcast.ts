/** Commands about messages to all buyers. The Sales Bot sends them: buyers know it and have a chat with it. */
import type { CommandRequest, CommandResult } from '#shared/schemas/commands.ts';
import type { CommandServices } from '../services.ts';

/** Writes the message and its addressees down; the Sales Bot is woken. Safe to repeat with the same id. */
export async function startBroadcast(
  { database }: CommandServices,
  { id, text }: CommandRequest<'broadcast.start'>,
  actor: string,
): Promise<CommandResult<'broadcast.start'>> {
  return await database.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      'INSERT INTO sales_bot.broadcasts (id, text, actor) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING',
      [id, text, actor],
    );
    if (rowCount > 0) {
      await tx.query(
        `INSERT INTO sales_bot.addressees (broadcast_id, telegram_id)
         SELECT DISTINCT $1::uuid, p.telegram_id FROM sales_bot.people p
         WHERE NOT p.blocked AND EXISTS (
           SELECT FROM control.tenants t WHERE t.owner_id = p.telegram_id AND t.state <> 'deleted')`,
        [id],
      );
    }
    const { rows } = await tx.query<{ count: number }>(
      'SELECT count(*)::integer AS count FROM sales_bot.addressees WHERE broadcast_id = $1',
      [id],
    );
    await tx.query(`SELECT pg_notify('broadcasts', $1)`, [id]);
    return { addressees: rows[0]?.count ?? 0 };
  });
}

/** Sends it to nobody more. */
export async function stopBroadcast(
  { database }: CommandServices,
  { id }: CommandRequest<'broadcast.stop'>,
): Promise<CommandResult<'broadcast.stop'>> {
  await database.query(
    `UPDATE sales_bot.broadcasts SET cancelled = true, ended_at = coalesce(ended_at, now()) WHERE id = $1`,
    [id],
  );
  return {};
}

/** How far it has come. */
export async function broadcastProgress(
  { database }: CommandServices,
  { id }: CommandRequest<'broadcast.progress'>,
): Promise<CommandResult<'broadcast.progress'>> {
  const { rows } = await database.query<CommandResult<'broadcast.progress'>>(
    `SELECT count(*)::integer AS total, count(*) FILTER (WHERE a.state = 'sent')::integer AS sent,
       count(*) FILTER (WHERE a.state = 'refused')::integer AS refused,
       count(*) FILTER (WHERE a.state = 'failed')::integer AS failed,
       coalesce(bool_or(b.ended_at IS NOT NULL), true) AS over
     FROM sales_bot.addressees a JOIN sales_bot.broadcasts b ON b.id = a.broadcast_id WHERE b.id = $1`,
    [id],
  );
  return rows[0] ?? { total: 0, sent: 0, refused: 0, failed: 0, over: true };
}
