/** A control plane's pool on a Compose stack: the host's side through the loopback ports, the bots' inside the network. */

import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { type Pool, startPool } from '#core/pool/index.ts';
import { openDatabase } from '#core/postgres/database.ts';
import { migrateControl, readMigrations } from '#core/postgres/migrate.ts';
import { openRedis } from '#core/redis/connection.ts';
import { createVault } from '#core/secrets/vault.ts';
import { createLogger } from '#core/telemetry/logger.ts';
import { prepareRehearsal } from '#core/tenants/rehearsal.ts';
import { seedTenant } from '#core/tenants/seed-booking.ts';
import type { KindStorage } from '#core/tenants/storage.ts';
import { createPoolBots } from '#main/stack/pool-bots.ts';
import { createPoolFleet, type PoolFleet } from '#main/stack/pool-fleet.ts';
import { cliContainers } from './cli-containers.ts';
import type { StackWorld } from './stack-world.ts';

/** What a test may do with it. */
export interface PoolOnStack {
  readonly pool: Pool;
  readonly bots: PoolFleet;
  [Symbol.asyncDispose](): Promise<void>;
}

const DATABASE = 'booking_saas';
const LIMITS = { workHoursStart: 9, workHoursEnd: 18 };

/** Migrates the stack's database and opens a pool without bots. */
export async function openPoolOnStack(world: StackWorld): Promise<PoolOnStack> {
  await using closing = new AsyncDisposableStack();
  const { postgresPassword, redisPassword } = world.secrets;
  const logger = createLogger('control-plane', 'info', { write: () => undefined });
  const database = openDatabase({
    ...{ host: '127.0.0.1', port: world.ports.postgres, user: 'booking_user', password: postgresPassword },
    ...{ database: DATABASE, max: 10, applicationName: 'test' },
  });
  closing.defer(() => database.close());
  const connect = (name: string): ReturnType<typeof openRedis> => {
    const port = world.ports.redis;
    const blocking = name === 'events';
    return openRedis({ host: '127.0.0.1', port, username: 'botpool', password: redisPassword, name, blocking });
  };
  const [redis, eventRedis] = [connect('test'), connect('events')];
  closing.defer(() => redis.disconnect());
  await migrateControl(database);
  const vault = createVault(Buffer.alloc(32, 7));
  const booking: KindStorage = {
    kind: 'booking',
    migrations: readMigrations('booking'),
    seed: (tx, tenant) => seedTenant(tx, tenant, LIMITS, Date.now()),
  };
  const rehearsal = vault.derivePassword('postgres rehearsal');
  await prepareRehearsal(database, booking, rehearsal);
  const pool = await startPool({
    ...{ database, redis, eventRedis, vault, logger, kinds: [booking], newId: uuidv7, spares: 2 },
    clock: { now: Date.now, sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined) },
  });
  closing.defer(() => pool.close());
  const containers = createPoolBots({
    ...{ redis, vault, project: world.project },
    engine: cliContainers(`${world.prefix}-network`, world.prefix),
    env: {
      ...{ POSTGRES_HOST: 'postgres', POSTGRES_DB: DATABASE, POSTGRES_REHEARSAL_PASSWORD: rehearsal },
      ...{ REDIS_HOST: 'redis', TELEGRAM_API_ROOT: 'http://sandbox:8081' },
    },
  });
  const bots = createPoolFleet({ bots: containers, database, redis });
  const open = closing.move();
  return { pool, bots, [Symbol.asyncDispose]: () => open.disposeAsync() };
}
