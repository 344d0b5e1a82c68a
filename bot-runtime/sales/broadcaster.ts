/** Sends an operator's message to all buyers: not faster than Telegram likes, each once, on over the death of a process. */

import { escapeHtml } from '#bot-runtime/runtime/dialog/html.ts';
import { isUnwelcome, tell } from '#bot-runtime/runtime/dialog/screen.ts';
import type { Shop } from './turn.ts';

/** A running broadcaster. */
export interface Broadcaster {
  close(): Promise<void>;
}

/** Telegram's own limit is about thirty a second for all of a bot's chats; buyers who talk to it come first. */
const PAUSE_MS = 60;
const ROUND_MS = 15_000;

/** Starts to look for messages to send. */
export function startBroadcaster(shop: Shop, sleep: (ms: number, signal: AbortSignal) => Promise<void>): Broadcaster {
  const { services } = shop;
  const stop = new AbortController();
  let wake = Promise.withResolvers<void>();
  const listener = services.listen(['broadcasts'], () => wake.resolve());
  const running = (async () => {
    // What was being sent when an earlier process died may have arrived: it is not sent a second time.
    await settleUnclear(shop).catch(() => undefined);
    while (!stop.signal.aborted) {
      wake = Promise.withResolvers<void>();
      try {
        while (!stop.signal.aborted && (await sendNext(shop))) await sleep(PAUSE_MS, stop.signal);
      } catch (error) {
        services.logger.warn({ err: error }, 'a broadcast was interrupted; it goes on by itself');
      }
      const over = new AbortController();
      await Promise.race([wake.promise, sleep(ROUND_MS, AbortSignal.any([stop.signal, over.signal]))]);
      over.abort();
    }
  })();
  return {
    async close() {
      stop.abort();
      wake.resolve();
      await listener.close();
      await running;
    },
  };
}

async function settleUnclear({ services }: Shop): Promise<void> {
  await services.database.query(`UPDATE addressees SET state = 'failed', at = now() WHERE state = 'sending'`);
}

/** Sends one message; false when there is nothing to send. */
async function sendNext(shop: Shop): Promise<boolean> {
  const { database } = shop.services;
  const { rows } = await database.query<{ broadcast_id: string; telegram_id: string; text: string }>(
    `UPDATE addressees a SET state = 'sending', at = now() FROM broadcasts b
     WHERE b.id = a.broadcast_id AND (a.broadcast_id, a.telegram_id) = (
       SELECT n.broadcast_id, n.telegram_id FROM addressees n JOIN broadcasts o ON o.id = n.broadcast_id
       WHERE n.state = 'waiting' AND o.ended_at IS NULL ORDER BY o.created_at, n.telegram_id LIMIT 1
       FOR UPDATE OF n SKIP LOCKED)
     RETURNING a.broadcast_id, a.telegram_id, b.text`,
  );
  const [next] = rows;
  if (next === undefined) {
    await database.query(
      `UPDATE broadcasts b SET ended_at = now() WHERE ended_at IS NULL AND NOT EXISTS (
         SELECT FROM addressees a WHERE a.broadcast_id = b.id AND a.state IN ('waiting', 'sending'))`,
    );
    return false;
  }
  const state = await send(shop, Number(next.telegram_id), next.text);
  await database.query('UPDATE addressees SET state = $3, at = now() WHERE broadcast_id = $1 AND telegram_id = $2', [
    next.broadcast_id,
    next.telegram_id,
    state,
  ]);
  return true;
}

async function send(shop: Shop, telegramId: number, text: string): Promise<'sent' | 'refused' | 'failed'> {
  try {
    await tell(shop.api, telegramId, escapeHtml(text));
    return 'sent';
  } catch (error) {
    if (isUnwelcome(error)) {
      await shop.people.setBlocked(telegramId, true);
      return 'refused';
    }
    shop.services.logger.warn({ err: error }, 'a message of a broadcast was not taken');
    return 'failed';
  }
}
