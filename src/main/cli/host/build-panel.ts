/** Builds the panel when it has not been built from what stands here now. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { glob, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { scrubText } from '#core/telemetry/scrub.ts';

/** What the panel is made of, below the project's folder. */
const SOURCES = ['src/renderer/**/*', 'src/shared/**/*', 'vite.config.ts', 'package-lock.json'];
const CONFIG = 'vite.config.ts';

/** The folder of the built panel, whether there is one in it or not. Never fails: Botpool runs without a panel, too. */
export async function buildPanel(projectFolder: string, report: (stage: string) => void): Promise<string> {
  const folder = join(projectFolder, 'out/renderer');
  if (!existsSync(join(projectFolder, CONFIG)) || (await isFresh(projectFolder, folder))) return folder;
  report('building the panel (once)');
  const failure = await build(projectFolder, folder);
  if (failure !== undefined) report(`the panel could not be built: ${failure}`);
  return folder;
}

async function isFresh(projectFolder: string, folder: string): Promise<boolean> {
  const built = await changedAt(join(folder, 'index.html'));
  if (built === 0) return false;
  for await (const file of glob(SOURCES, { cwd: projectFolder })) {
    if ((await changedAt(join(projectFolder, file))) > built) return false;
  }
  return true;
}

async function changedAt(file: string): Promise<number> {
  const facts = await stat(file).catch(() => undefined);
  return facts?.isFile() === true ? facts.mtimeMs : 0;
}

/** Builds beside and changes places at the end: whoever serves the old one never serves half of the new one. */
async function build(projectFolder: string, folder: string): Promise<string | undefined> {
  const draft = `${folder}.${process.pid}`;
  const vite = join(projectFolder, 'node_modules/vite/bin/vite.js');
  const child = spawn(process.execPath, [vite, 'build', '--config', CONFIG, '--outDir', draft, '--emptyOutDir'], {
    cwd: projectFolder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  try {
    if (code !== 0) return scrubText(errors.trim().split('\n').slice(-3).join(' '));
    await mkdir(dirname(folder), { recursive: true });
    await rename(folder, `${draft}.old`).catch(() => undefined);
    // Another start may have been first: then its panel is the same.
    await rename(draft, folder).catch(() => undefined);
    return undefined;
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(`${draft}.old`, { recursive: true, force: true });
  }
}
