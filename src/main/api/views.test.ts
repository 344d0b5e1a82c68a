import { expect, it } from 'vitest';
import type { Tenant } from '#core/tenants/tenants.ts';
import { poolStatusSchema } from '#shared/api/pool.ts';
import type { BotStatus } from '#shared/schemas/pool.ts';
import { poolStatusOf } from './pool-view.ts';
import { queueOf, tenantViewOf } from './tenant-view.ts';

const status = (pool_id: number, more: Partial<BotStatus>): BotStatus => ({
  pool_id,
  container_id: `booking-bot-pool-${pool_id}`,
  boot_id: 'boot',
  public_key: 'key',
  version: '1',
  status: 'waiting',
  since: 1_000,
  ...more,
});

it('counts the bots that it lists, says what is wrong with them, and nothing else of them', () => {
  const health = { updates: 0, errors: 0, loop_lag_ms: 0, memory_bytes: 0, problem: 'token_in_use' as const };
  const view = poolStatusOf(
    [
      status(1, {}),
      status(2, { status: 'active', client_id: 'client_001', health }),
      status(3, { status: 'failed', outcome: 'timeout' }),
    ],
    4,
  );
  expect(poolStatusSchema.strict().parse(view)).toEqual(view);
  expect(view).toMatchObject({ total: 3, waiting: 1, activating: 0, active: 1, failed: 1, draining: 0, queued: 4 });
  expect(view.bots.map((bot) => bot.problem)).toEqual([undefined, 'token_in_use', 'timeout']);
  expect(JSON.stringify(view)).not.toContain('public_key');
});

const tenant = (clientId: string, queuedAt: number | null): Tenant => ({
  clientId,
  company: 'Anna Nails',
  kind: 'booking',
  locale: 'ru',
  timeZone: 'Europe/Moscow',
  ownerId: 5,
  state: 'active',
  fence: 1,
  tokenSealed: 'sealed',
  tokenFingerprint: 'print',
  botUsername: null,
  queuedAt: queuedAt === null ? null : new Date(queuedAt),
  firstActiveAt: null,
  createdAt: new Date(0),
});

it('says the place of a client in the queue, longest waiting first, and none of its secrets', () => {
  const tenants = [tenant('client_001', 30), tenant('client_002', null), tenant('client_003', 10)];
  const queue = queueOf(tenants);
  const views = tenants.map((one) => tenantViewOf(one, undefined, queue));
  expect(views.map((view) => view.queuePosition)).toEqual([2, null, 1]);
  expect(JSON.stringify(views)).not.toMatch(/sealed|print|fence/);
});
