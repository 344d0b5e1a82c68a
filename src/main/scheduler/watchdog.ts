/** Notices that nobody runs the schedules any more. It stands beside the scheduler, not in it. */
import { raiseAlert, resolveAlert } from '#core/alerts/alerts.ts';
import type { Database } from '#core/postgres/database.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';

/** What the watchdog needs. Times in milliseconds. */
export interface WatchdogOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A scheduler looks every 15 s; one that has said nothing for so long is not there. Default 40 s. */
  readonly silentMs?: number;
  /** Default 10 s. */
  readonly everyMs?: number;
}

const SILENT_MS = 40_000;
const EVERY_MS = 10_000;
const KEY = 'scheduler';

/** Starts it; whoever has been silent before gets its time to begin. */
export function startWatchdog(options: WatchdogOptions): { close(): Promise<void> } {
  const { logger, sleep, silentMs = SILENT_MS, everyMs = EVERY_MS } = options;
  const stop = new AbortController();
  const running = (async () => {
    await sleep(silentMs, stop.signal);
    while (!stop.signal.aborted) {
      await lookOnce(options.database, silentMs).catch((error: unknown) => {
        if (!stop.signal.aborted) logger.warn({ err: error }, 'nobody knows whether schedules are run');
      });
      await sleep(everyMs, stop.signal);
    }
  })();
  return {
    async close() {
      stop.abort();
      await running;
    },
  };
}

async function lookOnce(database: Database, silentMs: number): Promise<void> {
  const { rows } = await database.query<{ ms: number }>(
    'SELECT (extract(epoch FROM clock_timestamp() - at) * 1000)::float8 AS ms FROM control.scheduler_beat',
  );
  const ms = rows[0]?.ms ?? Number.POSITIVE_INFINITY;
  if (ms <= silentMs) return await resolveAlert(database, KEY);
  const seconds = Number.isFinite(ms) ? Math.round(ms / 1_000) : 'many';
  await raiseAlert(database, {
    key: KEY,
    severity: 'critical',
    error: new BotpoolError('scheduler_silent', { seconds }),
  });
}
