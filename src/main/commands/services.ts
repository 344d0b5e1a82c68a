/** What commands may use of a control plane. */
import type { Redis } from 'ioredis';
import type { Pool } from '#core/pool/index.ts';
import type { Database } from '#core/postgres/database.ts';
import type { Vault } from '#core/secrets/vault.ts';
import type { BackupView } from '#shared/schemas/backup.ts';
import type { Engine } from '../engine/engine.ts';
import type { PoolFleet } from '../stack/pool-fleet.ts';

/** Something that goes on after it was answered. */
interface Begun {
  readonly id: string;
  readonly done: Promise<void>;
}

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
  /** Backups, as far as operators use them from Telegram. */
  readonly backups: {
    list(limit: number): Promise<readonly BackupView[]>;
    show(id: string): Promise<BackupView>;
    health(): Promise<{
      readonly green: boolean;
      readonly problems: readonly string[];
      readonly newestHours: number | null;
      readonly firstDue?: Date;
    }>;
    begin(request: { readonly scope: string; readonly cause: 'manual'; readonly actor: string }): Promise<Begun>;
    beginVerify(id: string, actor: string): Promise<Begun>;
  };
  /** Gives a client days beyond what is paid, once for each id; the new end. Fails with `subscription_none`. */
  readonly extend: (gift: {
    readonly id: string;
    readonly clientId: string;
    readonly days: number;
    readonly actor: string;
  }) => Promise<Date>;
}
