/** The secrets of a Compose stack: files that are made once, and that containers are given to read. */
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { redisUsers } from '../embedded/redis.ts';
import { ownPassword } from '../secret-file.ts';

/** What the stack's services were given. */
export interface ComposeSecrets {
  readonly folder: string;
  readonly postgresPassword: string;
  /** Of the user with all rights. */
  readonly redisPassword: string;
}

/**
 * Makes the files that `compose/stack.yml` names, or finds them. Compose hands a file on with the host's owner and mode,
 * and every service has a user of its own: the folder keeps strangers out, the files in it can be read.
 */
export async function prepareComposeSecrets(folder: string): Promise<ComposeSecrets> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const postgresFile = join(folder, 'postgres-password');
  const postgresPassword = await ownPassword(postgresFile);
  const redisFile = join(folder, 'redis-password');
  const redisPassword = await ownPassword(redisFile);
  const usersFile = join(folder, 'redis-users.acl');
  // A file that only may be read cannot be written again by everybody; a new one under its name can.
  await rm(usersFile, { force: true });
  await writeFile(usersFile, composeRedisUsers(redisPassword));
  await Promise.all([postgresFile, redisFile, usersFile].map((file) => chmod(file, 0o444)));
  return { folder, postgresPassword, redisPassword };
}

/** The text of the ACL file: the embedded Redis's users, and one for the health check that may say PING. */
function composeRedisUsers(password: string): string {
  return `${redisUsers(password)}user health on nopass resetkeys resetchannels -@all +ping\n`;
}
