/** How far something that is done with a backup has got. Pure. */
import type { BackupView } from '#shared/schemas/backup.ts';

/** 0 to 1; undefined while nobody can know. What is written has no end before it is there: its tables are counted. */
export function shareDone({ progress, bytes }: Pick<BackupView, 'progress' | 'bytes'>): number | undefined {
  if (progress === null) return undefined;
  if (progress.phase === 'done') return 1;
  if (progress.phase === 'dump') {
    return progress.tablesTotal === 0 ? undefined : Math.min(1, progress.tables / progress.tablesTotal);
  }
  return bytes === 0 ? undefined : Math.min(1, progress.bytes / bytes);
}
