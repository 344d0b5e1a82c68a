/** Hears PostgreSQL's NOTIFY on a connection of its own, over cuts and restarts. A signal is a wake-up, never the truth. */
import pg from 'pg';
import type { DatabaseOptions } from './database.ts';

/** How to listen. */
export interface ListenerOptions
  extends Pick<DatabaseOptions, 'host' | 'port' | 'database' | 'user' | 'password' | 'applicationName'> {
  readonly channels: readonly string[];
  /** Called with each signal. Must not throw. */
  readonly onSignal: (channel: string, payload: string) => void;
  /** Called whenever it has begun to listen: what was said before that was missed, so look at everything. */
  readonly onReady: () => void;
  readonly onTrouble?: (error: Error) => void;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A running listener. */
export interface Listener {
  /** Resolves when it listens for the first time, or is closed. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

const RETRY_MS = 250;
/** A connection that is cut without a word is found by asking so often. */
const PROBE_MS = 10_000;
const PROBE_TIMEOUT_MS = 5_000;

/** Starts to listen; connects again until it is closed. */
export function listen(options: ListenerOptions): Listener {
  const stop = new AbortController();
  const begun = Promise.withResolvers<void>();
  const running = (async () => {
    while (!stop.signal.aborted) {
      try {
        await listenOnce(options, stop.signal, begun.resolve);
      } catch (error) {
        if (!stop.signal.aborted) options.onTrouble?.(error instanceof Error ? error : new Error(String(error)));
      }
      await options.sleep(RETRY_MS, stop.signal);
    }
    begun.resolve();
  })();
  return {
    ready: begun.promise,
    async close() {
      stop.abort();
      await running;
    },
  };
}

/** One connection, until it breaks or the signal aborts. */
async function listenOnce(options: ListenerOptions, signal: AbortSignal, ready: () => void): Promise<void> {
  const { host, port, database, user, password, applicationName } = options;
  const client = new pg.Client({
    host,
    port,
    database,
    user,
    password,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    query_timeout: PROBE_TIMEOUT_MS,
    keepAlive: true,
  });
  const broken = new AbortController();
  let trouble: Error | undefined;
  const onBroken = (error?: Error): void => {
    trouble ??= error;
    broken.abort();
  };
  client.on('error', onBroken);
  client.on('end', () => onBroken());
  client.on('notification', ({ channel, payload }) => options.onSignal(channel, payload ?? ''));
  const over = AbortSignal.any([signal, broken.signal]);
  try {
    await client.connect();
    for (const channel of options.channels) await client.query(`LISTEN ${channel}`);
    options.onReady();
    ready();
    while (!over.aborted) {
      await options.sleep(PROBE_MS, over);
      if (!over.aborted) await client.query('SELECT 1');
    }
    if (trouble !== undefined) throw trouble;
  } finally {
    await client.end().catch(() => undefined);
  }
}
