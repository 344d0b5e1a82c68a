/** Makes stand-ins for official images without a registry, each only when it is missing or its recipe has changed. */
import { createHash } from 'node:crypto';
import { cp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BaseImage, imageName, type Variables } from '../base-images.ts';
import type { DockerCli } from '../docker-cli.ts';
import { type BaseSystem, ensureBaseSystem } from './base-system.ts';
import { RELEASE } from './debian-source.ts';
import { findNodeBinary } from './node-binary.ts';
import { openPackageStore, type PackageStore } from './packages.ts';

/** On every stand-in: the hash of the recipe that it was made by. An image without it is somebody else's. */
export const STAND_IN_LABEL = 'botpool.stand-in';

const BASE_NAME = `botpool-stand-in-base:${RELEASE}`;

/** What to make. */
export interface StandInOptions {
  readonly images: readonly BaseImage[];
  readonly docker: DockerCli;
  readonly projectFolder: string;
  /** Kept between runs; nobody else works in it meanwhile. */
  readonly cacheDir: string;
  readonly variables: Variables;
  /** Variables of the tools that fetch and unpack, complete. */
  readonly env: Readonly<Record<string, string>>;
  /** True: takes the newest packages even where nothing else has changed. */
  readonly refresh: boolean;
  readonly report: (stage: string) => void;
}

/** How an image came to be there. `kept`: it was not ours to replace. */
export type StandInOutcome = 'made' | 'current' | 'kept';

/** Two at once: unpacking and building keep two cores busy, more only wait. */
const AT_ONCE = 2;

/** Makes what is missing. Returns each image's outcome by its name. */
export async function makeStandIns(options: StandInOptions): Promise<ReadonlyMap<string, StandInOutcome>> {
  const { cacheDir: folder } = options;
  const outcomes = new Map<string, StandInOutcome>();
  const wanted: { readonly image: BaseImage; readonly recipe: string }[] = [];
  for (const image of options.images) {
    const recipe = await recipeOf(options, image);
    const outcome = await lookAt(options, image, recipe);
    outcomes.set(image.name, outcome);
    if (outcome === 'made') wanted.push({ image, recipe });
  }
  if (wanted.length === 0) return outcomes;
  const store = await openPackageStore(folder, options.env);
  options.report(`making the base of the stand-ins from Debian ${RELEASE}, and fetching its package lists`);
  const [base] = await Promise.all([
    ensureBaseSystem(folder, store.sources, options.env, options.refresh),
    store.refresh(options.refresh),
  ]);
  await importBase(options, base);
  const trees = await fetchTrees(options, store, base, wanted);
  const work = async (): Promise<void> => {
    for (let next = trees.shift(); next !== undefined; next = trees.shift())
      await makeOne(options, folder, store, next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcomes;
}

/** An image that is there without our label is an official one, or the operator's own: it is used as it is. */
async function lookAt(options: StandInOptions, image: BaseImage, recipe: string): Promise<StandInOutcome> {
  const found = await options.docker.inspect(imageName(image, options.variables));
  if (found === undefined) return 'made';
  const label = found.labels[STAND_IN_LABEL];
  if (label === undefined) return 'kept';
  return label === recipe && !options.refresh ? 'current' : 'made';
}

/** What an image is made of, but for the versions of packages: those change with `refresh` only. */
async function recipeOf({ projectFolder }: StandInOptions, image: BaseImage): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([RELEASE, image.packages, image.unused.source]));
  const folder = recipeFolder(projectFolder, image);
  for (const file of (await readdir(folder)).sort()) hash.update(file).update(await readFile(join(folder, file)));
  return hash.digest('hex').slice(0, 16);
}

function recipeFolder(projectFolder: string, image: BaseImage): string {
  return join(projectFolder, 'compose/offline', image.name);
}

async function importBase({ docker, refresh, report }: StandInOptions, base: BaseSystem): Promise<void> {
  const made = createHash('sha256')
    .update(await readFile(base.status))
    .digest('hex')
    .slice(0, 16);
  if (!refresh && (await docker.inspect(BASE_NAME))?.labels[STAND_IN_LABEL] === made) return;
  report('importing the base');
  await docker.import(base.tar, BASE_NAME, { [STAND_IN_LABEL]: made });
}

/** One image with the packages that it needs. */
interface Planned {
  readonly image: BaseImage;
  readonly recipe: string;
  readonly packages: Awaited<ReturnType<PackageStore['missing']>>;
}

async function fetchTrees(
  { report }: StandInOptions,
  store: PackageStore,
  base: BaseSystem,
  wanted: readonly Omit<Planned, 'packages'>[],
): Promise<Planned[]> {
  const planned: Planned[] = [];
  for (const one of wanted) {
    const needs = one.image.packages.length > 0;
    planned.push({ ...one, packages: needs ? await store.missing(one.image, base.status) : [] });
  }
  const packages = planned.flatMap((one) => one.packages);
  if (packages.length === 0) return planned;
  const bytes = new Map(packages.map((one) => [one.file, one.bytes]));
  const megabytes = [...bytes.values()].reduce((sum, size) => sum + size, 0) / 1e6;
  report(`fetching ${bytes.size} Debian packages (${megabytes.toFixed(0)} MB)`);
  await store.download(packages);
  return planned;
}

async function makeOne(
  options: StandInOptions,
  folder: string,
  store: PackageStore,
  { image, recipe, packages }: Planned,
): Promise<void> {
  const tag = imageName(image, options.variables);
  const context = join(folder, 'context', image.name);
  options.report(`making ${tag}`);
  await rm(context, { recursive: true, force: true });
  await cp(recipeFolder(options.projectFolder, image), context, { recursive: true });
  const args: Record<string, string> = { BASE: BASE_NAME };
  if (packages.length > 0) await store.unpack(packages, join(context, 'tree'));
  if (image.name === 'node') {
    const node = await findNodeBinary(options.projectFolder, options.env);
    await cp(node.file, join(context, 'node'));
    args['NODE_VERSION'] = node.version;
  }
  await options.docker.build({ tag, context, args, labels: { [STAND_IN_LABEL]: recipe } });
  await rm(context, { recursive: true, force: true });
}
