/** The bot runtime as the process engine runs it: one bundled file, loaded with the flags that keep a waiting bot small. */
import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { PICTURE_ASSETS } from '#core/pictures/assets.ts';
import type { Program } from '../engine/process/launch.ts';

/** Where the entry files of bots are, seen from here. */
const ROLES = join(import.meta.dirname, '../../../bot-runtime/roles');
const SANDBOX = join(import.meta.dirname, '../../sandbox/main.ts');
const SOCKET_PROXY = join(import.meta.dirname, '../../socket-proxy/main.ts');
const MONITOR = join(import.meta.dirname, '../monitor/main.ts');

/**
 * Flags of a bot's process, each measured by `npm run bench -- memory`: a small young generation, one worker thread
 * for V8, and no reserve in the old generation. A bot does little work; it must not hold what it does not use.
 */
export const LEAN_FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=96', '--v8-pool-size=1'] as const;

/** grammY's HTTP client uses an old function of Node; its warning would open every log. */
const QUIET_FLAGS = ['--disable-warning=DEP0169'] as const;

/** Variables with the same purpose: few threads, and freed memory goes back to the system. */
export const LEAN_ENV = { UV_THREADPOOL_SIZE: '2', MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '65536' } as const;

/** Every role that has an entry file: what each one's bundle is called, here and in the image. */
export const BOT_ROLES = ['pool-bot', 'sales-bot', 'master-bot', 'gateway'] as const;

/** See {@link BOT_ROLES}. */
export type BotRole = (typeof BOT_ROLES)[number];

/** What a container is told to run; see {@link botRuntimeProgram}. */
export function roleArgs(role: BotRole): readonly string[] {
  return [`${role}.cjs`];
}

/** Bundles one role into `folder`; about a third of a second. Returns the file to run. */
async function bundleRole(role: BotRole, folder: string): Promise<string> {
  return await bundle(join(ROLES, `${role}.ts`), folder, role);
}

/** Bundles every role and lays beside them what pictures are drawn with. */
export async function bundleRoles(folder: string): Promise<void> {
  const { resolve } = createRequire(import.meta.url);
  await mkdir(folder, { recursive: true });
  await Promise.all([
    ...BOT_ROLES.map((role) => bundleRole(role, folder)),
    ...PICTURE_ASSETS.map((asset) => copyFile(resolve(asset), join(folder, basename(asset)))),
  ]);
}

/** Bundles the simulated outside world, for images. Returns the file to run. */
export async function bundleSandbox(folder: string): Promise<string> {
  return await bundle(SANDBOX, folder, 'sandbox');
}

/** Bundles the way to the engine, for images. */
export async function bundleSocketProxy(folder: string): Promise<string> {
  return await bundle(SOCKET_PROXY, folder, 'socket-proxy');
}

/**
 * Bundles the control plane of the pool monitor, for images. As a module: it looks for files beside itself. Some of its
 * packages are not modules and ask for others by `require`.
 */
export async function bundleMonitor(folder: string): Promise<string> {
  return await bundle(MONITOR, folder, 'pool-monitor', {
    outfile: join(folder, 'pool-monitor.mjs'),
    format: 'esm',
    banner: { js: COMMON_JS },
    // Native helpers that only make ssh faster, and the stack of machines without Docker.
    external: ['*.node', 'cpu-features', '*/open-embedded.ts'],
  });
}

/** What packages that are no modules expect to find. */
const COMMON_JS = [
  "import { createRequire } from 'node:module';",
  'const require = createRequire(import.meta.url), __dirname = import.meta.dirname, __filename = import.meta.filename;',
].join(' ');

async function bundle(entry: string, folder: string, name: string, more: BuildOptions = {}): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = more.outfile ?? join(folder, `${name}.cjs`);
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
    ...more,
  });
  return file;
}

/** The program behind the image `bot-runtime`: the bundles of a folder, one of which a container's arguments name. */
export function botRuntimeProgram(folder: string): Program {
  return {
    command: process.execPath,
    args: [...LEAN_FLAGS, ...QUIET_FLAGS],
    folder,
    env: { NODE_ENV: 'production', ...LEAN_ENV },
  };
}
