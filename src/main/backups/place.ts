/** Which disk this is: control planes that share a folder of backups share its name, others know that theirs is another. */
import { randomBytes } from 'node:crypto';
import { chown, link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = '.place';
const NAME = /^[0-9a-f]{16}$/;

/** The name of the disk below this folder, which is made at the first look. Undefined when the folder cannot be used. */
export async function placeOf(folder: string): Promise<string | undefined> {
  const file = join(folder, FILE);
  const read = async (): Promise<string | undefined> => {
    const text = (await readFile(file, 'utf8').catch(() => '')).trim();
    return NAME.test(text) ? text : undefined;
  };
  const known = await read();
  if (known !== undefined) return known;
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, `${randomBytes(8).toString('hex')}\n`, { mode: 0o600, flush: true });
    await giveToOwner(folder, [draft]);
    // Whoever is first has named it for all.
    await link(draft, file).catch(() => undefined);
  } catch {
    return undefined;
  } finally {
    await rm(draft, { force: true });
  }
  return await read();
}

/**
 * What root writes into a folder that is another user's belongs to that user: the control plane in a container has no
 * other rights there.
 */
export async function giveToOwner(folder: string, paths: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(folder);
  if (uid === 0) return;
  for (const path of paths) await chown(path, uid, gid);
}
