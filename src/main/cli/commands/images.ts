/** `botpool images …`: what the containers of the stack are made from. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Command } from 'commander';
import * as z from 'zod';
import { type CommandSet, defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { drawImages } from '../format/image-view.ts';
import { seconds } from '../format/time.ts';

const options = z.object({ offline: z.boolean().default(false), refresh: z.boolean().default(false) });

/** Adds the commands. */
export function addImages(program: Command, set: CommandSet): void {
  const images = program.command('images').description('the images of the stack');
  const build = images
    .command('build')
    .description('bring every image to this machine: pull the official ones, build our own')
    .option('--offline', 'make stand-ins from Debian packages instead of pulling')
    .option('--refresh', 'pull again, or take the newest packages');
  defineCommand(build, set, {
    options,
    examples: ['botpool images build', 'botpool images build --offline'],
    run: buildAll,
  });
}

async function buildAll(context: CliContext, { offline, refresh }: z.output<typeof options>): Promise<undefined> {
  const begun = performance.now();
  // Loaded here: the bundler takes longer to load than other commands take to run.
  const { buildImages } = await import('../../images/build-images.ts');
  const images = await buildImages({
    projectFolder: context.host.projectFolder,
    variables: variablesOf(context),
    offline,
    refresh,
    report: (stage) => context.line(`${seconds(performance.now() - begun).padStart(7)}  ${stage}`),
  });
  const took = seconds(performance.now() - begun);
  context.line(drawImages(images, context.locale));
  context.line(context.say('cli-images-ready', { seconds: took }));
  context.data({ images, seconds: Math.round(performance.now() - begun) / 1_000 });
}

/** `.env` of the project below the process's own variables, as Compose reads them. */
function variablesOf({ host }: CliContext): Readonly<Record<string, string | undefined>> {
  const file = join(host.projectFolder, '.env');
  return { ...(existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}), ...host.env };
}
