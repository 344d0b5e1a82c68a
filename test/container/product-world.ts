/** The product itself on Docker, as an operator gets it: through its command line, under names of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { processStart } from '#main/engine/process/proc.ts';
import { buildImages } from '#main/images/build-images.ts';
import { createSandboxClient, type SandboxChat, type SandboxClient } from '#main/sandbox/sandbox-client.ts';
import { freePort } from '#main/stack/embedded/free-port.ts';
import { makeRunFolder } from '../support/run-folder.ts';
import { docker, dockerEnvironment } from './docker-command.ts';
import { removeStack, sweepStacks } from './stack-world.ts';

const ROOT = join(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'src/main/cli/main.ts');

/** How a command ended. Both streams in one text. */
export interface Ended {
  readonly code: number;
  readonly text: string;
}

/** One installation. */
export interface ProductWorld {
  readonly project: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly sandbox: SandboxClient;
  botpool(...args: readonly string[]): Promise<Ended>;
  /** What a person types into a shell. */
  shell(line: string): Promise<Ended>;
  /** A client with a bot in the sandbox, activated by the command line; and its first customer. */
  activate(number: number): Promise<SandboxChat>;
  /** `docker inspect` of one container, by the end of its name. */
  inspect(name: string, format: string): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Chooses names, ports and a home; brings the images; starts nothing. */
export async function prepareProductWorld(variables: Readonly<Record<string, string>> = {}): Promise<ProductWorld> {
  await sweepStacks();
  const project = `botpool-stack-${process.pid}-${await processStart(process.pid)}`;
  // Another checkout beside this one may build the image of that name at the same time.
  const image = `botpool-test/bot-runtime:${process.pid}`;
  const home = await makeRunFolder();
  const [postgres, redis, sandbox, panel] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const env = {
    ...dockerEnvironment(),
    LANG: 'C',
    ENGINE: 'auto',
    BOTPOOL_HOME: home,
    COMPOSE_PROJECT_NAME: project,
    BOT_RUNTIME_IMAGE: image,
    POOL_BOTS: '3',
    MIN_FREE_BOTS: '0',
    SPARE_SCHEMAS: '1',
    RATE_LIMIT_MESSAGE: '0',
    RATE_LIMIT_CALLBACK: '0',
    POSTGRES_PORT: String(postgres),
    REDIS_PORT: String(redis),
    SANDBOX_PORT: String(sandbox),
    PANEL_PORT: String(panel),
    ...variables,
  };
  await buildImages({ projectFolder: ROOT, variables: env, offline: true, refresh: false, report: () => undefined });
  const client = createSandboxClient(`http://127.0.0.1:${sandbox}`);
  const botpool = (...args: readonly string[]): Promise<Ended> => ended(process.execPath, [MAIN, ...args], env);
  return {
    project,
    home,
    env,
    sandbox: client,
    botpool,
    shell: (line) => ended('bash', ['-c', line], { ...env, PREFIX: project }),
    inspect: async (name, format) => (await docker(['inspect', '--format', format, `${project}-${name}`])).trim(),
    async activate(number) {
      const owner = await client.createPerson({ name: `Anna ${number}`, languageCode: 'en' });
      const username = `salon_${number}_bot`;
      const { token } = await client.createBot({ ownerId: owner.id, name: `Salon ${number}`, username });
      const who = ['--client', `client_00${number}`, '--token', token, '--admin', String(owner.id)];
      const { code, text } = await botpool('activate', ...who, '--company', `Salon ${number}`);
      if (code !== 0) throw new Error(text);
      const customer = await client.createPerson({ name: `Olga ${number}`, languageCode: 'en' });
      return client.chat(username, customer.id);
    },
    async [Symbol.asyncDispose]() {
      await botpool('down');
      await removeStack(project);
      await docker(['image', 'rm', '--force', image]).catch(() => undefined);
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function ended(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const child = spawn(command, [...args], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => texts.push(data.toString()));
  await once(child, 'close');
  return { code: child.exitCode ?? -1, text: texts.join('') };
}
