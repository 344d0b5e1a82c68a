/** Takes a stack on Docker down: bots first, then Compose's services; with their volumes only when that is said. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DockerEngine } from '../../engine/docker/docker-engine.ts';
import { composeCommand } from './compose-command.ts';
import { socketEnvironment } from './compose-stack.ts';

/** Whose stack, and what of it goes. */
export interface TakeDownOptions {
  readonly home: string;
  readonly project: string;
  readonly prefix: string;
  readonly projectFolder: string;
  readonly engine: DockerEngine;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** True: all data goes, too. */
  readonly volumes: boolean;
  readonly report: (stage: string) => void;
}

/** What this control plane and its services know of a stack without data. The master key stays: backups need it. */
const SECRETS_OF_DATA = [
  'postgres-password',
  'redis-password',
  'redis-users.acl',
  'settings.env',
  'gateway-password',
] as const;

/** Safe to repeat, also after a part of it. */
export async function takeDownCompose(options: TakeDownOptions): Promise<void> {
  const { engine, project, report } = options;
  const command = composeCommand({
    projectFolder: options.projectFolder,
    env: await environment(options),
    profiles: ['*'],
    overlays: ['egress.yml'],
  });
  // It would make the bots again that go now.
  await command.run(['stop', 'pool-monitor']);
  // Those of clients and our own; later they would wait in vain for a Redis that is gone.
  const bots = (await engine.list()).filter(({ labels }) => labels['botpool.role'] !== undefined);
  if (bots.length > 0) report(`stopping ${bots.length} bots`);
  await Promise.all(bots.map(({ id }) => engine.remove(id)));
  report('stopping the services');
  await command.run(['down', '--remove-orphans', ...(options.volumes ? ['--volumes'] : [])]);
  // Networks that the engine has continued when the first were full.
  const label = `label=com.docker.compose.project=${project}`;
  const left = ((await command.ask(['network', 'ls', '--quiet', '--filter', label])) ?? '').split('\n').filter(Boolean);
  if (left.length > 0) await command.ask(['network', 'rm', ...left]);
  if (!options.volumes) return;
  const folder = join(options.home, 'secrets');
  await Promise.all(SECRETS_OF_DATA.map((name) => rm(join(folder, name), { force: true })));
}

async function environment(options: TakeDownOptions): Promise<Record<string, string>> {
  const { variables, engine, project, prefix, home } = options;
  const given = Object.entries(variables).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined && !entry[0].startsWith('COMPOSE_');
  });
  return {
    ...Object.fromEntries(given),
    ...(await socketEnvironment(engine)),
    COMPOSE_PROJECT_NAME: project,
    STACK_PREFIX: prefix,
    SECRETS_DIR: join(home, 'secrets'),
  };
}
