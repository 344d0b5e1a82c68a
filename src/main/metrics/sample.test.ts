import { expect, it } from 'vitest';
import type { BotStatus } from '#shared/schemas/pool.ts';
import { poolUse, sampleOf } from './sample.ts';

const status = (id: number, boot: string, updates: number, cpu_ms: number): BotStatus => ({
  pool_id: id,
  container_id: `bot-${id}`,
  boot_id: boot,
  public_key: '',
  version: '1',
  status: 'active',
  since: 0,
  health: { updates, errors: 1, loop_lag_ms: id, memory_bytes: 100, cpu_ms },
});
const NOTHING = { done: 0, failed: 0, p50Ms: null, p95Ms: null };
const COUNTS = { total: 4, waiting: 1, activating: 0, active: 3, failed: 0, draining: 0 };

it('counts what was done between two looks, through restarts', () => {
  const first = poolUse([status(1, 'a', 1_000, 5_000)], undefined, 0);
  expect([first.updates, first.errors]).toEqual([0, 0]);
  const second = poolUse([status(1, 'a', 1_020, 7_000), status(2, 'n', 4, 0)], first.memory, 10_000);
  expect([second.updates, second.errors]).toEqual([24, 1]);
  expect(second.bots.map((bot) => bot.cpuCores)).toEqual([0.2, 0]);
  const restarted = poolUse([status(1, 'b', 3, 100)], second.memory, 20_000);
  expect([restarted.updates, restarted.bots[0]?.cpuCores]).toEqual([3, 0]);
});

it('makes rates of it, and says how full the pool is', () => {
  const first = poolUse([], undefined, 0);
  const use = poolUse([status(1, 'a', 20, 0), status(7, 'b', 30, 0)], first.memory, 10_000);
  expect(sampleOf(COUNTS, 2, use, 0, NOTHING)).toMatchObject({
    at: 10_000,
    fill: 0.75,
    queued: 2,
    updatesPerSecond: 5,
    botMemoryBytes: 200,
    worstLoopLagMs: 7,
  });
  expect(sampleOf({ ...COUNTS, total: 0 }, 0, first, undefined, NOTHING)).toMatchObject({
    fill: 0,
    errorsPerSecond: 0,
  });
});
