/** Gives the tests of the booking bot one tenant's storage, filled as a fresh tenant's is, and its people. */
import type { Redis } from 'ioredis';
import type { KindLimits, KindServices, TenantProfile } from '#bot-runtime/runtime/kind.ts';
import { type Database, openDatabase } from '#core/postgres/database.ts';
import { applyMigrations, readMigrations } from '#core/postgres/migrate.ts';
import { seedTenant } from '#core/tenants/seed-booking.ts';
import { createTestDatabase } from '../support/stack.ts';

/** Monday, 23 November 2026, 12:00 in Moscow. */
export const NOON = Date.parse('2026-11-23T09:00:00Z');
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const TENANT: TenantProfile = {
  clientId: 'client_001',
  company: 'Salon <Beauty> & Co',
  ownerId: 900,
  locale: 'ru',
  timeZone: 'Europe/Moscow',
};

export const LIMITS: KindLimits = {
  maxBookingsPerUser: 3,
  cancellationHours: 2,
  workHoursStart: 9,
  workHoursEnd: 18,
  rateLimitMessageSeconds: 0,
  rateLimitCallbackSeconds: 0,
};

/** One tenant's storage. */
export interface TenantStorage {
  readonly database: Database;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Makes a tenant's schema by the migrations, seeds it, and opens it as a bot does. */
export async function createTenantStorage(
  options: { readonly tenant?: TenantProfile; readonly max?: number } = {},
): Promise<TenantStorage> {
  const tenant = options.tenant ?? TENANT;
  const test = await createTestDatabase();
  await test.database.transaction(async (tx) => {
    await tx.query('CREATE SCHEMA client_001');
    await applyMigrations(tx, 'client_001', readMigrations('booking'));
    await seedTenant(tx, tenant, LIMITS, NOON);
  });
  await test.database.query(`ALTER DATABASE ${test.facts.database} SET search_path = client_001, public`);
  const database = openDatabase({ ...test.facts, max: options.max ?? 3, applicationName: 'booking-test' });
  return {
    database,
    async [Symbol.asyncDispose]() {
      await database.close();
      await test[Symbol.asyncDispose]();
    },
  };
}

/** Writes customers down; answers their rows' ids. */
export async function addCustomers(database: Database, count: number): Promise<number[]> {
  const { rows } = await database.query<{ id: string }>(
    `INSERT INTO users (telegram_id, name, locale) SELECT 1000 + n, 'Customer ' || n, 'en' FROM generate_series(1, $1) n
     RETURNING id`,
    [count],
  );
  return rows.map(({ id }) => Number(id));
}

/** Counts rows; the condition comes from the test itself. */
export async function countRows(database: Database, from: string): Promise<number> {
  const { rows } = await database.query<{ count: number }>(`SELECT count(*)::integer AS count FROM ${from}`);
  return rows[0]?.count ?? -1;
}

/** What a runtime would give to the kind. */
export function servicesFor(
  database: Database,
  redis: Redis,
  overrides: Partial<Pick<KindServices, 'limits' | 'now' | 'sleep' | 'tenant' | 'logger'>> = {},
): KindServices {
  return {
    tenant: TENANT,
    limits: LIMITS,
    database,
    redis,
    redisPrefix: 'client_001:',
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    now: () => NOON,
    sleep: (_ms, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
    spare: () => Promise.resolve(),
    listen: () => ({ ready: Promise.resolve(), close: () => Promise.resolve() }),
    ...overrides,
  };
}
