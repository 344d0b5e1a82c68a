/** What commands may use of a control plane. */
import type { Redis } from 'ioredis';
import type { Pool } from '#core/pool/index.ts';
import type { Database } from '#core/postgres/database.ts';
import type { Vault } from '#core/secrets/vault.ts';
import type { Engine } from '../engine/engine.ts';
import type { PoolFleet } from '../stack/pool-fleet.ts';

/** See the file. */
export interface CommandServices {
  readonly pool: Pool;
  readonly bots: Pick<PoolFleet, 'list' | 'scale'>;
  /** The most bots that the pool may have. */
  readonly maxBots: number;
  readonly engine: Pick<Engine, 'list' | 'restart' | 'logs'>;
  readonly database: Database;
  readonly redis: Redis;
  readonly vault: Vault;
  readonly now: () => number;
}
