import { expect, it } from 'vitest';
import { FIRST_LINK, nextLink, retryDelay } from './connection-state.ts';

const online = nextLink(FIRST_LINK, { type: 'opened', at: 1_000 });

it('marks what is shown as stale within three seconds of silence, and fresh at the next sign of life', () => {
  expect(nextLink(online, { type: 'tick', at: 2_500 }).stale).toBe(false);
  const silent = nextLink(online, { type: 'tick', at: 4_000 });
  expect(silent.stale).toBe(true);
  expect(nextLink(silent, { type: 'heard', at: 4_100 }).stale).toBe(false);
});

it('tells a connection that was lost from one that never was, and counts connections', () => {
  expect(nextLink(FIRST_LINK, { type: 'lost', retryAt: 1 }).phase).toBe('connecting');
  const lost = nextLink(online, { type: 'lost', retryAt: 9 });
  expect(lost).toMatchObject({ phase: 'offline', attempts: 1, retryAt: 9 });
  expect(nextLink(lost, { type: 'opened', at: 10 })).toMatchObject({ phase: 'online', generation: 2, attempts: 0 });
});

it('waits longer after each attempt, and never longer than about ten seconds', () => {
  expect(retryDelay(0, 0.5)).toBe(500);
  expect(retryDelay(3, 0.5)).toBe(4_000);
  expect(retryDelay(50, 1)).toBeCloseTo(12_000);
});
