/** A year of a salon, small: the same as `npm run soak -- year` with fewer bookings. */
import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { startSandbox } from '#sandbox/server.ts';
import { randomOf } from '../soak/random.ts';
import { playYear } from '../soak/year.ts';
import { createTestRedis } from '../support/stack.ts';
import { createTenantStorage, servicesFor } from './booking-world.ts';

const SEED = Number(process.env['SEED'] ?? randomInt(1, 2 ** 31 - 1));

test('in a year of bookings, moves, cancels, days off and changes of the clocks each reminder comes once, in its minute', async () => {
  console.log(`seed of the year: ${SEED} (replay with SEED=${SEED})`);
  await using storage = await createTenantStorage({ max: 4 });
  await using redis = await createTestRedis();
  await using sandbox = await startSandbox();
  const result = await playYear({
    database: storage.database,
    services: servicesFor(storage.database, redis.redis),
    sandboxUrl: sandbox.url,
    telegramApiRoot: sandbox.telegramApiRoot,
    bookings: 150,
    random: randomOf(SEED),
  });
  const { missing, extra, late } = result;
  expect({ missing, extra, late }, `seed ${SEED}`).toEqual({ missing: [], extra: [], late: [] });
  expect(result.sent).toBe(result.expected);
  expect(result.sent).toBeGreaterThan(100);
  expect(Math.min(result.moved, result.cancelled, result.restarts, result.daysOff)).toBeGreaterThan(0);
}, 60_000);
