/** Seals a text to one process: X25519 with a fresh key on both sides, HKDF-SHA-256, AES-256-GCM. */
import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { BotpoolError } from '#shared/errors/botpool-error.ts';

const PUBLIC_KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** DER beginnings of raw X25519 keys (RFC 8410). */
const PUBLIC_KEY_DER = Buffer.from('302a300506032b656e032100', 'hex');
const PRIVATE_KEY_DER = Buffer.from('302e020100300506032b656e04220420', 'hex');
const INFO = Buffer.from('botpool sealed configuration v1');

/** A key pair that lives as long as one process. */
export interface BoxKeyPair {
  /** Raw public key, base64url: what the process publishes. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/** Makes a fresh pair. */
export function createBoxKeyPair(): BoxKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  return { publicKey: rawPublicKey(publicKey).toString('base64url'), privateKey };
}

/** The pair that always belongs to these 32 secret bytes, which must be derived for this one purpose. */
export function boxKeyPairFrom(seed: Buffer): BoxKeyPair {
  const privateKey = createPrivateKey({ key: Buffer.concat([PRIVATE_KEY_DER, seed]), format: 'der', type: 'pkcs8' });
  return { publicKey: rawPublicKey(createPublicKey(privateKey)).toString('base64url'), privateKey };
}

/** What a sealed configuration is bound to: it opens for this process only. */
export function sealContext(container: string, bootId: string): string {
  return `${container} ${bootId}`;
}

/** Seals `text` so that only the holder of the private key to `publicKey` can read it, and only for this `context`. */
export function sealTo(publicKey: string, text: string, context: string): string {
  const recipient = importPublicKey(Buffer.from(publicKey, 'base64url'));
  const ephemeral = generateKeyPairSync('x25519');
  const sender = rawPublicKey(ephemeral.publicKey);
  const shared = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: recipient });
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', boxKey(shared, sender), nonce);
  cipher.setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([sender, nonce, cipher.getAuthTag(), body]).toString('base64url');
}

/** Opens what {@link sealTo} sealed for this context. Fails with `secret_unreadable`. */
export function openSealed(privateKey: KeyObject, sealed: string, context: string): string {
  try {
    const bytes = Buffer.from(sealed, 'base64url');
    const sender = bytes.subarray(0, PUBLIC_KEY_BYTES);
    const nonce = bytes.subarray(PUBLIC_KEY_BYTES, PUBLIC_KEY_BYTES + NONCE_BYTES);
    const tagEnd = PUBLIC_KEY_BYTES + NONCE_BYTES + TAG_BYTES;
    const shared = diffieHellman({ privateKey, publicKey: importPublicKey(sender) });
    const decipher = createDecipheriv('aes-256-gcm', boxKey(shared, sender), nonce);
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(PUBLIC_KEY_BYTES + NONCE_BYTES, tagEnd));
    return Buffer.concat([decipher.update(bytes.subarray(tagEnd)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new BotpoolError('secret_unreadable', { what: 'sealed configuration' }, { cause });
  }
}

function boxKey(shared: Buffer, sender: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', shared, sender, INFO, 32));
}

function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' }).subarray(-PUBLIC_KEY_BYTES);
}

function importPublicKey(raw: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([PUBLIC_KEY_DER, raw]), format: 'der', type: 'spki' });
}
