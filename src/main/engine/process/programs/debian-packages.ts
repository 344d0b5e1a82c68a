/**
 * Fetches programs as packages of the machine's own Debian or Ubuntu release. apt resolves, downloads and verifies them
 * with lists and archives of our own, so that no root is needed and nothing outside the cache changes.
 */
import { access, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { aptOptions, type Package, parsePrintUris } from './apt.ts';
import { postgresInTree, redisInTree } from './program-cache.ts';
import type { PostgresPrograms, ProgramsOptions, RedisPrograms } from './program-sets.ts';
import { runCommand, runOrFail } from './run-command.ts';

/** Package lists older than this are fetched anew. */
const LISTS_MAX_AGE_MS = 24 * 60 * 60 * 1000;

/** Parts of the packages that never run here; they are two thirds of their size. */
const UNUSED = ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'usr/share/lintian', 'usr/share/info', 'etc'];

/** Fetches the newest PostgreSQL of the release. */
export async function fetchPostgres(options: ProgramsOptions, oldest: number): Promise<PostgresPrograms> {
  await refreshLists(options);
  const major = await newestPostgres(options.cacheDir);
  if (!(major >= oldest)) {
    throw new BotpoolError('program_failed', { program: 'apt-get', detail: `this release offers PostgreSQL ${major}` });
  }
  const names = [`postgresql-${major}`, `postgresql-client-${major}`];
  const tree = await fetchTree(options, 'postgres', `PostgreSQL ${major}`, names);
  return started(await postgresInTree(tree, oldest), tree);
}

/** Fetches the release's Redis. */
export async function fetchRedis(options: ProgramsOptions, oldest: number): Promise<RedisPrograms> {
  await refreshLists(options);
  const tree = await fetchTree(options, 'redis', 'Redis', ['redis-server', 'redis-tools']);
  return started(await redisInTree(tree, oldest), tree);
}

async function started<T>(programs: T | undefined, tree: string): Promise<T> {
  if (programs !== undefined) return programs;
  await rm(tree, { recursive: true, force: true });
  throw new BotpoolError('program_failed', {
    program: tree,
    detail: 'the fetched program is too old or does not start',
  });
}

/** Makes sure that there are lists, and that they are fresh: of the last day, or of this moment when `now` is set. */
async function refreshLists({ cacheDir, report }: ProgramsOptions, now = false): Promise<void> {
  await Promise.all(['/usr/bin/apt-get', '/usr/bin/dpkg-deb'].map((tool) => access(tool))).catch((cause) => {
    const detail = 'this machine has no Debian packages to fetch from';
    throw new BotpoolError('program_failed', { program: 'apt-get', detail }, { cause });
  });
  const apt = join(cacheDir, 'apt');
  await mkdir(join(apt, 'lists/partial'), { recursive: true });
  await mkdir(join(apt, 'archives/partial'), { recursive: true });
  const fetchedAt = await listsFetchedAt(join(apt, 'lists'));
  if (!now && Date.now() - fetchedAt < LISTS_MAX_AGE_MS) return;
  report('Fetching the package lists of this release');
  await runOrFail('apt-get', [...aptOptions(cacheDir), 'update'], { env: toolEnv(), timeoutMs: 120_000 });
  // Unreachable sources are only a warning to apt.
  if ((await listsFetchedAt(join(apt, 'lists'))) > 0) return;
  throw new BotpoolError('program_failed', {
    program: 'apt-get',
    detail: 'the package sources of this machine cannot be reached',
  });
}

/** When the lists were last fetched, or 0. */
async function listsFetchedAt(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('_Packages') || name.endsWith('.lz4'));
  if (names.length === 0) return 0;
  return (await stat(join(folder, 'partial'))).mtimeMs;
}

async function newestPostgres(cacheDir: string): Promise<number> {
  const args = [...aptOptions(cacheDir), 'pkgnames', 'postgresql-'];
  const names = await runOrFail('apt-cache', args, { env: toolEnv() });
  const majors = [...names.matchAll(/^postgresql-(\d+)$/gm)].map(([, major]) => Number(major));
  return Math.max(0, ...majors);
}

async function fetchTree(
  options: ProgramsOptions,
  kind: string,
  title: string,
  names: readonly string[],
): Promise<string> {
  try {
    return await fetchListed(options, kind, title, names);
  } catch {
    // The sources may have replaced a version since the lists were fetched.
    await refreshLists(options, true);
    return await fetchListed(options, kind, title, names);
  }
}

async function fetchListed(
  options: ProgramsOptions,
  kind: string,
  title: string,
  names: readonly string[],
): Promise<string> {
  const { cacheDir, report } = options;
  const packages = await missingPackages(cacheDir, names);
  const main = packages.find(({ name }) => name === names[0]);
  if (main === undefined) {
    throw new BotpoolError('program_failed', {
      program: 'apt-get',
      detail: `this release has no ${names[0] ?? title}`,
    });
  }
  const megabytes = packages.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  report(`Fetching ${title} from this release's packages (${megabytes.toFixed(1)} MB)`);
  await download(cacheDir, packages);
  const folder = join(cacheDir, 'programs');
  const tree = join(folder, `${kind}-${main.version.replace(/^\d+:/, '')}`);
  await unpack(cacheDir, packages, tree);
  return tree;
}

/** The named packages and whatever they need that this machine has not installed. */
async function missingPackages(cacheDir: string, names: readonly string[]): Promise<readonly Package[]> {
  const args = [...aptOptions(cacheDir), '-qq', 'install', '--reinstall', '--print-uris', ...names];
  const result = await runCommand('apt-get', args, { env: toolEnv() });
  if (result.code !== 0) {
    const detail = result.stderr.trim().split('\n').at(-1) ?? 'no answer';
    throw new BotpoolError('program_failed', { program: 'apt-get', detail });
  }
  return parsePrintUris(result.stdout);
}

/** apt itself downloads, so that sizes and signatures are checked; a broken-off file goes on where it stopped. */
async function download(cacheDir: string, packages: readonly Package[]): Promise<void> {
  const wanted = packages.map(({ name, arch, version }) => `${name}:${arch}=${version}`);
  const args = [...aptOptions(cacheDir), '-q', 'download', ...wanted];
  await runOrFail('apt-get', args, { env: toolEnv(), cwd: join(cacheDir, 'apt/archives'), timeoutMs: 600_000 });
}

async function unpack(cacheDir: string, packages: readonly Package[], tree: string): Promise<void> {
  const part = `${tree}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  for (const { file } of packages) {
    const archive = join(cacheDir, 'apt/archives', file);
    await runOrFail('dpkg-deb', ['-x', archive, part], { env: toolEnv() });
  }
  await Promise.all(UNUSED.map((folder) => rm(join(part, folder), { recursive: true, force: true })));
  const libraries = join(part, 'usr/lib/postgresql');
  for (const major of await readdir(libraries).catch(() => [])) {
    await rm(join(libraries, major, 'lib/bitcode'), { recursive: true, force: true });
  }
  await rm(tree, { recursive: true, force: true });
  await rename(part, tree);
  await Promise.all(packages.map(({ file }) => rm(join(cacheDir, 'apt/archives', file), { force: true })));
}

/** apt may need the proxy of the surroundings; nothing else of them is handed on. */
function toolEnv(): Record<string, string> {
  const env: Record<string, string> = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' };
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}
