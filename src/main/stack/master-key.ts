/** The master key of an installation: made once, kept in one file that only its owner can read. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { CLUSTER_MARK } from './embedded/postgres.ts';
import { ownSecret } from './secret-file.ts';

/**
 * Reads the key from `<home>/secrets/<file>`, or makes it for an installation without data. Without it no stored token
 * can be read again. Fails with `secret_unreadable`, also when it is missing beside data.
 */
export async function ownMasterKey(file: string): Promise<Buffer> {
  const cluster = join(dirname(dirname(file)), 'data/postgres', CLUSTER_MARK);
  const compose = join(dirname(file), 'postgres-password');
  const text = await ownSecret({
    file,
    make: () => randomBytes(32).toString('base64url'),
    // Whichever engine holds the data.
    neededBy: existsSync(cluster) ? cluster : compose,
  });
  const key = Buffer.from(text, 'base64url');
  if (key.length === 32) return key;
  throw new BotpoolError('secret_unreadable', { what: `${file} (expected 32 bytes in base64url)` });
}
