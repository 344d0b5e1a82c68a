/** Chooses what an installation stands on, and says so: Compose on Docker, or child processes. */
import { homedir } from 'node:os';
import { type HostConfig, readVariables, settingsOf } from '../config.ts';
import { createDockerEngine, type DockerEngine } from '../engine/docker/docker-engine.ts';
import { botRuntimeName } from '../images/base-images.ts';
import { chooseEngine } from '../stack/choose-engine.ts';
import { botPlacement } from '../stack/compose/bot-placement.ts';
import { composeStack, socketEnvironment } from '../stack/compose/compose-stack.ts';
import type { OpenStack } from '../stack/stack.ts';

/** Whose installation, and in which surroundings. */
export interface InstallationOptions {
  readonly config: HostConfig;
  readonly projectFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Docker's stack when Docker is chosen; undefined for the embedded one. Says why. */
export async function openChosenStack(
  options: InstallationOptions,
  report: (stage: string) => void,
): Promise<OpenStack | undefined> {
  const variables = readVariables(options.projectFolder, options.env);
  const chosen = await chooseEngine({
    wished: options.config.engine,
    home: options.config.home,
    connect: () => connectEngine(options),
    env: given(variables),
  });
  report(chosen.why);
  return chosen.kind === 'docker' ? onDocker(options, chosen.engine, variables) : undefined;
}

/** The engine of an installation, with its names and the places of its bots. */
export async function connectEngine({ config, projectFolder, env }: InstallationOptions): Promise<DockerEngine> {
  const { project, prefix, telegramApiRoot } = config;
  const variables = readVariables(projectFolder, env);
  return await createDockerEngine({
    project,
    prefix: { ours: 'booking', theirs: prefix },
    placement: botPlacement({ prefix, image: botRuntimeName(variables), egress: telegramApiRoot !== undefined }),
    surroundings: { env: variables, home: env['HOME'] ?? homedir() },
  });
}

function onDocker(
  { config, projectFolder }: InstallationOptions,
  engine: DockerEngine,
  variables: Readonly<Record<string, string | undefined>>,
): OpenStack {
  const { home, project, prefix, ports, telegramApiRoot } = config;
  return composeStack({
    ...{ home, project, prefix, projectFolder, engine, variables },
    ports: { ...ports, sandbox: telegramApiRoot === undefined ? ports.sandbox : undefined },
    settings: settingsOf(variables),
    profiles: [],
    baseImages: async (report) => {
      const { ensureBaseImages } = await import('../images/build-images.ts');
      const led = { ...variables, ...(await socketEnvironment(engine)) };
      await ensureBaseImages({ projectFolder, variables: led, report, names: ['postgres', 'redis', 'node'] });
    },
    cleanImages: async () => {
      const { cleanImages } = await import('../images/build-images.ts');
      await cleanImages({ ...variables, ...(await socketEnvironment(engine)) });
    },
    ownImage: async (report) => {
      const { ensureBotRuntime } = await import('../images/build-images.ts');
      const led = { ...variables, ...(await socketEnvironment(engine)) };
      await ensureBotRuntime({ projectFolder, variables: led, report });
    },
  });
}

function given(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
