/** Brings every image of the stack to this machine: from a registry, or as stand-ins where none can be reached. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import { withFolderLock } from '../engine/process/programs/folder-lock.ts';
import { BASE_IMAGES, type BaseImage, botRuntimeName, imageName, NODE_IMAGE, type Variables } from './base-images.ts';
import { buildBotRuntimeImage, OWN_LABEL } from './bot-runtime-image.ts';
import { type DockerCli, openDockerCli } from './docker-cli.ts';
import { makeStandIns } from './offline/stand-ins.ts';

/** What to bring. */
export interface BuildImagesOptions {
  readonly projectFolder: string;
  /** Names of images, and how the docker command finds its engine. */
  readonly variables: Variables;
  /** True: no registry is asked; official images are stood in for. */
  readonly offline: boolean;
  /** True: pulls again, or takes the newest packages. */
  readonly refresh: boolean;
  readonly report: (stage: string) => void;
}

/** One image of the stack as the engine now has it. */
export interface StackImage {
  readonly image: string;
  readonly id: string;
  readonly bytes: number;
  /** `made` as a stand-in, `pulled`, `built` from our code; `current` was there, `kept` is another's. */
  readonly outcome: 'made' | 'pulled' | 'built' | 'current' | 'kept';
}

/** Brings all images; safe to repeat. Fails with `program_missing`, `program_failed` or `unsupported`. */
export async function buildImages(options: BuildImagesOptions): Promise<readonly StackImage[]> {
  const docker = await openDockerCli(options.variables);
  const cacheDir = join(options.projectFolder, '.cache/images');
  return await withFolderLock(join(cacheDir, 'lock'), () => buildLocked(options, docker, cacheDir));
}

async function buildLocked(
  options: BuildImagesOptions,
  docker: DockerCli,
  cacheDir: string,
): Promise<readonly StackImage[]> {
  const outcomes = options.offline ? await standIns(options, docker, cacheDir) : await pull(options, docker);
  const botRuntime = botRuntimeName(options.variables);
  options.report(`building ${botRuntime}`);
  await buildBotRuntimeImage({
    docker,
    cacheDir,
    projectFolder: options.projectFolder,
    tag: botRuntime,
    nodeImage: imageName(NODE_IMAGE, options.variables),
  });
  outcomes.set(botRuntime, 'built');
  return await Promise.all([...outcomes].map(([image, outcome]) => describe(docker, image, outcome)));
}

/** Removes images of ours that have no name any more and that no container uses. */
export async function cleanImages(variables: Variables): Promise<void> {
  await (await openDockerCli(variables)).prune(OWN_LABEL);
}

/** What a start needs: images that are missing, from wherever they can be had. */
export interface EnsureImagesOptions extends Omit<BuildImagesOptions, 'offline' | 'refresh'> {
  /** Names of base images, such as `postgres`. */
  readonly names: readonly string[];
}

/**
 * Brings base images that are missing: from their registry, or as stand-ins where none answers. Fails as
 * {@link buildImages} does, when neither way works.
 */
export async function ensureBaseImages(options: EnsureImagesOptions): Promise<void> {
  const docker = await openDockerCli(options.variables);
  const wanted = BASE_IMAGES.filter(({ name }) => options.names.includes(name));
  const present = await Promise.all(wanted.map((image) => docker.inspect(imageName(image, options.variables))));
  let missing = wanted.filter((_image, index) => present[index] === undefined);
  if (missing.length === 0) return;
  try {
    for (const image of [...missing]) {
      const name = imageName(image, options.variables);
      options.report(`pulling ${name}`);
      await pullOne(docker, image, name);
      missing = missing.filter((other) => other !== image);
    }
  } catch (error) {
    if (!isBotpoolError(error, 'program_failed') || !canStandIn()) throw error;
    const names = missing.map((image) => imageName(image, options.variables)).join(', ');
    options.report(`no registry gives ${names}: making stand-ins from Debian packages`);
    const cacheDir = join(options.projectFolder, '.cache/images');
    const env = toolVariables(options.variables);
    await withFolderLock(join(cacheDir, 'lock'), () =>
      makeStandIns({ ...options, refresh: false, images: missing, docker, cacheDir, env }),
    );
  }
}

/** Builds our own image; what has not changed comes from the engine's cache. */
export async function ensureBotRuntime(options: Omit<EnsureImagesOptions, 'names'>): Promise<void> {
  const docker = await openDockerCli(options.variables);
  const cacheDir = join(options.projectFolder, '.cache/images');
  const nodeImage = imageName(NODE_IMAGE, options.variables);
  const tag = botRuntimeName(options.variables);
  options.report(`building ${tag}`);
  await withFolderLock(join(cacheDir, 'lock'), () =>
    buildBotRuntimeImage({ docker, cacheDir, projectFolder: options.projectFolder, tag, nodeImage }),
  );
}

/** Packages are unpacked by Debian's own tools, as root. */
function canStandIn(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

type Outcomes = Map<string, StackImage['outcome']>;

async function standIns(options: BuildImagesOptions, docker: DockerCli, cacheDir: string): Promise<Outcomes> {
  const env = toolVariables(options.variables);
  const made = await makeStandIns({ ...options, images: BASE_IMAGES, docker, cacheDir, env });
  return new Map(BASE_IMAGES.map((image) => [imageName(image, options.variables), made.get(image.name) ?? 'current']));
}

async function pull(options: BuildImagesOptions, docker: DockerCli): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  for (const image of BASE_IMAGES) {
    const name = imageName(image, options.variables);
    const isThere = (await docker.inspect(name)) !== undefined;
    if (!isThere || options.refresh) {
      options.report(`pulling ${name}`);
      await pullOne(docker, image, name);
    }
    outcomes.set(name, isThere && !options.refresh ? 'current' : 'pulled');
  }
  return outcomes;
}

async function pullOne(docker: DockerCli, { variable }: BaseImage, name: string): Promise<void> {
  try {
    await docker.pull(name);
  } catch (cause) {
    if (!isBotpoolError(cause, 'program_failed')) throw cause;
    const ways = `name another image in ${variable}, or make stand-ins with “npx botpool images build --offline”`;
    throw new BotpoolError('program_failed', { ...cause.data, detail: `${cause.data.detail} (${ways})` }, { cause });
  }
}

async function describe(docker: DockerCli, image: string, outcome: StackImage['outcome']): Promise<StackImage> {
  const found = await docker.inspect(image);
  if (found === undefined)
    throw new BotpoolError('program_failed', { program: `docker image inspect ${image}`, detail: 'it is gone' });
  return { image, id: found.id, bytes: found.bytes, outcome };
}

/** apt and mmdebstrap may need the proxy of the surroundings; nothing else of them is handed on. */
function toolVariables(variables: Variables): Record<string, string> {
  const env: Record<string, string> = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C.UTF-8',
  };
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'TMPDIR']) {
    const value = variables[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}
