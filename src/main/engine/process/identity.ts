/**
 * Decides as whom a program runs that refuses to be root, as PostgreSQL does. The rest of the engine only hands an
 * `Identity` from here to the place that starts a program.
 */
import { lchown, lstat, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { runCommand } from './programs/run-command.ts';

/** `self`: as we are. `user`: another user. `namespace`: still us outside, but nobody in its own eyes. */
export type Identity =
  | { readonly kind: 'self' }
  | { readonly kind: 'user'; readonly uid: number; readonly gid: number }
  | { readonly kind: 'namespace'; readonly unshare: string };

/** Runs programs as whoever runs Botpool. */
export const SELF: Identity = { kind: 'self' };

/** What to hand to `spawn` so that the command runs under an identity. */
export interface IdentityCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

const UNSHARE = '/usr/bin/unshare';
const NOBODY = '65534';

/**
 * Someone who is not root and can reach these folders and programs. Without root that is ourselves. As root: the user
 * `postgres` or `nobody` when every folder on the way lets them through, else a user namespace, which needs no way at all.
 * Fails with `program_failed` when neither is possible.
 */
export async function unprivilegedIdentity(paths: readonly string[]): Promise<Identity> {
  if (process.getuid?.() !== 0) return SELF;
  const reachable = (await Promise.all(paths.map(othersCanReach))).every(Boolean);
  const user = reachable ? await existingUser() : undefined;
  if (user !== undefined) return { kind: 'user', ...user };
  const namespace: Identity = { kind: 'namespace', unshare: UNSHARE };
  const probe = inIdentity(namespace, '/bin/true', []);
  const result = await runCommand(probe.command, probe.args, { env: {} }).catch(() => undefined);
  if (result?.code === 0) return namespace;
  throw new BotpoolError('program_failed', {
    program: 'postgres',
    detail: `PostgreSQL refuses to run as root, and no other user can reach ${paths.join(', ')}; run Botpool as an ordinary user or from a folder that others may enter`,
  });
}

/** The command line and user ids under which a command runs as this identity. */
export function inIdentity(identity: Identity, command: string, args: readonly string[]): IdentityCommand {
  if (identity.kind === 'self') return { command, args };
  if (identity.kind === 'user') return { command, args, uid: identity.uid, gid: identity.gid };
  const wrapper = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--', command];
  return { command: identity.unshare, args: [...wrapper, ...args] };
}

/**
 * Hands a file or folder with all that is in it to an identity. Links are not followed. A folder that is its own already
 * is left alone, so that this costs nothing at later starts.
 */
export async function giveTo(identity: Identity, path: string): Promise<void> {
  const owner = ownerFor(identity);
  const found = await lstat(path);
  if (owner === undefined || (found.uid === owner.uid && found.gid === owner.gid)) return;
  const entries = found.isDirectory() ? await readdir(path, { recursive: true, withFileTypes: true }) : [];
  await Promise.all(entries.map((entry) => lchown(join(entry.parentPath, entry.name), owner.uid, owner.gid)));
  // Last, because it stands for "all of it is handed over".
  await lchown(path, owner.uid, owner.gid);
}

/** Inside the namespace our own files look like nobody's, so they stay ours. Without root there is nothing to hand over. */
function ownerFor(identity: Identity): { readonly uid: number; readonly gid: number } | undefined {
  if (identity.kind === 'user') return { uid: identity.uid, gid: identity.gid };
  return identity.kind === 'namespace' ? { uid: 0, gid: 0 } : undefined;
}

async function existingUser(): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  return parseUser(text, 'postgres') ?? parseUser(text, 'nobody');
}

/** A user's ids from the text of `/etc/passwd`. */
export function parseUser(passwd: string, name: string): { readonly uid: number; readonly gid: number } | undefined {
  const fields = passwd
    .split('\n')
    .find((line) => line.startsWith(`${name}:`))
    ?.split(':');
  const uid = Number(fields?.[2]);
  const gid = Number(fields?.[3]);
  return Number.isSafeInteger(uid) && Number.isSafeInteger(gid) && uid > 0 ? { uid, gid } : undefined;
}

/** True when every folder above the path lets strangers through. The path itself may be closed: it will be handed over. */
async function othersCanReach(path: string): Promise<boolean> {
  const parent = dirname(path);
  if (parent === path) return true;
  const mode = await stat(parent).then(
    (found) => found.mode,
    () => 0,
  );
  return (mode & 0o001) !== 0 && othersCanReach(parent);
}
