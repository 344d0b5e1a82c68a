/** Keeps where a control plane of another machine is and what lets one in: sealed by the system's key store, or not at all. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';

/** The part of Electron's `safeStorage` that is used. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  /** On Linux: `basic_text` means that the key is known to everybody. */
  getSelectedStorageBackend?(): string;
  encryptString(text: string): Buffer;
  decryptString(sealed: Buffer): string;
}

const serverSchema = z.object({ url: z.url({ protocol: /^https?$/ }), token: z.string().min(1) });

/** A control plane of another machine. */
export type RemoteServer = z.infer<typeof serverSchema>;

/** See the file. */
export interface SecretStore {
  /** `undefined` when nothing is kept, or when it cannot be opened any more. */
  read(): Promise<RemoteServer | undefined>;
  /** False when it could not be kept: this system has no key store that keeps a secret, or the disk takes nothing. */
  write(server: RemoteServer): Promise<boolean>;
  forget(): Promise<void>;
}

/** Opens the store in one file. `platform` as Node names it. */
export function openSecretStore(file: string, storage: SafeStorage, platform: NodeJS.Platform): SecretStore {
  const usable = (): boolean => {
    if (!storage.isEncryptionAvailable()) return false;
    return platform !== 'linux' || storage.getSelectedStorageBackend?.() !== 'basic_text';
  };
  return {
    async read() {
      try {
        return serverSchema.parse(JSON.parse(storage.decryptString(await readFile(file))));
      } catch {
        return undefined;
      }
    },
    async write(server) {
      try {
        if (!usable()) return false;
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        const draft = `${file}.part`;
        await writeFile(draft, storage.encryptString(JSON.stringify(serverSchema.parse(server))), { mode: 0o600 });
        await rename(draft, file);
        return true;
      } catch {
        return false;
      }
    },
    forget: () => rm(file, { force: true }),
  };
}
