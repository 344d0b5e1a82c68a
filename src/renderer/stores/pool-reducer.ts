/** What the panel keeps of the pool: pure, over the events of `pool.follow`. */
import type { PoolBot, PoolCounts, PoolFeedEvent } from '#shared/api/pool.ts';

/** See the file. `bots` by pool id; a bot that did not change is the same object as before. */
export interface PoolState {
  readonly bots: readonly PoolBot[];
  readonly counts: PoolCounts;
  /** When something came last; null before the first snapshot. */
  readonly at: number | null;
  /** Where the stream goes on after a cut. */
  readonly version: string | undefined;
}

/** Before the first snapshot. */
export const NO_POOL: PoolState = {
  bots: [],
  counts: { total: 0, waiting: 0, activating: 0, active: 0, draining: 0, failed: 0, queued: 0 },
  at: null,
  version: undefined,
};

/**
 * The next state. Bots that are told as they were keep their identity, so that only changed tiles are drawn again; after
 * a snapshot, too.
 */
export function nextPool(before: PoolState, event: PoolFeedEvent, at: number): PoolState {
  const known = new Map(before.bots.map((bot) => [bot.container_id, bot]));
  const kept = (bot: PoolBot): PoolBot => {
    const old = known.get(bot.container_id);
    return old !== undefined && sameBot(old, bot) ? old : bot;
  };
  if (event.type === 'snapshot') return { ...told(event, at), bots: event.bots.map(kept).sort(byNumber) };
  for (const bot of event.changed) known.set(bot.container_id, kept(bot));
  for (const container of event.removed) known.delete(container);
  return { ...told(event, at), bots: [...known.values()].sort(byNumber) };
}

function told({ counts, version }: PoolFeedEvent, at: number): Omit<PoolState, 'bots'> {
  return { counts, version, at };
}

function byNumber(a: PoolBot, b: PoolBot): number {
  return a.pool_id - b.pool_id;
}

function sameBot(a: PoolBot, b: PoolBot): boolean {
  return (
    a.status === b.status &&
    a.client_id === b.client_id &&
    a.since === b.since &&
    a.problem === b.problem &&
    a.version === b.version &&
    a.pool_id === b.pool_id
  );
}

/** How the business is, in one word. */
export type Verdict = 'empty' | 'good' | 'attention' | 'trouble';

/** What is not as it should be. */
export interface Concern {
  readonly kind: 'queued' | 'failed' | 'problem' | 'no-free' | 'few-free';
  readonly count: number;
}

/** Fewer free bots than this are few. */
export const FEW_FREE = 3;

/** The concerns, the worst first. */
export function concernsOf({ counts, bots }: PoolState): readonly Concern[] {
  const problems = bots.filter((bot) => bot.problem !== undefined && bot.status !== 'failed').length;
  const free = counts.waiting;
  const all: readonly Concern[] = [
    { kind: 'queued', count: counts.queued },
    { kind: 'problem', count: problems },
    { kind: 'failed', count: counts.failed },
    { kind: 'no-free', count: counts.total > 0 && free === 0 ? counts.total : 0 },
    { kind: 'few-free', count: counts.total >= FEW_FREE && free > 0 && free < FEW_FREE ? free : 0 },
  ];
  return all.filter(({ count }) => count > 0);
}

/** The word for them. */
export function verdictOf(state: PoolState): Verdict {
  if (state.counts.total === 0) return 'empty';
  const kinds = concernsOf(state).map(({ kind }) => kind);
  if (kinds.some((kind) => kind === 'queued' || kind === 'problem')) return 'trouble';
  return kinds.length > 0 ? 'attention' : 'good';
}

/** The share of bots that are taken, 0 to 1. */
export function fillOf({ total, waiting }: PoolCounts): number {
  return total === 0 ? 0 : (total - waiting) / total;
}
