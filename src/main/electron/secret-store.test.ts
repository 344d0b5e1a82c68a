import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSecretStore, type SafeStorage } from './secret-store.ts';

const SERVER = { url: 'https://panel.example.org', token: 'bp_very-secret-token' };
let folder: string;

/** A key store as a system has one: a key that stays in it. */
function keyStore(backend?: string): SafeStorage {
  const key = randomBytes(32);
  return {
    isEncryptionAvailable: () => backend !== 'none',
    ...(backend === undefined ? {} : { getSelectedStorageBackend: () => backend }),
    encryptString(text) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    },
    decryptString(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
      decipher.setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString('utf8');
    },
  };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botpool-secrets-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the secret of a named server', () => {
  it('comes back after it was kept, and cannot be read from the file, nor by anybody else', async () => {
    const file = join(folder, 'a/server.sealed');
    const store = openSecretStore(file, keyStore('gnome_libsecret'), 'linux');
    expect(await store.read()).toBeUndefined();
    expect(await store.write(SERVER)).toBe(true);
    expect(await store.read()).toEqual(SERVER);
    expect((await readFile(file)).includes('secret')).toBe(false);
    expect((await stat(file)).mode & 0o077).toBe(0);
    await store.forget();
    expect(await store.read()).toBeUndefined();
  });

  it.each([
    ['without a key store', 'none', 'darwin'],
    ['with a key that everybody knows', 'basic_text', 'linux'],
  ] as const)('is not written %s', async (_name, backend, platform) => {
    const file = join(folder, `${backend}.sealed`);
    expect(await openSecretStore(file, keyStore(backend), platform).write(SERVER)).toBe(false);
    await expect(stat(file)).rejects.toThrow();
  });

  it('is written where the system names no kind of key store', async () => {
    const store = openSecretStore(join(folder, 'mac.sealed'), keyStore(), 'darwin');
    expect(await store.write(SERVER)).toBe(true);
  });

  it('is gone, and no failure, when the key store has changed or the file is damaged', async () => {
    const file = join(folder, 'changed.sealed');
    await openSecretStore(file, keyStore(), 'darwin').write(SERVER);
    expect(await openSecretStore(file, keyStore(), 'darwin').read()).toBeUndefined();
    await writeFile(file, 'damaged');
    expect(await openSecretStore(file, keyStore(), 'darwin').read()).toBeUndefined();
  });

  it('is not kept when the disk takes nothing', async () => {
    await writeFile(join(folder, 'file'), '');
    const store = openSecretStore(join(folder, 'file/server.sealed'), keyStore(), 'darwin');
    expect(await store.write(SERVER)).toBe(false);
  });
});
