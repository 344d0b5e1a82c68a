/** Follows `pool:events` over reconnects and tells listeners each event once, in order. */
import type { Redis } from 'ioredis';
import type { Logger } from '#core/telemetry/logger.ts';
import { keys } from '#shared/redis/keys.ts';
import { type PoolEvent, poolEventSchema } from '#shared/schemas/pool.ts';

/** A running follower of the event stream. */
export interface EventFollower {
  /** Resolves when it stands at the end of the stream: nothing that happens from then on is missed. */
  readonly ready: Promise<void>;
  /** Adds a listener; the function that comes back removes it. Listeners must not throw. */
  listen(listener: (event: PoolEvent) => void): () => void;
  /** Ends it; resolves when no listener will be called any more. */
  close(): Promise<void>;
}

/** How long one blocking read lasts; a bound for half-dead connections, not a poll interval. */
const BLOCK_MS = 5_000;
const RETRY_MS = 200;

/** Starts to follow from the end of the stream on. `connection` is used by nobody else: it blocks. */
export function followEvents(connection: Redis, logger: Logger, sleep: (ms: number) => Promise<void>): EventFollower {
  const listeners = new Set<(event: PoolEvent) => void>();
  const begun = Promise.withResolvers<void>();
  let closed = false;
  const tell = (event: PoolEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const running = (async () => {
    let last: string | undefined;
    while (!closed) {
      try {
        last ??= await newestId(connection);
        begun.resolve();
        last = await readOnce(connection, last, tell);
      } catch (error) {
        if (closed) break;
        logger.warn({ err: error }, 'the event stream is out of reach; trying again');
        await sleep(RETRY_MS);
      }
    }
  })();
  return {
    ready: begun.promise,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closed = true;
      listeners.clear();
      begun.resolve();
      connection.disconnect();
      await running;
    },
  };
}

async function newestId(connection: Redis): Promise<string> {
  const [newest] = await connection.xrevrange(keys.poolEvents, '+', '-', 'COUNT', 1);
  return newest?.[0] ?? '0-0';
}

async function readOnce(connection: Redis, last: string, tell: (event: PoolEvent) => void): Promise<string> {
  const answer = await connection.xread('COUNT', 500, 'BLOCK', BLOCK_MS, 'STREAMS', keys.poolEvents, last);
  const entries = answer?.[0]?.[1] ?? [];
  for (const [, fields] of entries) {
    const event = parseEvent(fields);
    if (event !== undefined) tell(event);
  }
  return entries.at(-1)?.[0] ?? last;
}

function parseEvent(fields: readonly string[]): PoolEvent | undefined {
  const pairs = fields.flatMap((field, index) => (index % 2 === 0 ? [[field, fields[index + 1] ?? '']] : []));
  return poolEventSchema.safeParse(Object.fromEntries(pairs)).data;
}
