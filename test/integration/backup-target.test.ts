/** Copies of backups off this machine: in the simulated object storage with its troubles, and in one that others have written. */
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkFolder } from '#main/backups/manifest.ts';
import type { Shipment, Target } from '#main/backups/target/target.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { NO_STORAGE_FAULTS, SANDBOX_STORAGE } from '#shared/schemas/sandbox-s3.ts';
import { makeBackup, openTargetWorld, type TargetWorld } from '../support/target-world.ts';

/** Three parts. */
const LARGE = 20_000_000;
const { signal } = new AbortController();
const report = (): void => undefined;

let world: TargetWorld;
let target: Target;
beforeAll(async () => {
  world = await openTargetWorld();
  target = world.open();
});
beforeEach(async () => {
  await world.storage.configure(NO_STORAGE_FAULTS);
});
afterAll(() => world?.[Symbol.asyncDispose]());

function shipment(backup: Pick<Shipment, 'folder' | 'manifest'>): Shipment {
  return { ...backup, report, signal };
}

async function codeOf(step: Promise<unknown>): Promise<string> {
  try {
    await step;
  } catch (error) {
    if (isBotpoolError(error)) return error.code;
    throw error;
  }
  return 'no failure';
}

const parts = async (): Promise<number> => (await world.storage.view()).calls['UploadPart'] ?? 0;

describe('a copy in a bucket', () => {
  it.each([0, 5_000, LARGE])('of %i bytes comes back as it was, and goes when it is removed', async (bytes) => {
    const backup = await world.backup(bytes);
    const told: number[] = [];
    await target.store({ ...shipment(backup), report: (more) => void told.push(more.bytes ?? 0) });
    expect(Math.max(...told)).toBeGreaterThanOrEqual(bytes);
    expect(await target.list()).toContain(backup.manifest.id);
    await target.holds(backup.manifest, signal);
    const back = join(world.folder, `back-${bytes}`);
    expect((await target.fetch(backup.manifest.id, back, report, signal)).files).toEqual(backup.manifest.files);
    await checkFolder(back);
    await target.remove(backup.manifest.id);
    expect((await world.keys()).filter((key) => key.includes(backup.manifest.id))).toEqual([]);
  });

  it('goes on where it was cut off, with the parts that are there', async () => {
    const backup = await world.backup(LARGE);
    await world.storage.configure({ cutAfterParts: 1 });
    expect(await codeOf(target.store(shipment(backup)))).toBe('target_unreachable');
    expect(await target.list()).not.toContain(backup.manifest.id);
    await world.storage.configure(NO_STORAGE_FAULTS);
    const before = await parts();
    await target.store(shipment(backup));
    expect((await parts()) - before).toBe(2);
    const { buckets } = await world.storage.view();
    expect(buckets.flatMap(({ uploads }) => uploads)).toEqual([]);
    await checkFolder(backup.folder);
  });

  it('is not begun anew when it is there already, but read back all the same', async () => {
    const backup = await world.backup(LARGE);
    await target.store(shipment(backup));
    const before = await parts();
    await target.store(shipment(backup));
    expect(await parts()).toBe(before);
  });

  it('ends when its control plane does', async () => {
    const backup = await world.backup(LARGE);
    await world.storage.configure({ latencyMs: 200 });
    const ending = new AbortController();
    const storing = target.store({ ...shipment(backup), signal: ending.signal });
    ending.abort();
    expect(await codeOf(storing)).toBe('target_unreachable');
  });
});

describe('a target in trouble', () => {
  it.each([
    ['is gone', { unreachable: true }, 'target_unreachable'],
    ['has too much to do', { refuse: 503 }, 'target_unreachable'],
    ['does not know us any more', { refuse: 403 }, 'target_refused'],
    ['forgets what it was given', { lies: 'forgets' }, 'target_damaged'],
    ['keeps a byte too few', { lies: 'cuts' }, 'target_damaged'],
    ['keeps a wrong bit', { lies: 'flips' }, 'target_damaged'],
    ['loses parts', { losesParts: true }, 'target_damaged'],
    ['says well done and then that it was not', { failsCompletion: true }, 'target_unreachable'],
  ] as const)('that %s is no success, and the copy here stays whole', async (_name, faults, code) => {
    const backup = await world.backup(LARGE);
    await world.storage.configure(faults);
    expect(await codeOf(target.store(shipment(backup)))).toBe(code);
    await checkFolder(backup.folder);
    // It is well again: nothing stands in the way.
    await world.storage.configure(NO_STORAGE_FAULTS);
    await target.store(shipment(backup));
    await target.holds(backup.manifest, signal);
  });

  it('of which somebody has deleted something is found out without reading it all', async () => {
    const backup = await world.backup(5_000);
    await target.store(shipment(backup));
    await world.storage.lose(SANDBOX_STORAGE.bucket, `botpool/${backup.manifest.id}/database.dump`);
    expect(await codeOf(target.holds(backup.manifest, signal))).toBe('target_damaged');
    const back = join(world.folder, 'lost');
    expect(await codeOf(target.fetch(backup.manifest.id, back, report, signal))).toBe('target_damaged');
  });

  it('in which one backup took another’s place is found out when it is fetched', async () => {
    const backup = await world.backup(5_000);
    await target.store(shipment(backup));
    const other = await world.backup(5_000);
    await target.store(shipment({ ...other, manifest: { ...other.manifest, id: backup.manifest.id } }));
    await target.holds(backup.manifest, signal);
    const back = join(world.folder, 'swapped');
    expect(await codeOf(target.fetch(backup.manifest.id, back, report, signal))).toBe('target_damaged');
  });

  it.each([
    ['bucket', { bucket: 'another' }],
    ['key', { accessKey: 'NOBODYSKEY' }],
    ['secret', { secretKey: 'wrong' }],
  ] as const)('with a wrong %s refuses, and says so', async (_name, change) => {
    const wrong = world.open(change);
    expect(await codeOf(wrong.check(signal))).toBe('target_refused');
    expect(await codeOf(wrong.store(shipment(await world.backup(10))))).toBe('target_refused');
  });

  it('that says nothing more is given up', async () => {
    const slow = world.open({ limits: { attempts: 1, requestMs: 100 } });
    await world.storage.configure({ latencyMs: 5_000 });
    expect(await codeOf(slow.check(signal))).toBe('target_unreachable');
  });
});

it('works with a storage that others have written', async () => {
  // It has no types; what is used of it is named here.
  type Foreign = new (options: object) => { run(): Promise<{ port: number }>; close(): Promise<void> };
  const S3rver = createRequire(import.meta.url)('s3rver') as Foreign;
  const folder = join(world.folder, 'foreign');
  const server = new S3rver({
    ...{ address: '127.0.0.1', port: 0, silent: true, directory: folder },
    configureBuckets: [{ name: 'copies', configs: [] }],
  });
  const { port } = await server.run();
  const endpoint = `http://127.0.0.1:${port}`;
  const foreign = world.open({ endpoint, bucket: 'copies', accessKey: 'S3RVER', secretKey: 'S3RVER' });
  try {
    const backup = await makeBackup(world.folder, LARGE);
    await foreign.check(signal);
    await foreign.store(shipment(backup));
    await foreign.holds(backup.manifest, signal);
    expect(await foreign.list()).toEqual([backup.manifest.id]);
    await foreign.fetch(backup.manifest.id, join(world.folder, 'from-foreign'), report, signal);
    await foreign.remove(backup.manifest.id);
    expect(await foreign.list()).toEqual([]);
    expect(
      await codeOf(world.open({ endpoint, bucket: 'none', accessKey: 'S3RVER', secretKey: 'S3RVER' }).check(signal)),
    ).toBe('target_refused');
  } finally {
    foreign.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
});
