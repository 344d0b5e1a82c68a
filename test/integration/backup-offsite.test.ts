/** Backups with a target: green only when the copy is there, and never lost because it is not. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listAlerts } from '#core/alerts/alerts.ts';
import type { Backups } from '#main/backups/index.ts';
import { NO_STORAGE_FAULTS, SANDBOX_STORAGE } from '#shared/schemas/sandbox-s3.ts';
import { type BackupWorld, openBackupWorld } from '../support/backup-world.ts';
import { makeSubfolder } from '../support/run-folder.ts';
import { openTargetWorld, type TargetWorld } from '../support/target-world.ts';

let world: BackupWorld;
let there: TargetWorld;
let backups: Backups;
beforeAll(async () => {
  [world, there] = await Promise.all([openBackupWorld(1), openTargetWorld()]);
  backups = await world.open({ target: there.open() });
});
beforeEach(async () => {
  await there.storage.configure(NO_STORAGE_FAULTS);
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await there?.[Symbol.asyncDispose]();
});

const begin = (from = backups) => from.begin({ scope: 'all', cause: 'manual', actor: 'test' });

async function make(): Promise<string> {
  const { id, done } = await begin();
  await done;
  return id;
}

const alert = async (): Promise<string | undefined> =>
  (await listAlerts(world.database)).find(({ key }) => key === 'backup target')?.code;

describe('a backup with a target', () => {
  it('is copied, and green only then', async () => {
    const id = await make();
    expect(await backups.show(id)).toMatchObject({ state: 'verified', offsite: 'stored', code: null });
    expect(await backups.offsite()).toContain(id);
    expect(await backups.watch()).toMatchObject({ green: true, target: 's3://backups/botpool', newestVerified: id });
  });

  it.each([
    ['is gone', { unreachable: true }, 'target_unreachable'],
    ['lies about success', { lies: 'flips' }, 'target_damaged'],
    ['refuses', { refuse: 403 }, 'target_refused'],
  ] as const)(
    'that %s fails and alarms, keeps the backup here, and gets it when it is well again',
    async (_name, faults, code) => {
      await there.storage.configure(faults);
      const { id, done } = await begin();
      expect(await world.codeOf(done)).toBe(code);
      expect(await backups.show(id)).toMatchObject({ state: 'verified', offsite: 'failed', code });
      expect(await alert()).toBe(code);
      const health = await backups.watch();
      expect(health.green).toBe(false);
      expect(health.problems).toContain(code);
      expect(await alert()).toBe(code);
      await there.storage.configure(NO_STORAGE_FAULTS);
      const { signal } = new AbortController();
      expect(await backups.shipMissing(signal)).toEqual([id]);
      expect(await backups.show(id)).toMatchObject({ state: 'verified', offsite: 'stored', code: null });
      expect(await alert()).toBeUndefined();
      expect((await backups.watch()).green).toBe(true);
    },
  );

  it('is told at once when the target goes, and when somebody deletes the copy', async () => {
    const id = await make();
    await there.storage.configure({ unreachable: true });
    await backups.watch();
    expect(await alert()).toBe('target_unreachable');
    await there.storage.configure(NO_STORAGE_FAULTS);
    await backups.watch();
    expect(await alert()).toBeUndefined();
    await there.storage.lose(SANDBOX_STORAGE.bucket, `botpool/${id}/database.dump`);
    await backups.watch();
    expect(await alert()).toBe('target_damaged');
    expect((await backups.watch()).green).toBe(false);
    expect(await backups.shipMissing(new AbortController().signal)).toEqual([id]);
    expect((await backups.watch()).green).toBe(true);
  });

  it('serves a restore although its folder is gone, and can be fetched back', async () => {
    const [clientId = ''] = world.clients;
    await world.addUser(clientId);
    const before = await world.checksum(clientId);
    const id = await make();
    await world.addUser(clientId);
    await rm(join(world.folder, id), { recursive: true });
    await backups.restore(id, { clientId, actor: 'test' });
    expect(await world.checksum(clientId)).toBe(before);
    await rm(join(world.folder, id), { recursive: true });
    await (await backups.beginFetch(id, 'test')).done;
    await (await backups.beginVerify(id, 'test')).done;
    expect(await backups.show(id)).toMatchObject({ state: 'verified', offsite: 'stored' });
  });

  it('that is pruned goes on both sides; a target that is away keeps what is here', async () => {
    const old = await make();
    await make();
    await backups.setRetention({ last: 1, hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 }, 'test');
    await there.storage.configure({ unreachable: true });
    expect(await world.codeOf(backups.prune('test'))).toBe('target_unreachable');
    expect(await readdir(world.folder)).toContain(old);
    await there.storage.configure(NO_STORAGE_FAULTS);
    expect(await backups.prune('test')).toContain(old);
    expect(await readdir(world.folder)).not.toContain(old);
    expect(await backups.offsite()).not.toContain(old);
  });
});

describe('control planes with disks of their own', () => {
  it('leave each other’s backups alone', async () => {
    const id = await make();
    const other = await world.open({ folder: await makeSubfolder(there.folder, 'other'), target: undefined });
    await other.tidy();
    expect(await other.show(id)).toMatchObject({ state: 'verified', code: null });
    const [clientId = ''] = world.clients;
    expect(await world.codeOf(other.restore(id, { clientId, actor: 'test' }))).toBe('backup_elsewhere');
    expect(await world.codeOf((await other.beginVerify(id, 'test')).done)).toBe('backup_elsewhere');
    expect((await other.show(id)).state).toBe('verified');
    const theirs = await begin(other);
    await theirs.done;
    await backups.tidy();
    expect(await backups.show(theirs.id)).toMatchObject({ state: 'verified', code: null });
    expect(await backups.prune('test')).not.toContain(theirs.id);
  });

  it('that share the folder share what is in it', async () => {
    const id = await make();
    const other = await world.open({ target: undefined });
    await rm(join(world.folder, id), { recursive: true });
    await other.tidy();
    expect(await other.show(id)).toMatchObject({ state: 'suspect', code: 'backup_damaged' });
  });
});

it('is not late before its first backup is due', async () => {
  await using fresh = await openBackupWorld(0);
  const due = new Date(Date.now() + 3_600_000);
  const young = await fresh.open({ firstDue: async () => due });
  expect(await young.watch()).toMatchObject({ green: false, problems: [], firstDue: due });
  expect(await listAlerts(fresh.database)).toEqual([]);
  const later = await fresh.open({ firstDue: async () => due, now: () => due.getTime() + 3_600_000 });
  expect((await later.watch()).problems).toEqual(['backup_late']);
  expect((await listAlerts(fresh.database)).map(({ code }) => code)).toEqual(['backup_late']);
});
