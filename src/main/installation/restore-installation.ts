/** Puts everything back from the folder of a backup: on an installation that stands still, or on an empty machine. */
import { randomBytes } from 'node:crypto';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createLogger } from '#core/telemetry/logger.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { backupIdSchema } from '#shared/schemas/backup.ts';
import { readIdentities } from '../backups/encryption.ts';
import { checkFolder } from '../backups/manifest.ts';
import { fetchInto } from '../backups/offsite.ts';
import { openTarget } from '../backups/target/open.ts';
import { readSecrets, restoreWhole, type WholeRestored } from '../backups/whole.ts';
import { type BackupTarget, type HostConfig, readHostConfig } from '../config.ts';
import { POSTGRES_CONTAINER } from '../stack/embedded/postgres.ts';
import { openChosenStack } from './open-stack.ts';

/** Whose installation, and from what. */
export interface RestoreInstallation {
  readonly home: string;
  readonly projectFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What was named: a folder, or the id of a backup; and that as a path. */
  readonly named: string;
  readonly folder: string;
  /** A file with the private key of an encrypted one. */
  readonly identity: string | undefined;
  /** A copy of `secrets/master.key`, where the backup does not bring it. */
  readonly masterKey: string | undefined;
  readonly report: (stage: string) => void;
}

const DATABASE = 'booking_saas';
const KEY = 'secrets/master.key';
const TOOL_MS = 6 * 3_600_000;

/** What lies whole on the target, the newest first. Fails with `target_none`. */
export async function listOffsite(facts: BackupTarget | undefined): Promise<string[]> {
  const target = await openTarget(facts);
  if (target === undefined) throw new BotpoolError('target_none', {});
  try {
    return await target.list();
  } finally {
    target.close();
  }
}

/** The folder that was named; a backup that is named by its id lies among the others, or is fetched from the target. */
async function folderOf({ home, folder, named, report }: RestoreInstallation, config: HostConfig): Promise<string> {
  if (!backupIdSchema.safeParse(named).success || (await isThere(folder))) return folder;
  const own = join(home, 'backups', named);
  if (await isThere(own)) return own;
  const target = await openTarget(config.backups.target);
  if (target === undefined) return folder;
  try {
    report(`fetching ${named} from ${target.name}`);
    await mkdir(join(home, 'backups'), { recursive: true, mode: 0o700 });
    const { signal } = new AbortController();
    await fetchInto(target, join(home, 'backups'), named, { report: () => undefined, signal });
    return own;
  } finally {
    target.close();
  }
}

/**
 * Nothing of the installation may run meanwhile. Fails with `secret_unreadable` when there is no master key: without it
 * no token could be read afterwards.
 */
export async function restoreInstallation(request: RestoreInstallation): Promise<WholeRestored> {
  const { home, projectFolder, env, report } = request;
  const config = readHostConfig(projectFolder, { ...env, BOTPOOL_HOME: home });
  const folder = await folderOf(request, config);
  const identities = request.identity === undefined ? [] : await readIdentities(request.identity);
  report('checking every byte of the backup');
  const manifest = await checkFolder(folder);
  await bringSecrets(request, await readSecrets(folder, manifest, identities));
  const openStack =
    (await openChosenStack({ config, projectFolder, env }, report)) ?? (await embedded(request, config));
  const stack = await openStack({ durable: true, report });
  try {
    report('restoring');
    return await restoreWhole({
      server: { ...stack.postgres, database: DATABASE },
      exec: (command, env) => stack.engine.exec(POSTGRES_CONTAINER, command, env),
      logger: createLogger('restore', 'warn'),
      limits: { toolMs: TOOL_MS, leastFree: 0 },
      newSuffix: () => randomBytes(3).toString('hex'),
      folder,
      identities,
      report: () => undefined,
    });
  } finally {
    await stack.close();
  }
}

async function embedded({ home, projectFolder }: RestoreInstallation, config: ReturnType<typeof readHostConfig>) {
  const { embeddedStack } = await import('../stack/embedded/open-embedded.ts');
  const { project, ports } = config;
  return embeddedStack({
    home,
    project,
    cacheDir: join(projectFolder, '.cache'),
    ports: { ...ports, sandbox: undefined },
  });
}

/** Keys that are there stay as they are; missing ones come from the backup or from the file that was named. */
async function bringSecrets(
  { home, masterKey }: RestoreInstallation,
  brought: Readonly<Record<string, string>>,
): Promise<void> {
  const given = masterKey === undefined ? undefined : await readFile(masterKey, 'utf8');
  const key = given ?? brought[KEY];
  const path = join(home, KEY);
  if (await isThere(path)) return;
  if (key === undefined) {
    throw new BotpoolError('secret_unreadable', {
      what: `${path} (name a copy of it with --master-key, or the key of an encrypted backup with --identity)`,
    });
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, key, { mode: 0o600, flag: 'wx', flush: true });
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
