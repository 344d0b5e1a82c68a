/** Owns how we connect to Redis: retries for ever with back-off, fails a command fast while it is away. */
import { Redis } from 'ioredis';

/** How to reach Redis. */
export interface RedisOptions {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** How an operator recognises this connection in `CLIENT LIST`. */
  readonly name: string;
  /** `true` for connections that block on a list or stream: their commands wait for a reconnect instead of failing. */
  readonly blocking?: boolean;
  /** A command without an answer fails after this time, in ms; not for blocking connections. Default 5,000. */
  readonly commandTimeoutMs?: number;
  /**
   * A connection on which a command has waited so long, in ms, without anything being heard is taken for dead and made
   * anew. Must exceed the time for which commands block. Default 15,000.
   */
  readonly silenceMs?: number;
  /** Called for each lost or refused connection; the client goes on trying. */
  readonly onError?: (error: Error) => void;
}

/** Opens a connection in the background. Commands sent before it stands are queued. */
export function openRedis(options: RedisOptions): Redis {
  const redis = new Redis({
    host: options.host,
    port: options.port,
    username: options.username,
    password: options.password,
    connectionName: options.name,
    // RESP2: limited users may not say HELLO with every server, and nothing here needs RESP3.
    protocol: 2,
    enableReadyCheck: false,
    disableClientInfo: true,
    maxRetriesPerRequest: options.blocking === true ? null : 2,
    ...(options.blocking === true ? {} : { commandTimeout: options.commandTimeoutMs ?? 5_000 }),
    // A frozen server and a connection whose other end is gone say nothing, not even that they are.
    socketTimeout: options.silenceMs ?? 15_000,
    connectTimeout: 3_000,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), 2_000),
  });
  redis.on('error', (error: Error) => options.onError?.(error));
  return redis;
}
