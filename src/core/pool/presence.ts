/** What Redis knows of the pool right now: who waits, who lives, how many are in which state. Never the last word. */
import type { Redis } from 'ioredis';
import { countByState } from '#core/redis/pool-scripts.ts';
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

/** The statuses of these containers, in their order. */
export async function readStatuses(
  redis: Redis,
  containers: readonly string[],
): Promise<readonly (BotStatus | undefined)[]> {
  if (containers.length === 0) return [];
  const texts = await redis.mget(containers.map((container) => keys.botStatus(container)));
  return texts.map(parseBotStatus);
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

/** How many bots are in which state; costs the same for ten and for ten thousand. */
export async function countBots(redis: Redis): Promise<PoolCounts> {
  const counts = await countByState(redis);
  return { ...counts, total: Object.values(counts).reduce((sum, count) => sum + count, 0) };
}

/** Hands out different candidates to callers that claim at the same time within this process. */
export interface CandidateSource {
  /** Up to `count` live waiting bots, longest waiting first; nobody else in this process gets them until `giveBack`. */
  take(count: number): Promise<readonly Candidate[]>;
  giveBack(candidates: readonly Candidate[]): void;
}

/** Candidates from one Redis. Claims of other processes are kept apart by PostgreSQL. */
export function createCandidateSource(redis: Redis): CandidateSource {
  const taken = new Set<string>();
  return {
    async take(count) {
      const names = await redis.zrange(keys.poolWaiting, 0, String(taken.size + count - 1));
      const free = names.filter((name) => !taken.has(name)).slice(0, count);
      for (const name of free) taken.add(name);
      try {
        const statuses = await readStatuses(redis, free);
        const waiting = statuses.filter((status) => status?.status === 'waiting');
        const candidates = waiting.map((status) => ({
          container: status?.container_id ?? '',
          bootId: status?.boot_id ?? '',
          publicKey: status?.public_key ?? '',
        }));
        const kept = new Set(candidates.map((candidate) => candidate.container));
        for (const name of free) if (!kept.has(name)) taken.delete(name);
        return candidates;
      } catch (error) {
        for (const name of free) taken.delete(name);
        throw error;
      }
    },
    giveBack(candidates) {
      for (const candidate of candidates) taken.delete(candidate.container);
    },
  };
}
