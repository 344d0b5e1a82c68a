/** What Redis knows of the pool right now: who waits, who lives, how many are in which state. Never the last word. */
import type { Redis } from 'ioredis';
import { countByState } from '#core/redis/pool-scripts.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { keys } from '#shared/redis/keys.ts';
import { type BotStatus, botStatusSchema } from '#shared/schemas/pool.ts';
import type { BotState } from '#shared/state/bot-state.ts';

/** One waiting process that may be claimed. */
export interface Candidate {
  readonly container: string;
  readonly bootId: string;
  readonly publicKey: string;
}

/** Counts by state; `total` is all bots whose heart beats. */
export interface PoolCounts extends Readonly<Record<BotState, number>> {
  readonly total: number;
}

/** Parses one status; `undefined` for nothing and for what is not a status. */
export function parseBotStatus(text: string | null | undefined): BotStatus | undefined {
  if (text === null || text === undefined) return undefined;
  try {
    return botStatusSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The statuses of these containers, in their order; each is written by its own container and nobody else. */
export async function readStatuses(
  redis: Redis,
  containers: readonly string[],
): Promise<readonly (BotStatus | undefined)[]> {
  if (containers.length === 0) return [];
  const texts = await redis.mget(containers.map((container) => keys.botStatus(container)));
  // A container that calls itself by another's name is not believed.
  return texts.map(parseBotStatus).map((status, at) => (status?.container_id === containers[at] ? status : undefined));
}

/** All bots with a status, by pool id. Costs in proportion to their number; for counts use {@link countBots}. */
export async function listBots(redis: Redis): Promise<readonly BotStatus[]> {
  const containers = await redis.smembers(keys.poolBots);
  const chunks = Array.from({ length: Math.ceil(containers.length / 500) }, (_unused, index) =>
    containers.slice(index * 500, (index + 1) * 500),
  );
  const statuses: BotStatus[] = [];
  for (const chunk of chunks) {
    for (const status of await readStatuses(redis, chunk)) if (status !== undefined) statuses.push(status);
  }
  return statuses.sort((a, b) => a.pool_id - b.pool_id);
}

/** The containers that Redis shows as serving a tenant, or about to. */
export async function listServing(redis: Redis): Promise<readonly string[]> {
  const lists = await Promise.all(
    (['activating', 'active'] as const).map((state) => redis.zrange(keys.poolBeats(state), 0, '-1')),
  );
  return lists.flat();
}

/** All processes that wait to be claimed. */
export async function listWaiting(redis: Redis): Promise<readonly Candidate[]> {
  return await readCandidates(redis, await redis.zrange(keys.poolWaiting, 0, '-1'));
}

/** How many bots are in which state; costs the same for ten and for ten thousand. */
export async function countBots(redis: Redis): Promise<PoolCounts> {
  const counts = await countByState(redis);
  return { ...counts, total: Object.values(counts).reduce((sum, count) => sum + count, 0) };
}

/** Hands out different candidates to callers that claim at the same time within this process. */
export interface CandidateSource {
  /**
   * Up to `count` live waiting bots, longest waiting first; nobody else in this process gets them until they are given
   * back. Empty only when no bot waits but the `refused`: containers that this caller has tried already.
   */
  take(count: number, refused?: ReadonlySet<string>): Promise<readonly Candidate[]>;
  /** A caller needs these no more, or has delivered to them. */
  giveBack(containers: readonly string[]): void;
}

const NOBODY: ReadonlySet<string> = new Set();

/**
 * Candidates from one Redis. Claims of other processes are kept apart by PostgreSQL. Whoever waits or comes when
 * `closing` aborts is told `control_plane_unreachable`.
 */
export function createCandidateSource(redis: Redis, closing?: AbortSignal): CandidateSource {
  const taken = new Set<string>();
  let givenBack = Promise.withResolvers<void>();
  closing?.addEventListener('abort', () => givenBack.resolve(), { once: true });
  const giveBack = (containers: readonly string[]): void => {
    for (const container of containers) taken.delete(container);
    givenBack.resolve();
    givenBack = Promise.withResolvers<void>();
  };
  const reserve = async (count: number, passedOver: ReadonlySet<string>): Promise<readonly string[]> => {
    for (;;) {
      if (closing?.aborted) throw new BotpoolError('control_plane_unreachable', {});
      const names = await redis.zrange(keys.poolWaiting, 0, String(taken.size + passedOver.size + count - 1));
      const left = names.filter((name) => !passedOver.has(name));
      const free = left.filter((name) => !taken.has(name)).slice(0, count);
      for (const name of free) taken.add(name);
      if (free.length > 0 || left.length === 0) return free;
      // Everybody who waits is in somebody's hands: most of them come back in a moment.
      await givenBack.promise;
    }
  };
  return {
    async take(count, refused = NOBODY) {
      const passedOver = new Set(refused);
      for (;;) {
        const names = await reserve(count, passedOver);
        if (names.length === 0) return [];
        const candidates = await readCandidates(redis, names).catch((error: unknown) => {
          giveBack(names);
          throw error;
        });
        // Names that wait in the list but do not live: live ones may stand behind them.
        const live = new Set(candidates.map((candidate) => candidate.container));
        const lifeless = names.filter((name) => !live.has(name));
        for (const name of lifeless) passedOver.add(name);
        giveBack(lifeless);
        if (candidates.length > 0) return candidates;
      }
    },
    giveBack,
  };
}

async function readCandidates(redis: Redis, containers: readonly string[]): Promise<readonly Candidate[]> {
  const statuses = await readStatuses(redis, containers);
  return statuses.flatMap((status) => (status?.status === 'waiting' ? [candidateOf(status)] : []));
}

function candidateOf(status: BotStatus): Candidate {
  return { container: status.container_id, bootId: status.boot_id, publicKey: status.public_key };
}
