/** One backup from the wish to the proof: written, restored on trial, copied; each end told in the register and by alerts. */
import { writeAudit } from '#core/tenants/tenants.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { BackupView } from '#shared/schemas/backup.ts';
import { factsOf, writeBackup } from './create.ts';
import type { Desk } from './desk.ts';
import type { Manifest } from './manifest.ts';
import { checkFolder } from './manifest.ts';
import { atHand } from './offsite.ts';
import * as store from './store.ts';
import { proveBackup } from './trial.ts';

/** What a backup is asked with. */
export interface BackupRequest {
  readonly scope: string;
  readonly cause: BackupView['cause'];
  readonly actor: string;
  readonly signal?: AbortSignal;
}

/** A dump that has shrunk to less than this part of the last good one of its scope is not believed. */
const PLAUSIBLE = 0.5;

/** With these, nothing is known of a backup that was not known before. */
const UNSEEN: ReadonlySet<string> = new Set(['backup_busy', 'backup_elsewhere', 'backup_cancelled']);

/** Writes down that a backup is to be made; returns its id. */
export async function writeDown(desk: Desk, request: BackupRequest): Promise<string> {
  const { options, place } = desk;
  const stamp = new Date(options.now()).toISOString().replaceAll(/[-:]/g, '');
  const id = `b${stamp.slice(0, 8)}-${stamp.slice(9, 15)}-${options.newSuffix()}`;
  const { scope, cause, actor } = request;
  const encrypted = options.encryption.recipient !== undefined;
  await options.database.transaction(async (tx) => {
    await store.insertBackup(tx, { id, scope, cause, place, encrypted, requestedBy: actor });
    await writeAudit(tx, actor, 'backup.create', id, null, { scope });
  });
  desk.changed();
  return id;
}

/** Makes it and proves it. */
export async function make(desk: Desk, id: string, request: BackupRequest): Promise<void> {
  const { closing } = desk;
  const given = request.signal === undefined ? closing : AbortSignal.any([closing, request.signal]);
  await desk.stoppable(id, given, async (signal) => {
    await write(desk, id, request, signal);
    await prove(desk, id, signal);
  });
}

async function write(desk: Desk, id: string, request: BackupRequest, signal: AbortSignal): Promise<void> {
  const { options, closing } = desk;
  try {
    const facts = await writeBackup(options, { id, scope: request.scope }, desk.reportOf(id), signal);
    await store.setStored(options.database, id, facts);
    desk.changed();
  } catch (error) {
    const failure = closing.aborted ? new BotpoolError('backup_interrupted', {}) : desk.failureOf(id, error);
    await store.setTrouble(options.database, id, 'failed', failure);
    if (failure.code === 'backup_cancelled') throw failure;
    options.logger.error({ err: error, backup: id }, 'a backup failed');
    await desk.alarm(`backup ${request.scope}`, failure);
    throw failure;
  }
}

/** Restores it on trial. One that is not here is fetched. */
export async function prove(desk: Desk, id: string, signal: AbortSignal): Promise<void> {
  const { options } = desk;
  const report = desk.reportOf(id);
  const { scope } = await store.getBackup(options.database, id);
  try {
    report({ phase: 'checksum', bytes: 0 });
    let read = 0;
    const counted = (bytes: number): void => {
      read += bytes;
      report({ bytes: read });
    };
    const folder = desk.pathOf(id);
    const manifest = await checkFolder(folder, counted).catch(() => atHand(desk, id, signal));
    await checkPlausible(desk, id, manifest);
    await proveBackup(options, { manifest, folder, report, signal });
    await store.setVerified(options.database, id);
    await desk.calm(`backup ${scope}`);
    options.logger.info({ backup: id }, 'a backup was restored on trial and is verified');
  } catch (error) {
    const failure = desk.failureOf(id, error);
    // Nothing is wrong with the backup: it was not looked at to the end.
    if (UNSEEN.has(failure.code) || desk.closing.aborted) throw failure;
    options.logger.error({ err: error, backup: id }, 'a backup is suspect');
    await store.setTrouble(options.database, id, 'suspect', failure);
    await desk.alarm(`backup ${scope}`, failure);
    throw failure;
  }
}

/** A dump that has lost half of its weight without having lost rows has lost something else. */
async function checkPlausible({ options }: Desk, id: string, manifest: Manifest): Promise<void> {
  const earlier = (await store.listBackups(options.database, 200)).find(
    (other) => other.id < id && other.scope === manifest.scope && other.state === 'verified',
  );
  if (earlier === undefined) return;
  const { bytes, rows } = factsOf(manifest);
  if (bytes < earlier.bytes * PLAUSIBLE && rows >= earlier.rows) {
    throw new BotpoolError('backup_implausible', { bytes, before: earlier.bytes });
  }
}
