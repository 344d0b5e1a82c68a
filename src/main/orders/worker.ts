/**
 * The worker that carries sales through. PostgreSQL holds every step as a row with the time when it is due; a signal only
 * wakes the worker early. It runs on the leader, and what two workers might do at once comes to the same.
 */
import type { Leadership } from '#core/leadership/leadership.ts';
import type { DatabaseOptions } from '#core/postgres/database.ts';
import { listen } from '#core/postgres/listener.ts';
import { SALES_CHANNELS } from '#shared/schemas/sales.ts';
import type { SalesContext } from './context.ts';
import { tendHint } from './hints.ts';
import { tendOrder } from './orders.ts';
import { tendPayment } from './payments.ts';
import { countPlaces } from './places.ts';
import { tendRefund } from './refunds.ts';
import { tendPeriods } from './renewals.ts';
import { tendRequest } from './requests.ts';
import { sweepPayments } from './sweep.ts';

/** What the worker needs beside what its parts work with. */
export interface SalesWorkerOptions extends SalesContext {
  readonly leadership: Pick<Leadership, 'whileLeading'>;
  /** Where PostgreSQL's signals are heard. */
  readonly listenAt: Pick<DatabaseOptions, 'host' | 'port' | 'database' | 'user' | 'password'>;
  /** The safety net under the signals. Default 1 s. */
  readonly roundMs?: number;
}

/** A running worker. */
export interface SalesWorker {
  close(): Promise<void>;
}

const ROUND_MS = 1_000;
const SLOW_ROUND_MS = 60_000;
const SWEEP_EVERY_MS = 30 * 60_000;
const BATCH = 50;
/** How many steps of one sort are under way at once. */
const AT_ONCE = 16;

type Step = (context: SalesContext, id: string) => Promise<void>;

/** Each sort of job: its table, and the step that is done when one is due. */
const JOBS: readonly (readonly [table: string, step: Step])[] = [
  ['payment_hints', tendHint],
  ['payments', tendPayment],
  ['orders', tendOrder],
  ['refunds', tendRefund],
  ['buyer_requests', tendRequest],
];

/** Starts the worker. */
export function startSalesWorker(options: SalesWorkerOptions): SalesWorker {
  const { logger, clock, database } = options;
  const inHand = new Map<string, Promise<void>>();
  let wake = Promise.withResolvers<void>();
  const call = (): void => wake.resolve();

  const begin = (table: string, id: string, step: Step): void => {
    const key = `${table} ${id}`;
    const running = step(options, id)
      .catch(async (error: unknown) => {
        logger.warn({ err: error, table, id }, 'a step of a sale failed; trying again');
        await putOff(table, id);
      })
      .finally(() => {
        inHand.delete(key);
        call();
      });
    inHand.set(key, running);
  };

  /** What fails in a way that nobody foresaw may not keep the worker busy. */
  const putOff = async (table: string, id: string): Promise<void> => {
    await database
      .query(`UPDATE control.${table} SET next_at = clock_timestamp() + interval '15 seconds' WHERE id = $1`, [id])
      .catch(() => clock.sleep(ROUND_MS));
  };

  const round = async (): Promise<void> => {
    for (const [table, step] of JOBS) {
      const { rows } = await database.query<{ id: string }>(
        `SELECT id FROM control.${table} WHERE next_at <= clock_timestamp() ORDER BY next_at LIMIT $1`,
        [BATCH],
      );
      const busy = [...inHand.keys()].filter((key) => key.startsWith(`${table} `)).length;
      const fresh = rows.filter(({ id }) => !inHand.has(`${table} ${id}`));
      for (const { id } of fresh.slice(0, Math.max(0, AT_ONCE - busy))) begin(table, id, step);
    }
    await countPlaces(options);
  };

  const lead = async ({ signal }: { readonly signal: AbortSignal }): Promise<void> => {
    const listener = listen({
      ...options.listenAt,
      applicationName: 'sales-worker',
      channels: [SALES_CHANNELS.orders, SALES_CHANNELS.hints, SALES_CHANNELS.requests],
      onSignal: call,
      onReady: call,
      sleep: (ms, over) => clock.sleep(ms, over),
    });
    const stopPool = options.pool.listen(({ type, client_id: clientId }) => {
      if (type === 'active' && clientId !== undefined) void hurry(clientId);
    });
    /** The client has its bot: its order need not wait for its next look. */
    const hurry = async (clientId: string): Promise<void> => {
      await database
        .query(
          `UPDATE control.orders SET next_at = clock_timestamp()
           WHERE client_id = $1 AND state = 'activating' AND reason = 'pool_empty'`,
          [clientId],
        )
        .catch((error: unknown) => logger.warn({ err: error }, 'an order waits for its next look'));
    };
    const slow = slowly(signal);
    try {
      while (!signal.aborted) {
        wake = Promise.withResolvers();
        await round().catch((error: unknown) =>
          logger.warn({ err: error }, 'a round of sales failed; the next follows'),
        );
        const over = new AbortController();
        await Promise.race([
          wake.promise,
          clock.sleep(options.roundMs ?? ROUND_MS, AbortSignal.any([signal, over.signal])),
        ]);
        over.abort();
      }
    } finally {
      stopPool();
      await listener.close();
      await slow;
      await Promise.allSettled(inHand.values());
    }
  };

  const slowly = async (signal: AbortSignal): Promise<void> => {
    for (let sweptAt = Number.NEGATIVE_INFINITY; !signal.aborted; ) {
      try {
        await tendPeriods(options);
        if (clock.now() - sweptAt >= SWEEP_EVERY_MS) {
          await sweepPayments(options);
          sweptAt = clock.now();
        }
      } catch (error) {
        logger.warn({ err: error }, 'paid periods could not be looked after; trying again');
      }
      await clock.sleep(SLOW_ROUND_MS, signal);
    }
  };

  const stop = options.leadership.whileLeading('sales', lead);
  return { close: stop };
}
