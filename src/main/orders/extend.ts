/** An operator gives a client more time: the paid period grows, and the buyer is told. */
import type { Database, Queryable } from '#core/postgres/database.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { acting, tell } from './context.ts';

/** What is given, and by whom. */
export interface Extension {
  /** Who asks twice with one id gives once. */
  readonly id: string;
  readonly clientId: string;
  readonly days: number;
  readonly actor: string;
  /** How long a bot goes on without having been paid. Milliseconds. */
  readonly graceMs: number;
  readonly now: number;
}

const DAY_MS = 24 * 3_600_000;

/**
 * Adds days to the newest paid period, counted from its end or from now, whichever is later. Returns the new end.
 * Fails with `subscription_none` for a client that nobody ever paid for.
 */
export async function extendSubscription(database: Database, extension: Extension): Promise<Date> {
  const { id, clientId, days, actor, graceMs, now } = extension;
  return await acting(database, actor, async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 3))', [`renewal ${clientId}`]);
    const newest = await newestPeriod(tx, clientId);
    if (newest === undefined) throw new BotpoolError('subscription_none', { clientId });
    const until = new Date(Math.max(newest.until.getTime(), now) + days * DAY_MS);
    const isNew = await tell(tx, {
      ...{ once: `extended:${id}`, buyerId: newest.buyerId, chatId: newest.chatId, clientId, orderId: newest.orderId },
      ...{ kind: 'extended', data: { days, until: until.toISOString() } },
    });
    if (!isNew) return newest.until;
    await tx.query(
      'UPDATE control.subscriptions SET during = tstzrange(lower(during), $2), grace_until = $3 WHERE id = $1',
      [newest.id, until, new Date(until.getTime() + graceMs)],
    );
    return until;
  });
}

interface Period {
  readonly id: string;
  readonly orderId: string;
  readonly until: Date;
  readonly buyerId: number;
  readonly chatId: number;
}

async function newestPeriod(tx: Queryable, clientId: string): Promise<Period | undefined> {
  const { rows } = await tx.query<{ id: string; order_id: string; until: Date; buyer_id: string; chat_id: string }>(
    `SELECT s.id, s.order_id, upper(s.during) AS until, t.owner_id AS buyer_id, o.chat_id
     FROM control.subscriptions s
     JOIN control.tenants t ON t.client_id = s.client_id AND t.state <> 'deleted'
     JOIN control.orders o ON o.id = s.order_id
     WHERE s.client_id = $1 AND s.voided_at IS NULL ORDER BY upper(s.during) DESC LIMIT 1 FOR UPDATE OF s`,
    [clientId],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { id, order_id: orderId, until, buyer_id: buyerId, chat_id: chatId } = row;
  return { id, orderId, until, buyerId: Number(buyerId), chatId: Number(chatId) };
}
