/** Remembers which updates were handled, over the death of this process, so that a repeated one is not handled twice. */
import type { Redis } from 'ioredis';

/** Telegram repeats an unconfirmed update for at most 24 hours. */
const KEEP_SECONDS = 86_400;
/** What this process remembers by itself while Redis is away. */
const REMEMBERED = 2_000;

/** See {@link createHandledUpdates}. */
export interface HandledUpdates {
  /** With `surely` it rejects when Redis is away; otherwise this process's own memory must do. */
  before(updateIds: readonly number[], surely: boolean): Promise<ReadonlySet<number>>;
  note(updateId: number): Promise<void>;
}

/** Keeps one key per handled update under the tenant's prefix, and the newest in memory. */
export function createHandledUpdates(redis: Redis, prefix: string, onAway: (error: unknown) => void): HandledUpdates {
  const remembered = new Set<number>();
  const key = (updateId: number): string => `${prefix}handled:${updateId}`;
  // What ends at the same moment goes to Redis together.
  let gathering: { readonly ids: number[]; readonly written: Promise<void> } | undefined;
  const write = async (ids: readonly number[]): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    gathering = undefined;
    const pipeline = redis.pipeline();
    for (const updateId of ids) pipeline.set(key(updateId), '1', 'EX', KEEP_SECONDS);
    const results = await pipeline.exec();
    const failed = results?.find(([error]) => error !== null)?.[0];
    if (failed !== undefined && failed !== null) onAway(failed);
  };
  return {
    async before(updateIds, surely) {
      const found = new Set(updateIds.filter((updateId) => remembered.has(updateId)));
      try {
        const marks = await redis.mget(updateIds.map(key));
        for (const [index, mark] of marks.entries()) if (mark !== null) found.add(updateIds[index] ?? 0);
      } catch (error) {
        if (surely) throw error;
        onAway(error);
      }
      return found;
    },
    async note(updateId) {
      remembered.add(updateId);
      if (remembered.size > REMEMBERED) remembered.delete(remembered.values().next().value ?? updateId);
      if (gathering === undefined) {
        const ids: number[] = [];
        gathering = { ids, written: write(ids).catch(onAway) };
      }
      gathering.ids.push(updateId);
      await gathering.written;
    },
  };
}
