/** The master key of an installation: made once, kept in one file that only its owner can read. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BotpoolError } from '#shared/errors/botpool-error.ts';

/** Reads the key, or makes it when there is none. Without it no stored token can be read again. */
export async function ownMasterKey(file: string): Promise<Buffer> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) {
    const key = Buffer.from(kept.trim(), 'base64url');
    if (key.length === 32) return key;
    throw new BotpoolError('secret_unreadable', { what: file });
  }
  const key = randomBytes(32);
  await writeFile(file, `${key.toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  return key;
}
