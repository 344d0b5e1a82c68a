/** When the alerts of the reconciler begin and end, by a clock that the test moves. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listAlerts } from '#core/alerts/alerts.ts';
import { migrateControl } from '#core/postgres/migrate.ts';
import { createAlarms } from '#main/reconciler/alarms.ts';
import type { Divergence } from '#shared/schemas/divergence.ts';
import { createTestDatabase, type TestDatabase } from '../support/stack.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await migrateControl(test.database);
});
afterAll(() => test[Symbol.asyncDispose]());

const open = async (): Promise<readonly (readonly [string, unknown])[]> =>
  (await listAlerts(test.database)).map(({ code, facts }) => [code, facts['count'] ?? facts['container'] ?? null]);

it('tells of bots that died together once, with all of them, also when looks lie far apart, and ends when it was quiet', async () => {
  let now = 0;
  const alarms = createAlarms(test.database, { epoch: 1, holder: 'one' }, () => now);
  for (const bot of ['a', 'b', 'c', 'd']) alarms.died(bot);
  await alarms.looked([], 8);
  expect(await open()).toEqual([]);
  now = 1_000;
  alarms.died('e');
  await alarms.looked([], 8);
  expect(await open()).toEqual([['bots_died_together', 5]]);
  now = 2_000;
  alarms.died('f');
  now = 30_000;
  await alarms.looked([], 8);
  expect(await open()).toEqual([['bots_died_together', 6]]);
  now = 89_999;
  await alarms.looked([], 8);
  expect((await open()).length).toBe(1);
  now = 90_000;
  await alarms.looked([], 8);
  expect(await open()).toEqual([]);
});

it('does not take one bot that dies five times for a crowd', async () => {
  const alarms = createAlarms(test.database, { epoch: 1, holder: 'one' }, () => 0);
  for (let times = 0; times < 5; times += 1) alarms.died('a');
  await alarms.looked([], 8);
  expect(await open()).toEqual([]);
});

it('names a silent leader for ten minutes, and what an earlier leader has told ends with its cause', async () => {
  let now = 0;
  const flapping: Divergence = { kind: 'bot_flapping', target: 'a', data: { restarts: 3 }, remedy: 'told' };
  await createAlarms(test.database, { epoch: 1, holder: 'one' }, () => now).looked([flapping], 8);
  expect(await open()).toEqual([['bot_flapping', 'a']]);
  const lapsed = { holder: 'one', silentMs: 12_000 };
  const next = createAlarms(test.database, { epoch: 2, holder: 'two', lapsed }, () => now);
  await next.looked([], 8);
  expect(await open()).toEqual([['leader_silent', null]]);
  now = 600_000;
  await next.looked([], 8);
  expect(await open()).toEqual([]);
});
