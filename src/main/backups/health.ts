/** How well the newest backup stands, and the alerts that this calls for. */
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { freeBytes } from './create.ts';
import type { Desk } from './desk.ts';
import { readManifest } from './manifest.ts';
import { TARGET_ALERT } from './offsite.ts';
import * as store from './store.ts';

/** See the contract. */
export interface BackupHealth {
  readonly green: boolean;
  readonly problems: string[];
  readonly newestVerified: string | null;
  readonly newestHours: number | null;
  readonly promisedHours: number;
  readonly target: string | null;
  readonly freeBytes: number;
  /** While a new installation has none and none is due yet. */
  readonly firstDue?: Date;
}

const HOUR_MS = 3_600_000;
/** A first backup that is due may take so long. */
const FIRST_GRACE_MS = HOUR_MS / 2;
/** A target that takes longer to say that it is there is not there. */
const PROBE_MS = 20_000;

/** Green means restorable, complete, off this machine where a target is set, and fresh. */
export async function health({ options }: Desk): Promise<BackupHealth> {
  const { database, folder, limits, promisedHours, target, now } = options;
  const known = (await store.listBackups(database, 1_000)).filter(({ scope }) => scope === 'all');
  const verified = known.find(({ state }) => state === 'verified');
  const good = known.find(
    ({ state, offsite }) => state === 'verified' && (target === undefined || offsite === 'stored'),
  );
  const latest = known.find(({ state, code }) => state !== 'running' && code !== 'backup_cancelled');
  const hours = good === undefined ? null : (now() - good.startedAt.getTime()) / HOUR_MS;
  const free = await freeBytes(folder).catch(() => undefined);
  const due = latest === undefined ? await options.firstDue() : undefined;
  const waits = due !== undefined && now() < due.getTime() + FIRST_GRACE_MS;
  const problems: string[] = [];
  if (!waits && (hours === null || hours > promisedHours)) problems.push('backup_late');
  if (latest?.code != null) problems.push(latest.code);
  else if (verified !== undefined && verified !== good) problems.push('target_behind');
  if (free !== undefined && free < limits.leastFree) problems.push('disk_full');
  return {
    green: good !== undefined && problems.length === 0,
    problems,
    newestVerified: good?.id ?? null,
    newestHours: hours,
    promisedHours,
    target: target?.name ?? null,
    freeBytes: free ?? 0,
    ...(waits ? { firstDue: due } : {}),
  };
}

/** Looks at everything once and raises or ends alerts. */
export async function watch(desk: Desk): Promise<BackupHealth> {
  const { promisedHours: promised } = desk.options;
  const found = await health(desk);
  if (found.problems.includes('backup_late')) {
    const hours = found.newestHours === null ? 'none' : Math.round(found.newestHours);
    await desk.alarm('backup late', new BotpoolError('backup_late', { hours, promised }));
  } else await desk.calm('backup late');
  if (found.problems.includes('disk_full')) {
    await desk.alarm('backup disk', new BotpoolError('disk_full', { what: 'backups' }));
  } else await desk.calm('backup disk');
  await watchTarget(desk);
  return found;
}

/** Whether the target is there, still knows us, and says that it holds the newest copy. */
async function watchTarget(desk: Desk): Promise<void> {
  const { target, database } = desk.options;
  if (target === undefined) return await desk.calm(TARGET_ALERT);
  const known = await store.listBackups(database, 1_000);
  const newest = known.find(({ offsite }) => offsite === 'stored');
  const signal = AbortSignal.any([AbortSignal.timeout(PROBE_MS), desk.closing]);
  try {
    await target.check(signal);
    if (newest !== undefined) {
      const manifest = await readManifest(desk.pathOf(newest.id)).catch(() => undefined);
      if (manifest !== undefined) await target.holds(manifest, signal);
    }
  } catch (error) {
    if (desk.closing.aborted) return;
    const failure = desk.expected(error);
    // A copy that is gone is made again.
    if (failure.code === 'target_damaged' && newest !== undefined) {
      await store.setOffsite(database, newest.id, 'failed', failure);
      desk.changed();
    }
    return await desk.alarm(TARGET_ALERT, failure);
  }
  // An upload that failed for another reason is told until a later one succeeds.
  const failed = known.find(({ state, offsite }) => state === 'verified' && offsite !== 'none');
  if (failed?.offsite !== 'failed') await desk.calm(TARGET_ALERT);
}
