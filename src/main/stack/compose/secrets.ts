/** The secrets of a Compose stack: files that are made once, and that containers are given to read. */
import { access, chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateIdentity } from 'age-encryption';
import { serviceLoginPassword } from '#core/billing/prepare.ts';
import { createVault } from '#core/secrets/vault.ts';
import { redisUsers } from '../embedded/redis.ts';
import { ownMasterKey } from '../master-key.ts';
import { ownPassword, ownSecret } from '../secret-file.ts';

/** What the stack's services were given. */
export interface ComposeSecrets {
  readonly folder: string;
  readonly postgresPassword: string;
  /** Of the user with all rights. */
  readonly redisPassword: string;
}

/** What our own services are told beside passwords: `NAME="value"`, one a line. */
const SETTINGS = 'settings.env';
/** The key that seals tokens; the control plane has made it before. */
const MASTER_KEY = 'master.key';
/** With which encrypted backups are proven here. */
const BACKUP_KEY = 'backup.agekey';
/** Of the gateway's own login; it follows from the key. */
const GATEWAY_PASSWORD = 'gateway-password';

/**
 * Makes the files that `compose/stack.yml` names, or finds them. Compose hands a file on with the host's owner and mode,
 * and every service has a user of its own: the folder keeps strangers out, the files in it can be read.
 */
export async function prepareComposeSecrets(
  folder: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ComposeSecrets> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const postgresFile = join(folder, 'postgres-password');
  const postgresPassword = await ownPassword(postgresFile);
  const redisFile = join(folder, 'redis-password');
  const redisPassword = await ownPassword(redisFile);
  const usersFile = join(folder, 'redis-users.acl');
  const settingsFile = join(folder, SETTINGS);
  await replace(usersFile, composeRedisUsers(redisPassword));
  await replace(settingsFile, settingsText(settings));
  const files = [postgresFile, redisFile, usersFile, settingsFile];
  const backupKey = join(folder, BACKUP_KEY);
  const identity = await generateIdentity();
  await ownSecret({ file: backupKey, make: () => identity });
  files.push(backupKey);
  const key = join(folder, MASTER_KEY);
  if (await exists(key)) {
    const gatewayFile = join(folder, GATEWAY_PASSWORD);
    await replace(gatewayFile, serviceLoginPassword(createVault(await ownMasterKey(key)), 'gateway'));
    files.push(key, gatewayFile);
  }
  await Promise.all(files.map((file) => chmod(file, 0o444)));
  return { folder, postgresPassword, redisPassword };
}

/** In place: a container that has the file sees what is new in it. Nobody but its owner could write into it. */
async function replace(file: string, text: string): Promise<void> {
  if (await exists(file)) await chmod(file, 0o600);
  await writeFile(file, text, { mode: 0o600 });
}

/** As `parseEnv` reads it. A value with a line's end cannot stand in such a file, and none of ours has one. */
function settingsText(settings: Readonly<Record<string, string>>): string {
  const quoted = (value: string): string => (value.includes('"') ? `'${value}'` : `"${value}"`);
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${quoted(value)}\n`)
    .join('');
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The text of the ACL file: the embedded Redis's users, and one for the health check that may say PING. */
function composeRedisUsers(password: string): string {
  return `${redisUsers(password)}user health on nopass resetkeys resetchannels -@all +ping\n`;
}
