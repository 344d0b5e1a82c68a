/** Decides which backups stay. Pure: what is kept and why, what may go. */
import type { BackupState, RetentionPolicy } from '#shared/schemas/backup.ts';

/** A backup as the rules see it. */
export interface Keepable {
  readonly id: string;
  readonly scope: string;
  readonly state: BackupState;
  readonly cause: 'manual' | 'schedule' | 'safety' | 'found';
  readonly takenAt: Date;
  readonly pinned: boolean;
}

/** `keep`: each backup that stays with the rules that hold it. `remove`: those that no rule holds, oldest first. */
export interface RetentionPlan {
  readonly keep: Readonly<Record<string, readonly string[]>>;
  readonly remove: readonly string[];
}

const PERIODS = {
  hourly: (at: Date) => at.toISOString().slice(0, 13),
  daily: (at: Date) => at.toISOString().slice(0, 10),
  weekly: (at: Date) => String(Math.floor((at.getTime() / 86_400_000 + 3) / 7)),
  monthly: (at: Date) => at.toISOString().slice(0, 7),
  yearly: (at: Date) => at.toISOString().slice(0, 4),
} as const satisfies Partial<Record<keyof RetentionPolicy, (at: Date) => string>>;

/** A backup that was made before a restore stays so long: somebody may want to undo it. */
const SAFETY_MS = 7 * 86_400_000;
/** What failed stays in the list so long. */
const FAILED_MS = 30 * 86_400_000;

/**
 * Rules count verified backups only, each scope by itself. Never removed: what is running, pinned, or the newest verified
 * one; and nothing unproven goes before a newer verified one of its scope stands. Periods are those of UTC.
 */
export function planRetention(backups: readonly Keepable[], policy: RetentionPolicy, now: number): RetentionPlan {
  const keep = new Map<string, string[]>();
  const hold = (id: string, rule: string): void => void keep.set(id, [...(keep.get(id) ?? []), rule]);
  for (const group of Map.groupBy(backups, ({ scope }) => scope).values()) {
    const newestFirst = group.toSorted((a, b) => b.takenAt.getTime() - a.takenAt.getTime() || (a.id < b.id ? 1 : -1));
    const verified = newestFirst.filter(({ state }) => state === 'verified');
    holdVerified(verified, policy, hold);
    const [newest] = verified;
    for (const backup of newestFirst) {
      if (backup.state === 'running') hold(backup.id, 'running');
      if (backup.pinned) hold(backup.id, 'pinned');
      const age = now - backup.takenAt.getTime();
      if (backup.cause === 'safety' && backup.state !== 'failed' && age < SAFETY_MS) hold(backup.id, 'safety');
      if (backup.state === 'failed' && age < FAILED_MS) hold(backup.id, 'failed');
      const proven = newest !== undefined && newest.takenAt > backup.takenAt;
      if (isUnproven(backup.state) && !proven) hold(backup.id, 'unproven');
    }
  }
  const remove = backups
    .filter(({ id }) => !keep.has(id))
    .toSorted((a, b) => a.takenAt.getTime() - b.takenAt.getTime());
  return { keep: Object.fromEntries(keep), remove: remove.map(({ id }) => id) };
}

function isUnproven(state: BackupState): boolean {
  return state === 'stored' || state === 'suspect';
}

function holdVerified(
  verified: readonly Keepable[],
  policy: RetentionPolicy,
  hold: (id: string, rule: string) => void,
): void {
  const [newest] = verified;
  if (newest !== undefined) hold(newest.id, 'newest');
  for (const { id } of verified.slice(0, policy.last)) hold(id, 'last');
  for (const [rule, periodOf] of Object.entries(PERIODS) as [keyof typeof PERIODS, (at: Date) => string][]) {
    const periods = new Set<string>();
    for (const { id, takenAt } of verified) {
      const period = periodOf(takenAt);
      if (periods.has(period)) continue;
      if (periods.size === policy[rule]) break;
      periods.add(period);
      hold(id, rule);
    }
  }
}
