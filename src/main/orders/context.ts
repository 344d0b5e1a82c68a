/** What every part of the sales worker works with. */
import type { SalesBox } from '#core/billing/box.ts';
import type { Pool } from '#core/pool/index.ts';
import type { Database, Queryable } from '#core/postgres/database.ts';
import type { Vault } from '#core/secrets/vault.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import type { ReceiptRules } from './rules.ts';
import type { YooKassa } from './yookassa.ts';

/** See the file's head. */
export interface SalesContext {
  readonly database: Database;
  readonly pool: Pick<Pool, 'activateBot' | 'resumeBot' | 'changeToken' | 'deactivateBot' | 'deleteTenant' | 'listen'>;
  readonly vault: Vault;
  readonly box: SalesBox;
  readonly yookassa: YooKassa;
  readonly logger: Logger;
  readonly clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  readonly newId: () => string;
  readonly receipt: ReceiptRules;
  /** Where a buyer goes after paying: the Sales Bot's link. */
  readonly returnUrl: () => Promise<string>;
  /** How long a bot goes on without having been paid. Milliseconds. */
  readonly graceMs: number;
  /** How the pool fills itself, for honest estimates. */
  readonly refill: () => Promise<{ readonly batch: number; readonly startMs: number; readonly limited: boolean }>;
}

/** Who is written into the audit for what the worker does by itself. */
export const WORKER = 'sales-worker';

/** A transaction whose audit rows name the actor. */
export async function acting<T>(database: Database, actor: string, work: (tx: Queryable) => Promise<T>): Promise<T> {
  return await database.transaction(async (tx) => {
    await tx.query(`SELECT set_config('botpool.actor', $1, true)`, [actor]);
    return await work(tx);
  });
}

/** Writes down what a buyer is to be told; the same notice is written once, however often it is asked for: false then. */
export async function tell(
  tx: Queryable,
  notice: {
    readonly once: string;
    readonly buyerId: number;
    readonly chatId: number;
    readonly kind: string;
    readonly orderId?: string | null;
    readonly clientId?: string | null;
    readonly data?: Readonly<Record<string, string | number>>;
  },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO control.notices (once, buyer_id, chat_id, kind, order_id, client_id, data)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (once) DO NOTHING`,
    [
      notice.once,
      notice.buyerId,
      notice.chatId,
      notice.kind,
      notice.orderId ?? null,
      notice.clientId ?? null,
      JSON.stringify(notice.data ?? {}),
    ],
  );
  return rowCount > 0;
}
