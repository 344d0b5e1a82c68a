import { expect, it } from 'vitest';
import type { PoolBot, PoolFeedEvent } from '#shared/api/pool.ts';
import { concernsOf, NO_POOL, nextPool, verdictOf } from './pool-reducer.ts';

function bot(number: number, change: Partial<PoolBot> = {}): PoolBot {
  const container = `booking-bot-pool-${number}`;
  return { pool_id: number, container_id: container, status: 'waiting', since: 1, version: 'dev', ...change };
}

function counts(change: Partial<PoolFeedEvent['counts']> = {}): PoolFeedEvent['counts'] {
  return { total: 2, waiting: 2, activating: 0, active: 0, failed: 0, draining: 0, queued: 0, ...change };
}

const first = nextPool(NO_POOL, { type: 'snapshot', version: '1', counts: counts(), bots: [bot(2), bot(1)] }, 1_000);

it('shows bots by their number and keeps those that did not change', () => {
  expect(first.bots.map(({ pool_id }) => pool_id)).toEqual([1, 2]);
  const active = bot(2, { status: 'active', client_id: 'client_001' });
  const next = nextPool(
    first,
    {
      type: 'changes',
      version: '2',
      counts: counts({ waiting: 1, active: 1 }),
      changed: [bot(1), active],
      removed: [],
    },
    2_000,
  );
  expect(next.bots[0]).toBe(first.bots[0]);
  expect(next.bots[1]).toEqual(active);
  expect(next).toMatchObject({ version: '2', at: 2_000 });
});

it('forgets a container that is gone, and those that a later snapshot does not name', () => {
  const removed: PoolFeedEvent = {
    type: 'changes',
    version: '2',
    counts: counts({ total: 1 }),
    changed: [],
    removed: ['booking-bot-pool-1'],
  };
  expect(nextPool(first, removed, 2).bots.map(({ pool_id }) => pool_id)).toEqual([2]);
  const anew: PoolFeedEvent = { type: 'snapshot', version: '9', counts: counts(), bots: [bot(1)] };
  expect(nextPool(first, anew, 2).bots).toEqual([first.bots[0]]);
});

it('says that something needs a person when clients wait or bots cannot reach their customers', () => {
  expect(verdictOf(NO_POOL)).toBe('empty');
  const full = { ...first, counts: counts({ total: 10, waiting: 5, active: 5 }) };
  expect(verdictOf(full)).toBe('good');
  expect(verdictOf({ ...full, counts: counts({ total: 10, waiting: 0 }) })).toBe('attention');
  expect(verdictOf({ ...full, counts: counts({ total: 10, waiting: 5, queued: 1 }) })).toBe('trouble');
  const troubled = { ...full, bots: [bot(1, { status: 'active', problem: 'token_in_use' })] };
  expect(concernsOf(troubled)).toEqual([{ kind: 'problem', count: 1 }]);
});
