/** Files that hold one secret each: made once, whole or not at all, and on the disk before anything depends on them. */
import { randomBytes } from 'node:crypto';
import { access, link, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BotpoolError } from '#shared/errors/botpool-error.ts';

/** Which secret, and what is lost without it. */
export interface SecretFileOptions {
  /** The file. Its folder is made when missing. */
  readonly file: string;
  /** The text to keep when there is none yet. */
  readonly make: () => string;
  /** Once this path exists, the secret is never made anew: what stands there was written with the old one. */
  readonly neededBy?: string;
}

/**
 * The secret in the file, without white space around it; made when there is none. Fails with `secret_unreadable` when it
 * cannot be read, and when it is missing or empty although `neededBy` exists.
 */
export async function ownSecret(options: SecretFileOptions): Promise<string> {
  const { file, make, neededBy } = options;
  const kept = await readSecret(file);
  if (kept !== undefined && kept !== '') return kept;
  if (neededBy !== undefined && (await exists(neededBy))) {
    const state = kept === undefined ? 'missing' : 'empty';
    throw new BotpoolError('secret_unreadable', {
      what: `${file} (it is ${state}, but ${neededBy} was made with it; bring it back from a backup)`,
    });
  }
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // An empty file is what a broken-off start of an older version has left: nothing was made with it.
  if (kept === '') await rm(file, { force: true });
  return await keep(file, make());
}

/** A password of random letters in a file of its own; see {@link ownSecret}. */
export function ownPassword(file: string, neededBy?: string): Promise<string> {
  const make = (): string => randomBytes(24).toString('base64url');
  return ownSecret({ file, make, ...(neededBy === undefined ? {} : { neededBy }) });
}

/** Makes the entries of a folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders.
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  await handle.sync();
}

async function readSecret(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    if (errorCodeOf(cause) === 'ENOENT') return undefined;
    throw new BotpoolError('secret_unreadable', { what: `${file} (${String(errorCodeOf(cause))})` }, { cause });
  }
}

/** Writes beside, syncs, and links to the name: a reader sees the whole secret or none, before and after a power cut. */
async function keep(file: string, secret: string): Promise<string> {
  const draft = `${file}.${randomBytes(6).toString('hex')}.part`;
  try {
    await writeFile(draft, `${secret}\n`, { mode: 0o600, flag: 'wx', flush: true });
    await link(draft, file);
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const folder = dirname(file);
  await syncFolder(folder);
  await syncFolder(dirname(folder));
  // Whoever was first with the link has made the secret for all.
  return (await readSecret(file)) ?? secret;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function errorCodeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
