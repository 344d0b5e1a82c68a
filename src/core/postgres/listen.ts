/** Hears what PostgreSQL tells by NOTIFY, over a connection of its own that is made again when it breaks. */
import pg from 'pg';

/** Where to listen, and whom to tell. */
export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly channels: readonly string[];
  /** Told each notification; after a connection was made again, once for every channel with an empty payload. */
  readonly onNotify: (channel: string, payload: string) => void;
  readonly onTrouble: (error: Error) => void;
  /** Resolves after a time, or at once when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** Begins to listen; the function that comes back ends it. What is told while it is away is made up for by one call. */
export function listenToPostgres(options: ListenOptions): () => Promise<void> {
  const stop = new AbortController();
  const running = keepListening(options, stop.signal);
  return async () => {
    stop.abort();
    await running;
  };
}

async function keepListening(options: ListenOptions, signal: AbortSignal): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      await listenOnce(options, signal, () => {
        pauseMs = FIRST_PAUSE_MS;
      });
    } catch (error) {
      if (!signal.aborted) options.onTrouble(error instanceof Error ? error : new Error(String(error)));
    }
    if (!signal.aborted) await options.sleep(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

/** Listens until the connection breaks or the signal aborts. */
async function listenOnce(options: ListenOptions, signal: AbortSignal, onReady: () => void): Promise<void> {
  const { host, port, database, user, password, channels, onNotify } = options;
  const client = new pg.Client({
    ...{ host, port, database, user, password, keepAlive: true },
    application_name: 'control-plane-listen',
    connectionTimeoutMillis: 5_000,
  });
  const ended = Promise.withResolvers<void>();
  client.on('error', ended.reject);
  client.on('end', () => ended.resolve());
  client.on('notification', ({ channel, payload }) => onNotify(channel, payload ?? ''));
  const end = (): void => void client.end().catch(() => undefined);
  try {
    await client.connect();
    for (const channel of channels) await client.query(`LISTEN "${channel}"`);
    onReady();
    for (const channel of channels) onNotify(channel, '');
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    await ended.promise;
  } finally {
    ended.promise.catch(() => undefined);
    signal.removeEventListener('abort', end);
    await client.end().catch(() => undefined);
  }
}
