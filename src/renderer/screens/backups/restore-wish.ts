/** What a person wants back, and how: as far as it has been chosen. */
import type { BackupDetails } from '#shared/schemas/backup.ts';

/** What is to be restored from. */
export interface RestoreWish {
  readonly backup: BackupDetails;
  readonly clientId: string;
}

/** What has been chosen so far. */
export interface RestoreChoice {
  readonly how: 'back' | 'copy' | 'table';
  readonly clientId: string;
  readonly copyId: string;
  readonly table: string;
}
