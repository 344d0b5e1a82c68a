/** Temporary folders of test runs: one per run, named after its process, so that a later run finds what a crashed one left. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processStart } from '#main/engine/process/proc.ts';

const PREFIX = 'botpool-test-';

/** Makes this run's folder and removes those of runs whose process is gone. */
export async function makeRunFolder(): Promise<string> {
  await sweep();
  const folder = await mkdtemp(join(tmpdir(), PREFIX));
  await writeFile(join(folder, 'owner'), `${process.pid} ${await processStart(process.pid)}`);
  return folder;
}

/** A fresh folder below a run's folder. */
export async function makeSubfolder(runFolder: string, name: string): Promise<string> {
  await mkdir(runFolder, { recursive: true });
  return mkdtemp(join(runFolder, `${name}-`));
}

async function sweep(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  for (const name of names) {
    const folder = join(tmpdir(), name);
    const owner = await readFile(join(folder, 'owner'), 'utf8').catch(() => undefined);
    if (owner === undefined) continue;
    const [pid, start] = owner.split(' ');
    if ((await processStart(Number(pid))) === start) continue;
    await rm(folder, { recursive: true, force: true });
  }
}
