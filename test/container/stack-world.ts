/** One stack from `compose/stack.yml` under a name of its own, beside whatever else runs on this engine. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { processStart } from '#main/engine/process/proc.ts';
import { type ComposeSecrets, prepareComposeSecrets } from '#main/stack/compose/secrets.ts';
import { freePort } from '#main/stack/embedded/free-port.ts';
import { makeRunFolder } from '../support/run-folder.ts';
import { docker } from './docker-command.ts';

/** The stack file, as an operator gets it. */
export const STACK_FILE = join(import.meta.dirname, '../../compose/stack.yml');

/** A stack of one test file. */
export interface StackWorld {
  readonly project: string;
  /** Stands for `booking` in the names of containers and networks. */
  readonly prefix: string;
  readonly ports: { readonly postgres: number; readonly redis: number; readonly sandbox: number };
  readonly secrets: ComposeSecrets;
  /** Variables that the stack file reads. */
  readonly env: Readonly<Record<string, string>>;
  compose(...args: readonly string[]): Promise<string>;
  /** Runs a command inside a service's container; returns what it wrote. */
  inside(service: string, ...command: readonly string[]): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

const NAME = /^botpool-stack-(\d+)-(\d+)(?:-\d+)?$/;

/** Chooses names, ports and secrets; starts nothing. Removes the stacks of runs whose process is gone. */
export async function prepareStackWorld(): Promise<StackWorld> {
  await sweepStacks();
  const project = `botpool-stack-${process.pid}-${await processStart(process.pid)}`;
  const folder = await makeRunFolder();
  const secrets = await prepareComposeSecrets(join(folder, 'secrets'));
  const ports = { postgres: await freePort(), redis: await freePort(), sandbox: await freePort() };
  const env = {
    COMPOSE_PROJECT_NAME: project,
    STACK_PREFIX: project,
    SECRETS_DIR: secrets.folder,
    POSTGRES_PORT: String(ports.postgres),
    REDIS_PORT: String(ports.redis),
    SANDBOX_PORT: String(ports.sandbox),
  };
  return {
    project,
    prefix: project,
    ports,
    secrets,
    env,
    compose: (...args) => docker(['compose', '--file', STACK_FILE, '--profile', 'sandbox', ...args], { env }),
    inside: (service, ...command) => docker(['exec', `${project}-${service}`, ...command]),
    async [Symbol.asyncDispose]() {
      await removeStack(project);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Everything that carries the project's label, whoever made it. */
export async function removeStack(project: string): Promise<void> {
  const filter = ['--filter', `label=com.docker.compose.project=${project}`];
  const ids = async (...list: readonly string[]): Promise<readonly string[]> =>
    (await docker([...list, '--quiet', ...filter])).split('\n').filter((id) => id !== '');
  const containers = await ids('ps', '--all');
  if (containers.length > 0) await docker(['rm', '--force', '--volumes', ...containers]);
  for (const kind of ['volume', 'network']) {
    const found = await ids(kind, 'ls');
    if (found.length > 0) await docker([kind, 'rm', ...found]);
  }
}

/** Removes the stacks of runs whose process is gone. */
export async function sweepStacks(): Promise<void> {
  const label = 'com.docker.compose.project';
  const names = await docker(['ps', '--all', '--filter', `label=${label}`, '--format', `{{.Label "${label}"}}`]);
  for (const project of new Set(names.split('\n'))) {
    const [, pid, start] = NAME.exec(project) ?? [];
    if (pid !== undefined && String(await processStart(Number(pid))) !== start) await removeStack(project);
  }
}
