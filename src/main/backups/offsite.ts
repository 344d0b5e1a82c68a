/** Copies on the target: brought there after each backup and whenever one is missing, fetched back when they are needed. */
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '#main/stack/secret-file.ts';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import { alone, type BackupContext } from './context.ts';
import { factsOf, PART } from './create.ts';
import type { Desk } from './desk.ts';
import { checkFolder, MANIFEST, MANIFEST_SUM, type Manifest, readManifest } from './manifest.ts';
import { giveToOwner } from './place.ts';
import * as store from './store.ts';
import type { Target } from './target/target.ts';

/** One alert for everything about the target. */
export const TARGET_ALERT = 'backup target';

/** Fails with `target_none`. */
export function targetOf({ options }: Desk): Target {
  if (options.target === undefined) throw new BotpoolError('target_none', {});
  return options.target;
}

/** Copies go one after the other, beside whatever else is done with backups: a slow line must not bar a restore. */
export async function shipAlone<T>(context: BackupContext, work: () => Promise<T>): Promise<T> {
  return await alone(context, work, 'offsite');
}

/** Brings one backup to the target. The copy here is only read. */
export async function ship(desk: Desk, id: string, signal: AbortSignal): Promise<void> {
  const { options } = desk;
  const { database, logger } = options;
  const target = targetOf(desk);
  await store.setOffsite(database, id, 'pending');
  desk.changed();
  try {
    const folder = desk.pathOf(id);
    const manifest = await readManifest(folder);
    await target.store({ manifest, folder, report: desk.reportOf(id), signal });
    await store.setOffsite(database, id, 'stored');
    await desk.calm(TARGET_ALERT);
    logger.info({ backup: id, target: target.name }, 'a backup was copied and read back');
  } catch (error) {
    // Whoever ends in between goes on later: the parts that arrived stay where they are.
    const failure = signal.aborted ? new BotpoolError('backup_interrupted', {}) : desk.expected(error);
    logger.error({ err: error, backup: id, target: target.name }, 'a backup could not be copied');
    await store.setOffsite(database, id, 'failed', failure);
    await desk.alarm(TARGET_ALERT, failure);
    throw failure;
  }
}

/** The verified backups of this disk that are not on the target, the newest first. */
export async function missingOffsite({ options, place }: Desk): Promise<string[]> {
  const known = await store.listBackups(options.database, 1_000);
  return known
    .filter((each) => each.state === 'verified' && each.offsite !== 'stored' && each.place === place)
    .map(({ id }) => id);
}

/** Brings a backup from the target into the folder of this control plane; every byte is compared. */
export async function bringHome(desk: Desk, id: string, signal: AbortSignal): Promise<Manifest> {
  const { options, place } = desk;
  const manifest = await fetchInto(targetOf(desk), options.folder, id, { report: desk.reportOf(id), signal });
  const { scope, takenAt, recipients } = manifest;
  await store.adoptBackup(options.database, {
    ...{ id, scope, place, startedAt: takenAt, encrypted: recipients.length > 0, ...factsOf(manifest) },
  });
  await store.setOffsite(options.database, id, 'stored');
  return manifest;
}

/** The same without a register: on a machine that has nothing yet. */
export async function fetchInto(
  target: Target,
  folder: string,
  id: string,
  how: { readonly report: Parameters<Target['fetch']>[2]; readonly signal: AbortSignal },
): Promise<Manifest> {
  const [part, whole] = [join(folder, `${PART}${id}`), join(folder, id)];
  const manifest = await target.fetch(id, part, how.report, how.signal);
  const names = [...manifest.files.map(({ name }) => name), MANIFEST, MANIFEST_SUM];
  await giveToOwner(folder, [part, ...names.map((name) => join(part, name))]);
  await syncFolder(part);
  await rm(whole, { recursive: true, force: true });
  await rename(part, whole);
  await syncFolder(folder);
  return await checkFolder(whole);
}

/** A backup whole and at hand: from this disk, or else from the target. Fails with `backup_elsewhere`. */
export async function atHand(desk: Desk, id: string, signal: AbortSignal): Promise<Manifest> {
  const record = await store.getBackup(desk.options.database, id);
  try {
    return await checkFolder(desk.pathOf(id));
  } catch (error) {
    if (!isBotpoolError(error) || error.code !== 'backup_damaged') throw error;
    if (record.offsite === 'stored' && desk.options.target !== undefined) return await bringHome(desk, id, signal);
    if (record.place !== desk.place && record.place !== '') throw new BotpoolError('backup_elsewhere', { id });
    throw error;
  }
}
