/** Everything put back at once: encrypted or not, onto an empty machine and onto one that has data, or not at all. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restoreInstallation } from '#main/installation/restore-installation.ts';
import { freePort } from '#main/stack/embedded/free-port.ts';
import { type BackupWorld, openBackupWorld } from '../support/backup-world.ts';
import { openTargetWorld, type TargetWorld } from '../support/target-world.ts';

const ROOT = join(import.meta.dirname, '../..');
const KEY = 'the key of this world';

let world: BackupWorld;
let there: TargetWorld;
let env: Record<string, string>;
let identity: string;
let sealed: string;
let open: string;

beforeAll(async () => {
  [world, there] = await Promise.all([openBackupWorld(2), openTargetWorld()]);
  for (const clientId of world.clients) await world.addUser(clientId);
  const key = await generateIdentity();
  identity = join(there.folder, 'key.txt');
  await writeFile(identity, `# of the operator\n${key}\n`);
  const keyFile = join(world.folder, '../secrets/own.agekey');
  const recipient = await identityToRecipient(key);
  const target = there.open();
  const make = async (change: Parameters<BackupWorld['open']>[0]): Promise<string> => {
    const backups = await world.open(change);
    const { id, done } = await backups.begin({ scope: 'all', cause: 'manual', actor: 'test' });
    await done;
    return id;
  };
  sealed = await make({ encryption: { recipient, keyFile }, target });
  open = await make({});
  const ports = ['POSTGRES_PORT', 'REDIS_PORT', 'SANDBOX_PORT', 'PANEL_PORT'];
  env = {
    ENGINE: 'process',
    BACKUP_S3_BUCKET: there.options.bucket,
    BACKUP_S3_ENDPOINT: there.options.endpoint ?? '',
    BACKUP_S3_ACCESS_KEY: there.options.accessKey,
    BACKUP_S3_SECRET_KEY: there.options.secretKey,
    ...Object.fromEntries(await Promise.all(ports.map(async (name) => [name, String(await freePort())]))),
  };
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await there?.[Symbol.asyncDispose]();
});

const restore = (named: string, home: string, more: { identity?: string; masterKey?: string } = {}) =>
  restoreInstallation({
    ...{ home: join(there.folder, home), projectFolder: ROOT, env, named, folder: join(world.folder, named) },
    identity: more.identity,
    masterKey: more.masterKey,
    report: () => undefined,
  });

describe('a restore of everything', () => {
  it('from an encrypted backup needs the operator’s key alone, and brings the master key with it', async () => {
    const { manifest, before } = await restore(sealed, 'empty', { identity });
    expect(manifest.clients.map(({ clientId }) => clientId)).toEqual([...world.clients]);
    expect(before).toBeUndefined();
    expect(await readFile(join(there.folder, 'empty/secrets/master.key'), 'utf8')).toBe(KEY);
  });

  it('keeps the database of before under another name', async () => {
    const { before } = await restore(open, 'empty');
    expect(before).toMatch(/^booking_saas_before_/);
  });

  it('fetches from the target what is not here', async () => {
    await rm(join(world.folder, sealed), { recursive: true });
    const { manifest } = await restore(sealed, 'far', { identity });
    expect(manifest.id).toBe(sealed);
  });

  it('with another key, without a master key, or from a damaged folder changes nothing', async () => {
    const other = join(there.folder, 'other.txt');
    await writeFile(other, `${await generateIdentity()}\n`);
    expect(await world.codeOf(restore(sealed, 'far', { identity: other }))).toBe('backup_key_missing');
    expect(await world.codeOf(restore(open, 'bare'))).toBe('secret_unreadable');
    await mkdir(join(world.folder, 'broken'));
    expect(await world.codeOf(restore('broken', 'bare'))).toBe('backup_damaged');
  });
});
