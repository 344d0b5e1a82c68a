/**
 * Debian packages for the stand-ins: this machine's apt resolves, downloads and verifies them against lists of their own
 * release inside the cache, as if it stood in the base image. Nothing outside the cache changes.
 */
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { aptOptions, type Package, parsePrintUris } from '../../engine/process/programs/apt.ts';
import { runOrFail } from '../../engine/process/programs/run-command.ts';
import type { BaseImage } from '../base-images.ts';
import { INDEX_FORMAT, releaseSources } from './debian-source.ts';

/** Parts of packages that never run in a container; of PostgreSQL's, they are half of its size. */
const UNUSED_PATHS = [
  ...['usr/share/man', 'usr/share/doc', 'usr/share/locale', 'usr/share/lintian', 'usr/share/info'],
  ...['usr/lib/systemd', 'etc/init.d', 'usr/share/postgresql/17/man'],
  ...['usr/lib/postgresql/17/lib/bitcode', 'usr/lib/postgresql/17/lib/llvmjit*'],
] as const;

/** Lists older than this are fetched anew before something is built from them. */
const LISTS_MAX_AGE_MS = 24 * 60 * 60 * 1_000;
const DOWNLOAD_MS = 900_000;

/** One release's packages, kept in a cache. */
export interface PackageStore {
  /** Lines of a source list. */
  readonly sources: readonly string[];
  /** Brings the lists up to date when they are a day old, or at once. */
  refresh(now: boolean): Promise<void>;
  /** What an image needs on top of the base image, whose `/var/lib/dpkg/status` is this file. */
  missing(image: BaseImage, status: string): Promise<readonly Package[]>;
  download(packages: readonly Package[]): Promise<void>;
  /** Unpacks downloaded packages over each other into a fresh folder. */
  unpack(packages: readonly Package[], tree: string): Promise<void>;
}

/** Opens the store below a folder. Fails with `unsupported` on a machine without Debian's package sources. */
export async function openPackageStore(folder: string, env: Readonly<Record<string, string>>): Promise<PackageStore> {
  const archives = join(folder, 'apt/archives');
  const list = join(folder, 'apt/sources.list');
  const sources = await findSources(env);
  await mkdir(join(folder, 'apt/lists/partial'), { recursive: true });
  await mkdir(archives, { recursive: true });
  await mkdir(join(folder, 'apt/none/partial'), { recursive: true });
  await writeFile(list, `${sources.join('\n')}\n`);
  const options = [
    ...aptOptions(folder),
    ...['-o', `Dir::Etc::sourcelist=${list}`, '-o', 'Dir::Etc::sourceparts=-'],
    // The index is worked out once for all images.
    ...['-o', `Dir::Cache::pkgcache=${join(folder, 'apt/pkgcache.bin')}`],
    // What is downloaded already would not be listed any more.
    ...['-o', `Dir::Cache::archives=${join(folder, 'apt/none')}`],
  ];
  return {
    sources,
    async refresh(now) {
      if (!now && Date.now() - (await fetchedAt(join(folder, 'apt/lists'))) < LISTS_MAX_AGE_MS) return;
      await runOrFail('apt-get', [...options, 'update'], { env, timeoutMs: DOWNLOAD_MS });
      if ((await fetchedAt(join(folder, 'apt/lists'))) > 0) return;
      const detail = 'the package sources of this machine cannot be reached';
      throw new BotpoolError('program_failed', { program: 'apt-get update', detail });
    },
    async missing(image, status) {
      const words = ['-o', `Dir::State::status=${status}`, '-qq', 'install', '--print-uris', ...image.packages];
      const packages = parsePrintUris(await runOrFail('apt-get', [...options, ...words], { env }));
      return packages.filter(({ name }) => !image.unused.test(name));
    },
    async download(packages) {
      const wanted = new Set(packages.map(({ name, arch, version }) => `${name}:${arch}=${version}`));
      // Sizes and signatures are apt's work; what is there already is not fetched again.
      const args = [...options, '-q', 'download', ...wanted];
      await runOrFail('apt-get', args, { env, cwd: archives, timeoutMs: DOWNLOAD_MS });
    },
    async unpack(packages, tree) {
      await rm(tree, { recursive: true, force: true });
      await mkdir(tree, { recursive: true });
      const excluded = UNUSED_PATHS.map((path) => `--exclude=./${path}`);
      for (const { file } of packages) {
        const script =
          'set -o pipefail; deb=$1; tree=$2; shift 2; dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$tree" --keep-directory-symlink "$@"';
        const args = ['-c', script, 'unpack', join(archives, file), tree, ...excluded];
        await runOrFail('bash', args, { env });
      }
    },
  };
}

async function findSources(env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const asked = runOrFail('apt-get', ['indextargets', '--format', INDEX_FORMAT, 'Created-By: Packages'], { env });
  const sources = releaseSources(await asked.catch(() => ''));
  if (sources.length > 0) return sources;
  throw new BotpoolError('unsupported', { what: 'images build --offline', engine: 'a machine that is not Debian' });
}

/** When lists were last fetched, or 0 without any. */
async function fetchedAt(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.includes('_Packages'));
  return names.length === 0 ? 0 : (await stat(join(folder, 'partial'))).mtimeMs;
}
