/** age: what leaves this machine can be read by the operator's key, and by this installation's own for its trials. */
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { Decrypter, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { ownSecret } from '#main/stack/secret-file.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { Encryption } from './context.ts';

/** Whom a new backup is encrypted to; none without the operator's key. */
export async function recipientsOf({ recipient, keyFile }: Encryption): Promise<readonly string[]> {
  if (recipient === undefined) return [];
  const fresh = await generateIdentity();
  const identity = await ownSecret({ file: keyFile, make: () => fresh });
  return [recipient, await identityToRecipient(identity)];
}

/** Encrypts a stream; a stream to nobody stays as it is. */
export async function encrypted(source: Readable, recipients: readonly string[]): Promise<Readable> {
  if (recipients.length === 0) return source;
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return fromWeb(await encrypter.encrypt(toWeb(source)));
}

/** Decrypts a stream with the first key that fits. Fails with `backup_key_missing`. */
export async function decrypted(source: Readable, identities: readonly string[]): Promise<Readable> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    return fromWeb(await decrypter.decrypt(toWeb(source)));
  } catch (cause) {
    source.destroy();
    throw new BotpoolError('backup_key_missing', {}, { cause });
  }
}

/** The keys in a file, one a line; comments begin with `#`. Fails with `backup_key_missing`. */
export async function readIdentities(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new BotpoolError('backup_key_missing', {}, { cause });
  });
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

// The types of Node's web streams and of the web's differ in name only.
function toWeb(source: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(source) as unknown as ReadableStream<Uint8Array>;
}

function fromWeb(stream: ReadableStream<Uint8Array>): Readable {
  return Readable.fromWeb(stream as unknown as NodeReadableStream);
}
