/** A lock between processes on one machine: a file that names its holder. A dead holder's lock is taken over. */
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processStart } from '../proc.ts';

/** Runs `work` while no other process holds the lock file. Waits as long as the holder lives. */
export async function withFolderLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  while ((await claimFolder(file)) !== undefined) await sleep(100);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

let claims = 0;

/** Makes the lock file ours, and returns undefined; or returns the pid of the living process that holds it. */
export async function claimFolder(file: string): Promise<number | undefined> {
  await mkdir(dirname(file), { recursive: true });
  claims += 1;
  const own = `${file}.${process.pid}.${claims}`;
  // The file appears with its content or not at all, because it is linked to its name and not written there.
  await writeFile(own, `${process.pid} ${await processStart(process.pid)}`);
  try {
    for (;;) {
      if (await linked(own, file)) return undefined;
      const holder = await livingHolder(file, `${own}.gone`);
      if (holder !== undefined) return holder;
    }
  } finally {
    await rm(own, { force: true });
  }
}

async function linked(own: string, file: string): Promise<boolean> {
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The holder's pid, or undefined after a dead holder's file has been put away. */
async function livingHolder(file: string, aside: string): Promise<number | undefined> {
  const holder = await readFile(file, 'utf8').catch(() => undefined);
  if (holder === undefined) return undefined;
  const [pid, start] = holder.split(' ');
  if ((await processStart(Number(pid))) === start) return Number(pid);
  await rename(file, aside).catch(() => undefined);
  // Somebody else may have taken it over between reading and renaming: then it is given back.
  const moved = await readFile(aside, 'utf8').catch(() => undefined);
  if (moved !== undefined && moved !== holder) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
  return undefined;
}
