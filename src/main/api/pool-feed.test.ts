import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PoolBot, PoolFeedEvent, PoolStatus } from '#shared/api/pool.ts';
import { createPoolFeed, createVersions } from './pool-feed.ts';

const bot = (id: number, status: PoolBot['status']): PoolBot => ({
  pool_id: id,
  container_id: `booking-bot-pool-${id}`,
  status,
  since: 0,
  version: '1',
});

function statusOf(bots: readonly PoolBot[]): PoolStatus {
  const counts = { waiting: 0, activating: 0, active: 0, failed: 0, draining: 0 };
  for (const one of bots) counts[one.status] += 1;
  return { total: bots.length, ...counts, queued: 0, bots: [...bots] };
}

/** What a reader knows after what it was told. */
function apply(known: Map<string, PoolBot>, event: PoolFeedEvent): Map<string, PoolBot> {
  if (event.type === 'snapshot') return new Map(event.bots.map((one) => [one.container_id, one]));
  const next = new Map(known);
  for (const one of event.changed) next.set(one.container_id, one);
  for (const name of event.removed) next.delete(name);
  return next;
}

it('leads every reader to the pool as it is, however often it looks and from wherever it comes back', () => {
  const pools = fc.array(
    fc.uniqueArray(fc.record({ id: fc.integer({ min: 1, max: 6 }), active: fc.boolean() }), { selector: (b) => b.id }),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(pools, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (steps, looks) => {
      const versions = createVersions('e');
      let known = new Map<string, PoolBot>();
      let at: string | undefined;
      for (const [index, step] of steps.entries()) {
        const bots = step.map(({ id, active }) => bot(id, active ? 'active' : 'waiting'));
        versions.take(statusOf(bots));
        if (looks[index] !== true && index < steps.length - 1) continue;
        const event = versions.since(at);
        if (event === undefined) continue;
        known = apply(known, event);
        at = event.version;
        expect([...known.values()].sort((a, b) => a.pool_id - b.pool_id)).toEqual(
          bots.sort((a, b) => a.pool_id - b.pool_id),
        );
      }
    }),
  );
});

it('tells only what has changed, and nothing when nothing has', () => {
  const versions = createVersions('e');
  versions.take(statusOf([bot(1, 'waiting'), bot(2, 'waiting')]));
  const first = versions.since(undefined);
  expect(first).toMatchObject({ type: 'snapshot', version: 'e.1', counts: { total: 2, waiting: 2 } });
  versions.take(statusOf([bot(1, 'waiting'), bot(2, 'waiting')]));
  expect(versions.since('e.1')).toBeUndefined();
  versions.take(statusOf([bot(1, 'waiting'), bot(2, 'active')]));
  expect(versions.since('e.1')).toMatchObject({ type: 'changes', changed: [bot(2, 'active')], removed: [] });
  versions.take(statusOf([bot(1, 'waiting')]));
  expect(versions.since('e.2')).toMatchObject({ changed: [], removed: ['booking-bot-pool-2'] });
  for (const unknown of ['other.2', 'e.9', 'e.x', '']) {
    expect([unknown, versions.since(unknown)?.type]).toEqual([unknown, 'snapshot']);
  }
});

it('reads once for all who follow, and not at all when nobody does', async () => {
  let reads = 0;
  let changed = (): void => undefined;
  let bots = [bot(1, 'waiting')];
  const read = async (): Promise<PoolStatus> => {
    reads += 1;
    return statusOf(bots);
  };
  const listen = (listener: () => void) => {
    changed = listener;
    return () => undefined;
  };
  const sleep = (_ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
      // The pace ends by itself, the safety look only by a change.
      if (_ms === 0) resolve();
    });
  const feed = createPoolFeed({ listen, read, paceMs: 0, safetyMs: 1, sleep, epoch: 'e' });
  expect(reads).toBe(0);
  const stop = new AbortController();
  const readers = [feed.follow(undefined, stop.signal), feed.follow(undefined, stop.signal)];
  const firsts = await Promise.all(readers.map((reader) => reader.next()));
  expect(firsts.map(({ value }) => (value as PoolFeedEvent).type)).toEqual(['snapshot', 'snapshot']);
  expect(reads).toBe(1);
  const nexts = readers.map((reader) => reader.next());
  bots = [bot(1, 'active')];
  changed();
  expect((await Promise.all(nexts)).map(({ value }) => (value as PoolFeedEvent).type)).toEqual(['changes', 'changes']);
  stop.abort();
  expect((await Promise.all(readers.map((reader) => reader.next()))).every(({ done }) => done)).toBe(true);
  const before = reads;
  changed();
  await new Promise((resolve) => setImmediate(resolve));
  expect(reads).toBe(before);
});

it('ends with what reading fails with, and begins anew with the next who comes', async () => {
  let fails = true;
  const read = async (): Promise<PoolStatus> => {
    if (fails) throw new Error('away');
    return statusOf([]);
  };
  const sleep = (_ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  const feed = createPoolFeed({ listen: () => () => undefined, read, paceMs: 0, safetyMs: 1, sleep, epoch: 'e' });
  await expect(feed.follow(undefined, new AbortController().signal).next()).rejects.toThrow('away');
  fails = false;
  const next = await feed.follow(undefined, new AbortController().signal).next();
  expect(next.value).toMatchObject({ type: 'snapshot' });
});
