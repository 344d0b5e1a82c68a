/** Keeps secrets at rest: AES-256-GCM under keys derived from one master key, bound to the place where they are stored. */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { BotpoolError } from '#shared/errors/botpool-error.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1.';

/** Seals and opens stored secrets, and derives passwords that need not be stored. */
export interface Vault {
  /** Seals a text for one place, such as `tenant:client_001:token`; it opens nowhere else. */
  seal(text: string, place: string): string;
  /** Opens what was sealed for this place. Fails with `secret_unreadable`. */
  open(sealed: string, place: string): string;
  /** The password that always belongs to this name: 43 characters, base64url. */
  derivePassword(name: string): string;
}

/** Opens a vault with a master key of 32 bytes. */
export function createVault(masterKey: Buffer): Vault {
  if (masterKey.length !== 32) throw new BotpoolError('secret_unreadable', { what: 'master key (expected 32 bytes)' });
  const sealKey = Buffer.from(hkdfSync('sha256', masterKey, '', 'botpool vault v1', 32));
  const passwordKey = Buffer.from(hkdfSync('sha256', masterKey, '', 'botpool passwords v1', 32));
  return {
    seal: (text, place) => seal(sealKey, text, place),
    open: (sealed, place) => open(sealKey, sealed, place),
    derivePassword: (name) => createHmac('sha256', passwordKey).update(name).digest('base64url'),
  };
}

function seal(key: Buffer, text: string, place: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(place));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return VERSION + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

function open(key: Buffer, sealed: string, place: string): string {
  try {
    if (!sealed.startsWith(VERSION)) throw new Error('unknown version');
    const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new BotpoolError('secret_unreadable', { what: place }, { cause });
  }
}

/** A password that nobody has seen yet: 256 random bits, base64url. */
export function randomPassword(): string {
  return randomBytes(32).toString('base64url');
}

/** What stands for a token where the token itself must not be: the first 128 bits of its SHA-256, hex. */
export function tokenFingerprint(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 32);
}
