/**
 * The pool as versions: one reader for all who follow it, and for each of them the difference since what they know. Who is
 * slow, or comes back, is told one difference for everything meanwhile; nothing is kept for anybody.
 */
import type { PoolBot, PoolCounts, PoolFeedEvent, PoolStatus } from '#shared/api/pool.ts';

/** Where snapshots come from; see `changes.ts` for the times. */
export interface PoolFeedOptions {
  readonly listen: (changed: () => void) => () => void;
  readonly read: () => Promise<PoolStatus>;
  readonly paceMs: number;
  readonly safetyMs: number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Names this run of the process: versions of another one mean nothing here. */
  readonly epoch: string;
}

/** See the file. */
export interface PoolFeed {
  /** The pool, or what has changed since `from`, and every change until the signal aborts. */
  follow(from: string | undefined, signal: AbortSignal): AsyncGenerator<PoolFeedEvent, void, void>;
}

/** So many removed bots are remembered; who is further behind is told the whole pool. */
const MOST_REMOVED = 2_000;

/** Makes the feed. It reads nothing while nobody follows. */
export function createPoolFeed(options: PoolFeedOptions): PoolFeed {
  const state = createVersions(options.epoch);
  let followers = 0;
  let stop = new AbortController();
  let told = Promise.withResolvers<void>();
  const tell = (): void => {
    told.resolve();
    told = Promise.withResolvers();
  };
  let failure: unknown;

  const run = async (signal: AbortSignal): Promise<void> => {
    let wake = new AbortController();
    const stopListening = options.listen(() => wake.abort());
    signal.addEventListener('abort', () => wake.abort(), { once: true });
    try {
      while (!signal.aborted) {
        wake = new AbortController();
        const before = state.version();
        state.take(await options.read());
        failure = undefined;
        if (state.version() !== before) tell();
        await options.sleep(options.paceMs, signal);
        if (!signal.aborted) await options.sleep(options.safetyMs, wake.signal);
      }
    } catch (error) {
      failure = error;
      tell();
    } finally {
      stopListening();
    }
  };

  const join = (): void => {
    followers += 1;
    if (followers > 1 && failure === undefined) return;
    failure = undefined;
    stop = new AbortController();
    void run(stop.signal);
  };
  const leave = (): void => {
    followers -= 1;
    if (followers > 0) return;
    stop.abort();
    state.forget();
  };

  return {
    async *follow(from, signal) {
      const left = Promise.withResolvers<void>();
      const end = (): void => left.resolve();
      signal.addEventListener('abort', end, { once: true });
      join();
      try {
        let known = from;
        while (!signal.aborted) {
          const news = told.promise;
          if (failure !== undefined) throw failure;
          const event = state.since(known);
          if (event !== undefined) yield event;
          known = event?.version ?? known;
          if (event === undefined) await Promise.race([news, left.promise]);
        }
      } finally {
        leave();
        signal.removeEventListener('abort', end);
      }
    },
  };
}

interface Versions {
  version(): number;
  /** Takes a snapshot; the version grows when it differs. */
  take(status: PoolStatus): void;
  /** What somebody with this version must be told; `undefined`: nothing. */
  since(version: string | undefined): PoolFeedEvent | undefined;
  /** Nobody looks any more: what is known grows old. Versions go on. */
  forget(): void;
}

/** The bookkeeping alone: pure over snapshots. */
export function createVersions(epoch: string): Versions {
  let version = 0;
  let counts: PoolCounts | undefined;
  let fresh = false;
  /** Who knows less than this must be told everything. */
  let floor = 0;
  const bots = new Map<string, { readonly bot: PoolBot; readonly text: string; readonly version: number }>();
  const removed = new Map<string, number>();

  const parse = (text: string | undefined): number | undefined => {
    const [of, number] = text?.split('.') ?? [];
    const known = Number(number);
    return of === epoch && Number.isInteger(known) && known >= floor && known <= version ? known : undefined;
  };

  return {
    version: () => version,
    take({ bots: list, ...now }) {
      const next = version + 1;
      let changed = counts === undefined || JSON.stringify(counts) !== JSON.stringify(now) || !fresh;
      const present = new Set<string>();
      for (const bot of list) {
        const text = JSON.stringify(bot);
        present.add(bot.container_id);
        if (bots.get(bot.container_id)?.text === text) continue;
        bots.set(bot.container_id, { bot, text, version: next });
        removed.delete(bot.container_id);
        changed = true;
      }
      for (const name of bots.keys()) {
        if (present.has(name)) continue;
        bots.delete(name);
        removed.set(name, next);
        changed = true;
      }
      for (const [name, at] of removed) {
        if (removed.size <= MOST_REMOVED) break;
        removed.delete(name);
        floor = at;
      }
      counts = now;
      fresh = true;
      if (changed) version = next;
    },
    since(text) {
      if (counts === undefined || !fresh) return undefined;
      const name = `${epoch}.${version}`;
      if (text === name) return undefined;
      const known = parse(text);
      if (known === undefined) {
        return { type: 'snapshot', version: name, counts, bots: [...bots.values()].map(({ bot }) => bot) };
      }
      const changed = [...bots.values()].filter((one) => one.version > known).map(({ bot }) => bot);
      const gone = [...removed].filter(([, at]) => at > known).map(([container]) => container);
      return { type: 'changes', version: name, counts, changed, removed: gone };
    },
    forget() {
      fresh = false;
    },
  };
}
