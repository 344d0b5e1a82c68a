/** What a restore would change, as a table shows it. Pure. */
import type { RestoreDifference } from '#shared/schemas/backup.ts';

/** See the file. `change`: rows that come or go. */
export interface Differences {
  readonly changed: readonly (RestoreDifference & { readonly change: number })[];
  /** Tables with as many rows on both sides. */
  readonly same: number;
}

/** The greatest changes first. */
export function differencesOf(rows: readonly RestoreDifference[]): Differences {
  const changed = rows
    .filter(({ now, backup }) => now !== backup)
    .map((row) => ({ ...row, change: (row.backup ?? 0) - (row.now ?? 0) }))
    .toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change) || a.table.localeCompare(b.table));
  return { changed, same: rows.length - changed.length };
}
