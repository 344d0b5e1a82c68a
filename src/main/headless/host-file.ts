/**
 * How a running host is found: `<home>/run/host.json` says where it answers, `<home>/run/host.lock` makes it the only
 * one. Both name their process by pid and start time, so that what a dead process left is seen through.
 */
import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { BotpoolError } from '#shared/errors/botpool-error.ts';

const hostFileSchema = z.object({
  pid: z.number().int().positive(),
  /** What tells this process from an earlier or later one of the same pid, where the system says so. */
  processStart: z.string().optional(),
  url: z.url(),
  token: z.string(),
  startedAt: z.string(),
});

/** Where a host answers, and what lets one in. `startedAt` in ISO 8601. */
export type HostFile = z.infer<typeof hostFileSchema>;

const lockSchema = hostFileSchema.pick({ pid: true, processStart: true });

/** A process, for good: see `isAlive`. */
export type Holder = z.infer<typeof lockSchema>;

/** The folder of what is true only while a host runs. */
export function runFolder(home: string): string {
  return join(home, 'run');
}

function hostFilePath(home: string): string {
  return join(runFolder(home), 'host.json');
}

function lockPath(home: string): string {
  return join(runFolder(home), 'host.lock');
}

/** Says where this process answers. Readable by its own user only: the token is in it. */
export async function writeHostFile(
  home: string,
  facts: { readonly url: string; readonly token: string; readonly startedAt: Date },
): Promise<void> {
  const content: HostFile = { ...(await thisProcess()), ...facts, startedAt: facts.startedAt.toISOString() };
  await makeRunFolder(home);
  const path = hostFilePath(home);
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, JSON.stringify(content), { mode: 0o600 });
  // Whole or not at all: a reader never sees half a file.
  await rename(draft, path);
}

/** Where the host of this folder answers; `undefined` when none runs. */
export async function readHostFile(home: string): Promise<HostFile | undefined> {
  const facts = await readJson(hostFilePath(home), hostFileSchema);
  return facts !== undefined && (await isAlive(facts)) ? facts : undefined;
}

/** The process that is this folder's host, also while it is still starting; `undefined` when there is none. */
export async function findHost(home: string): Promise<Holder | undefined> {
  const holder = await readJson(lockPath(home), lockSchema);
  return holder !== undefined && (await isAlive(holder)) ? holder : undefined;
}

/** Takes this process's own entry away; another host's stays. */
export async function removeHostFile(home: string): Promise<void> {
  const facts = await readJson(hostFilePath(home), hostFileSchema);
  if (facts?.pid === process.pid) await rm(hostFilePath(home), { force: true });
}

/** True while the process that wrote this runs. */
export async function isAlive(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const start = await startOf(holder.pid);
  // Only Linux tells; elsewhere a pid that lives is believed.
  if (process.platform === 'linux' && start === undefined) return false;
  return start === undefined || holder.processStart === undefined || start === holder.processStart;
}

/** A host's hold on its folder. */
export interface HostLock {
  release(): Promise<void>;
}

/** Makes this process the only host of the folder. Fails with `already_running`, which names the other one. */
export async function lockHost(home: string): Promise<HostLock> {
  await makeRunFolder(home);
  const path = lockPath(home);
  const own = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(own, JSON.stringify(await thisProcess()), { mode: 0o600 });
  try {
    // The lock appears with its content or not at all, because it is linked to its name and not written there.
    while (!(await linked(own, path))) await putAway(home, path, `${own}.gone`);
  } finally {
    await rm(own, { force: true });
  }
  return { release: () => rm(path, { force: true }) };
}

/** Puts a dead host's lock away; fails when its holder lives. */
async function putAway(home: string, path: string, aside: string): Promise<void> {
  const holder = await readJson(path, lockSchema);
  if (holder !== undefined && (await isAlive(holder))) {
    throw new BotpoolError('already_running', { pid: holder.pid, folder: home });
  }
  await rename(path, aside).catch(() => undefined);
  const moved = await readJson(aside, lockSchema);
  // Somebody else took it over between reading and renaming: it is given back.
  if (moved !== undefined && (moved.pid !== holder?.pid || moved.processStart !== holder.processStart)) {
    await link(aside, path).catch(() => undefined);
  }
  await rm(aside, { force: true });
}

async function linked(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function makeRunFolder(home: string): Promise<void> {
  await mkdir(runFolder(home), { recursive: true, mode: 0o700 });
  await chmod(runFolder(home), 0o700);
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

async function thisProcess(): Promise<Holder> {
  const processStart = await startOf(process.pid);
  return { pid: process.pid, ...(processStart === undefined ? {} : { processStart }) };
}

/** When a process started, in ticks since the machine's start (field 22 of `/proc/<pid>/stat`); a zombie is dead. */
async function startOf(pid: number): Promise<string | undefined> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}
