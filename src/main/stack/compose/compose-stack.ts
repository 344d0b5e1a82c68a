/** The stack on a Docker engine: Compose runs its services, the engine makes the bots beside them. Everything outlasts this process. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { DockerEngine } from '../../engine/docker/docker-engine.ts';
import { freePort } from '../embedded/free-port.ts';
import { POSTGRES_USER } from '../embedded/postgres.ts';
import { postgresReady, redisReady } from '../embedded/ready.ts';
import { REDIS_ADMIN } from '../embedded/redis.ts';
import type { OpenStack, Stack } from '../stack.ts';
import { prepareBackupsFolder } from './backups-folder.ts';
import { containerPlaces, GATEWAY_URL } from './bot-placement.ts';
import { type ComposeCommand, composeCommand } from './compose-command.ts';
import { type ComposeStep, isPortTaken } from './compose-output.ts';
import { assertOurs, presentService } from './inspect.ts';
import { type ComposeSecrets, prepareComposeSecrets } from './secrets.ts';

/** Whose stack, and where. */
export interface ComposeInstallation {
  readonly home: string;
  readonly project: string;
  /** Begins the names of containers and networks: `booking`, unless two installations share a host. */
  readonly prefix: string;
  readonly projectFolder: string;
  /** Preferred ports on loopback; `sandbox: undefined` means that the real Telegram is used. */
  readonly ports: { readonly postgres: number; readonly redis: number; readonly sandbox: number | undefined };
  readonly engine: DockerEngine;
  /** Variables that name images and sizes, and that lead the docker command to the engine. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** What the containers of our own services are told: a file that only they can read. */
  readonly settings: Readonly<Record<string, string>>;
  /** More profiles of `stack.yml`. */
  readonly profiles: readonly string[];
  /** Sees to it that the images of others are on the machine. */
  readonly baseImages: (report: (stage: string) => void) => Promise<void>;
  /** Removes images of ours that nothing uses any more. */
  readonly cleanImages: () => Promise<void>;
  /** Sees to it that our own image is of this code. */
  readonly ownImage: (report: (stage: string) => void) => Promise<void>;
}

/** What databases need; everything else waits for our own image. */
const FOUNDATION = ['postgres', 'redis'] as const;
/** Another program may take a port between the look and the use. */
const PORT_ATTEMPTS = 3;

type Ports = ComposeInstallation['ports'];

/** See {@link OpenStack}. */
export function composeStack(installation: ComposeInstallation): OpenStack {
  return async ({ report }) => {
    try {
      return await open(installation, report);
    } catch (error) {
      // It follows the engine's events, and would keep a process alive that has nothing more to do.
      await installation.engine.close();
      throw error;
    }
  };
}

async function open(installation: ComposeInstallation, report: (stage: string) => void): Promise<Stack> {
  await assertNobodyElses(installation);
  const secrets = await prepareComposeSecrets(secretsFolder(installation), installation.settings);
  let ports = await choosePorts(installation, report);
  await installation.baseImages(report);
  report('starting PostgreSQL and Redis');
  const ownImage = installation.ownImage(report);
  ownImage.catch(() => undefined);
  ports = await startFoundation(installation, ports, report);
  await ownImage;
  const command = await openCommand(installation, ports);
  report(`starting ${ports.sandbox === undefined ? 'the services' : 'the services and the sandbox'}`);
  await command.run(['up', '--detach', '--wait'], tellSteps(report));
  return await opened(installation, secrets, ports, command);
}

async function opened(
  installation: ComposeInstallation,
  secrets: ComposeSecrets,
  ports: Ports,
  command: ComposeCommand,
): Promise<Stack> {
  const { engine } = installation;
  const host = '127.0.0.1';
  const postgres = { host, port: ports.postgres, user: POSTGRES_USER, password: secrets.postgresPassword };
  const redis = { host, port: ports.redis, user: REDIS_ADMIN, password: secrets.redisPassword };
  const lastLines = (name: string) => ({ lastLines: () => newestLines(engine, name) });
  await Promise.all([
    postgresReady(postgres, lastLines('booking-postgres')),
    redisReady(redis, lastLines('booking-redis')),
  ]);
  return {
    engine,
    postgres,
    redis,
    sandboxUrl: ports.sandbox === undefined ? undefined : `http://${host}:${ports.sandbox}`,
    gatewayUrl: GATEWAY_URL,
    forBots: containerPlaces(ports.sandbox !== undefined),
    cleanImages: installation.cleanImages,
    configuration: () => command.configuration(),
    repair: () => command.run(['up', '--detach', '--wait']),
    close: () => engine.close(),
  };
}

/** Starts the databases; a port that was taken in the meantime is replaced. */
async function startFoundation(
  installation: ComposeInstallation,
  preferred: Ports,
  report: (stage: string) => void,
): Promise<Ports> {
  let ports = preferred;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const command = await openCommand(installation, ports);
      await command.run(['up', '--detach', '--wait', ...FOUNDATION], tellSteps(report));
      return ports;
    } catch (error) {
      if (!isPortTaken(error) || attempt === PORT_ATTEMPTS) throw error;
      ports = await choosePorts({ ...installation, ports }, report);
    }
  }
}

/** A service that is there keeps its port; for the others a free one is found. */
async function choosePorts(installation: ComposeInstallation, report: (stage: string) => void): Promise<Ports> {
  const { prefix, ports } = installation;
  const command = await openCommand(installation, ports);
  const choose = async (service: string, inside: string, port: number): Promise<number> => {
    const kept = (await presentService(command, `${prefix}-${service}`))?.portOf(inside);
    const chosen = kept ?? (await freePort(port));
    if (kept === undefined && chosen !== port) report(`port ${port} is taken: ${service} uses ${chosen}`);
    return chosen;
  };
  return {
    postgres: await choose('postgres', '5432/tcp', ports.postgres),
    redis: await choose('redis', '6379/tcp', ports.redis),
    sandbox: ports.sandbox === undefined ? undefined : await choose('sandbox', '8081/tcp', ports.sandbox),
  };
}

/** Looked at before anything is made: containers of another home, and data that was written under another password. */
async function assertNobodyElses(installation: ComposeInstallation): Promise<void> {
  const { prefix, project } = installation;
  const folder = secretsFolder(installation);
  const password = join(folder, 'postgres-password');
  const command = await openCommand(installation, installation.ports);
  for (const service of FOUNDATION) {
    const name = `${prefix}-${service}`;
    assertOurs(name, await presentService(command, name), project, password);
  }
  const isNew = !existsSync(password);
  if (!isNew || (await command.ask(['volume', 'inspect', `${project}_postgres`])) === undefined) return;
  const what = `${folder} (it is new, but the volume ${project}_postgres was made with another one; bring it back from a backup, or choose another COMPOSE_PROJECT_NAME)`;
  throw new BotpoolError('secret_unreadable', { what });
}

function secretsFolder({ home }: Pick<ComposeInstallation, 'home'>): string {
  return join(home, 'secrets');
}

async function openCommand(installation: ComposeInstallation, ports: Ports): Promise<ComposeCommand> {
  const { projectFolder, profiles, variables } = installation;
  const sandbox = ports.sandbox !== undefined;
  // To Telegram, and to where copies of backups go.
  const goesOut = !sandbox || (variables['BACKUP_S3_BUCKET'] ?? '') !== '';
  return composeCommand({
    projectFolder,
    env: await composeEnvironment(installation, ports),
    profiles: [...(sandbox ? ['sandbox'] : []), ...profiles],
    overlays: goesOut ? ['egress.yml'] : [],
  });
}

/** What the stack file reads, and how the docker command finds the engine. */
async function composeEnvironment(
  { home, variables, project, prefix, engine, settings }: ComposeInstallation,
  ports: Ports,
): Promise<Record<string, string>> {
  const given = Object.entries(variables).filter((entry): entry is [string, string] => {
    // Compose's own switches would bend which files and services are meant.
    return entry[1] !== undefined && !entry[0].startsWith('COMPOSE_');
  });
  return {
    ...Object.fromEntries(given),
    ...(await socketEnvironment(engine)),
    COMPOSE_PROJECT_NAME: project,
    STACK_PREFIX: prefix,
    SECRETS_DIR: secretsFolder({ home }),
    ...(await prepareBackupsFolder(home)),
    // A service whose settings have changed is made anew; what they are stays in the file.
    SETTINGS_HASH: createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 16),
    POSTGRES_PORT: String(ports.postgres),
    REDIS_PORT: String(ports.redis),
    ...(ports.sandbox === undefined ? {} : { SANDBOX_PORT: String(ports.sandbox) }),
  };
}

/** The same socket for us, for the docker command and for the way to the engine inside. */
export async function socketEnvironment({ socketPath }: DockerEngine): Promise<Record<string, string>> {
  if (socketPath === undefined) return {};
  const facts = await stat(socketPath);
  return { DOCKER_HOST: `unix://${socketPath}`, DOCKER_SOCKET: socketPath, DOCKER_SOCKET_GROUP: String(facts.gid) };
}

/** Compose tells each container several times; what an operator waits for is told once. */
function tellSteps(report: (stage: string) => void): (step: ComposeStep) => void {
  const told = new Set<string>();
  return ({ kind, name, state }) => {
    const word = WORTH_TELLING[state];
    const sentence = `${name} ${word}`;
    if (kind !== 'Container' || word === undefined || told.has(sentence)) return;
    told.add(sentence);
    report(sentence);
  };
}

const WORTH_TELLING: Readonly<Record<string, string>> = {
  Created: 'is made',
  Recreated: 'is made anew',
  Healthy: 'answers',
};

async function newestLines(engine: DockerEngine, name: string): Promise<string> {
  const texts: string[] = [];
  for await (const { text } of engine.logs(name, { tail: 10 })) texts.push(text);
  return texts.join(' | ');
}
