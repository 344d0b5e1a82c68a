/** What everything about backups works with, and the one lock under which it does. */

import type { Pool } from '#core/pool/index.ts';
import { type Database, type DatabaseOptions, openDatabase, type Queryable } from '#core/postgres/database.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { BackupProgress } from '#shared/schemas/backup.ts';
import type { Exec } from './tools.ts';

/** See the file's head. Times in milliseconds. */
export interface BackupContext {
  readonly database: Database;
  /** The installation's database, as an administrator. */
  readonly server: Pick<DatabaseOptions, 'host' | 'port' | 'user' | 'password' | 'database'>;
  /** Runs a command beside the server. */
  readonly exec: Exec;
  /** Where backups lie. */
  readonly folder: string;
  readonly pool: Pick<Pool, 'deactivateBot' | 'resumeBot'>;
  readonly logger: Logger;
  readonly now: () => number;
  /** Six hexadecimal digits that nobody has seen yet. */
  readonly newSuffix: () => string;
  readonly encryption: Encryption;
  /** The files without which the data is not the same installation, by their paths below the home. */
  readonly secrets: () => Promise<Readonly<Record<string, string>>>;
  readonly limits: {
    /** One run of a tool. */
    readonly toolMs: number;
    /** A backup that leaves less room than this is not begun. Bytes. */
    readonly leastFree: number;
  };
}

/** How backups are encrypted; without recipients they are not. */
export interface Encryption {
  /** The operator's public key, whose private key lies elsewhere. */
  readonly recipient: string | undefined;
  /** The file of this installation's own key, with which its backups are verified and restored here. */
  readonly keyFile: string;
}

/** Told how far something has got. */
export type Report = (progress: Partial<BackupProgress>) => void;

const DAY_MS = 86_400_000;

/** Opens connections on which statements may take long. `database`: another one than the installation's. */
export function openWide(context: Pick<BackupContext, 'server' | 'logger'>, max: number, database?: string): Database {
  // What is cut off while it says goodbye is no trouble: whoever renames a database ends its sessions.
  let isClosing = false;
  const wide = openDatabase({
    ...context.server,
    database: database ?? context.server.database,
    max,
    applicationName: 'backup',
    statementTimeoutMs: DAY_MS,
    onIdleError: (error) => {
      if (!isClosing) context.logger.warn({ err: error }, 'a connection of a backup broke');
    },
  });
  return {
    ...wide,
    close: async () => {
      isClosing = true;
      await wide.close();
    },
  };
}

/**
 * Backups, verifications and restores happen one at a time, whichever control plane does them: a lock that ends with its
 * connection, so that nobody who dies bars the way. Fails with `backup_busy`.
 */
export async function alone<T>(
  context: BackupContext,
  work: (tx: Queryable) => Promise<T>,
  what: 'backups' | 'offsite' = 'backups',
): Promise<T> {
  const connection = openWide(context, 1);
  try {
    return await connection.transaction(async (tx) => {
      const { rows } = await tx.query<{ ours: boolean }>(
        'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 8)) AS ours',
        [what],
      );
      if (rows[0]?.ours !== true) throw new BotpoolError('backup_busy', {});
      return await work(tx);
    });
  } finally {
    await connection.close();
  }
}
