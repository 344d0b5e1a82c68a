/** Plays the year with servers of its own: what `npm run soak -- year` runs. */
import { openDatabase } from '#core/postgres/database.ts';
import { applyMigrations, readMigrations } from '#core/postgres/migrate.ts';
import { openRedis } from '#core/redis/connection.ts';
import { seedTenant } from '#core/tenants/seed-booking.ts';
import { startSandbox } from '#sandbox/server.ts';
import { startTestStack } from '../support/own-stack.ts';
import { randomOf } from './random.ts';
import { playYear, type YearResult } from './year.ts';

const TENANT = {
  clientId: 'client_001',
  company: 'Salon',
  ownerId: 1,
  locale: 'en',
  timeZone: 'Europe/Berlin',
} as const;
const LIMITS = {
  maxBookingsPerUser: 1_000,
  cancellationHours: 0,
  workHoursStart: 9,
  workHoursEnd: 18,
  rateLimitMessageSeconds: 0,
  rateLimitCallbackSeconds: 0,
} as const;

/** Plays a year with so many attempts to book. */
export async function soakYear({ bookings, seed }: { bookings: number; seed: number }): Promise<YearResult> {
  await using stack = await startTestStack();
  await using sandbox = await startSandbox();
  const facts = { ...stack.postgres, max: 4, applicationName: 'year' };
  const admin = openDatabase({ ...facts, database: 'postgres' });
  await admin.query('CREATE DATABASE year');
  await admin.query('ALTER DATABASE year SET search_path = client_001, public');
  await admin.close();
  const database = openDatabase({ ...facts, database: 'year' });
  const redis = openRedis({ ...stack.redis, username: stack.redis.user, name: 'year', onError: () => undefined });
  try {
    await database.transaction(async (tx) => {
      await tx.query('CREATE EXTENSION IF NOT EXISTS btree_gist');
      await tx.query('CREATE SCHEMA client_001');
      await applyMigrations(tx, 'client_001', readMigrations('booking'));
      await seedTenant(tx, TENANT, LIMITS, Date.now());
    });
    const told = (fields: object, message: string): void => console.error(message, fields);
    return await playYear({
      database,
      services: {
        ...{ tenant: TENANT, limits: LIMITS, database, redis, redisPrefix: 'client_001:' },
        logger: { info: () => undefined, warn: told, error: told },
        now: () => Date.now(),
        sleep: () => Promise.resolve(),
        spare: () => Promise.resolve(),
        listen: () => ({ ready: Promise.resolve(), close: () => Promise.resolve() }),
      },
      ...{ sandboxUrl: sandbox.url, telegramApiRoot: sandbox.telegramApiRoot, bookings, random: randomOf(seed) },
    });
  } finally {
    redis.disconnect();
    await database.close();
  }
}
