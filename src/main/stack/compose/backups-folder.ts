/** The folder of backups, which the host and the pool monitor share: made before a container could make it as root. */
import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The user of our own image, who owns the folder where the host runs as root. */
const IMAGE_USER = 1000;

/** What the stack file is told of it. */
export async function prepareBackupsFolder(home: string): Promise<Readonly<Record<string, string>>> {
  const folder = join(home, 'backups');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [user, group] = [process.getuid?.() ?? IMAGE_USER, process.getgid?.() ?? IMAGE_USER];
  if (user !== 0) return { BACKUPS_DIR: folder, BACKUPS_USER: String(user), BACKUPS_GROUP: String(group) };
  await chown(folder, IMAGE_USER, IMAGE_USER);
  return { BACKUPS_DIR: folder, BACKUPS_USER: String(IMAGE_USER), BACKUPS_GROUP: String(IMAGE_USER) };
}
