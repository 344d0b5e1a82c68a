/** The image that all of Botpool's own containers run: one bundled file for each role, on Node and nothing else. */
import { cp, mkdir, readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleMonitor, bundleRoles, bundleSandbox, bundleSocketProxy } from '../stack/bot-runtime-program.ts';
import type { DockerCli } from './docker-cli.ts';

/** Files of an image carry no time of day, so that the same code makes the same layer. */
const EPOCH = new Date(0);

/** On every image of this kind, so that those without a name can be found. */
export const OWN_LABEL = 'botpool.bot-runtime';

const MIGRATIONS = 'src/core/postgres/migrations';

/** What the image is made of. */
export interface BotRuntimeImageOptions {
  readonly docker: DockerCli;
  readonly projectFolder: string;
  /** Where the bundles are put; nobody else works in it meanwhile. */
  readonly cacheDir: string;
  readonly tag: string;
  readonly nodeImage: string;
}

/** Bundles the roles and builds the image; unchanged parts come from the engine's cache. */
export async function buildBotRuntimeImage(options: BotRuntimeImageOptions): Promise<void> {
  const context = join(options.cacheDir, 'bot-runtime');
  const app = join(context, 'app');
  await rm(app, { recursive: true, force: true });
  await mkdir(app, { recursive: true });
  await Promise.all([
    bundleRoles(app),
    bundleSandbox(app),
    bundleSocketProxy(app),
    bundleMonitor(app),
    // The control plane reads them beside itself.
    cp(join(options.projectFolder, MIGRATIONS), join(app, 'migrations'), { recursive: true }),
  ]);
  for (const file of await readdir(app, { recursive: true })) await utimes(join(app, file), EPOCH, EPOCH);
  await utimes(app, EPOCH, EPOCH);
  await options.docker.build({
    tag: options.tag,
    context,
    file: join(options.projectFolder, 'compose/bot-runtime.Dockerfile'),
    args: { NODE_IMAGE: options.nodeImage, SOURCE_DATE_EPOCH: '0' },
    labels: { [OWN_LABEL]: '' },
  });
  // Each change of the code leaves the image before it without a name.
  await options.docker.prune(OWN_LABEL);
}
