/** The bot runtime as the process engine runs it: one bundled file, loaded with the flags that keep a waiting bot small. */
import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { PICTURE_ASSETS } from '#core/pictures/assets.ts';
import type { Program } from '../engine/process/launch.ts';

/** Where the entry files of bots are, seen from here. */
const ROLES = join(import.meta.dirname, '../../../bot-runtime/roles');
const SANDBOX = join(import.meta.dirname, '../../sandbox/main.ts');

/**
 * Flags of a bot's process, each measured by `npm run bench -- memory`: a small young generation, one worker thread
 * for V8, and no reserve in the old generation. A bot does little work; it must not hold what it does not use.
 */
export const LEAN_FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=96', '--v8-pool-size=1'] as const;

/** grammY's HTTP client uses an old function of Node; its warning would open every log. */
const QUIET_FLAGS = ['--disable-warning=DEP0169'] as const;

/** Variables with the same purpose: few threads, and freed memory goes back to the system. */
export const LEAN_ENV = { UV_THREADPOOL_SIZE: '2', MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '65536' } as const;

/** Bundles one role into `folder`; about a third of a second. Returns the file to run. */
export async function bundleRole(role: string, folder: string): Promise<string> {
  const { resolve } = createRequire(import.meta.url);
  await mkdir(folder, { recursive: true });
  await Promise.all(PICTURE_ASSETS.map((asset) => copyFile(resolve(asset), join(folder, basename(asset)))));
  return await bundle(join(ROLES, `${role}.ts`), folder, role);
}

/** Bundles the simulated outside world, for images. Returns the file to run. */
export async function bundleSandbox(folder: string): Promise<string> {
  return await bundle(SANDBOX, folder, 'sandbox');
}

async function bundle(entry: string, folder: string, name: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${name}.cjs`);
  await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    minify: true,
    // Stacks in logs keep the names of functions; the HTTP client knows an AbortSignal by its name.
    keepNames: true,
    alias: { 'whatwg-url': join(import.meta.dirname, 'native-url.ts') },
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    logLevel: 'silent',
  });
  return file;
}

/** The program behind the image `bot-runtime`. */
export function botRuntimeProgram(file: string): Program {
  return {
    command: process.execPath,
    args: [...LEAN_FLAGS, ...QUIET_FLAGS, file],
    env: { NODE_ENV: 'production', ...LEAN_ENV },
  };
}
