/** A whole Botpool of a benchmark's own: control plane, bots, sandbox, in a temporary folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '#core/telemetry/logger.ts';
import { type HostConfig, readHostConfig } from '#main/config.ts';
import { type ControlPlane, startControlPlane } from '#main/control-plane.ts';
import { processStart } from '#main/engine/process/proc.ts';
import { openChosenStack } from '#main/installation/open-stack.ts';
import { takeDown } from '#main/installation/take-down.ts';
import { createSandboxClient, type SandboxChat, type SandboxClient } from '#main/sandbox/sandbox-client.ts';
import { freePort } from '#main/stack/embedded/free-port.ts';

/** A running installation and the simulated Telegram beside it. */
export interface BenchWorld {
  readonly plane: ControlPlane;
  readonly sandbox: SandboxClient;
  readonly config: HostConfig;
  /** Resolves when so many bots wait. */
  waiting(count: number): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const ROOT = join(import.meta.dirname, '../..');
const WAIT_MS = 120_000;

/** Which engine carries the bots of a benchmark. */
export type BenchEngine = 'process' | 'docker';

/** Starts an installation with so many bots. */
export async function startBenchWorld(
  bots: number,
  variables: Record<string, string> = {},
  engine: BenchEngine = 'process',
): Promise<BenchWorld> {
  const home = await mkdtemp(join(tmpdir(), 'botpool-bench-'));
  const env = {
    ...(engine === 'docker' ? await dockerVariables() : {}),
    BOTPOOL_HOME: home,
    POOL_BOTS: String(bots),
    MAX_TOTAL_BOTS: '500',
    AUTOSCALER: 'off',
    SERVICE_BOTS: 'off',
    LOG_LEVEL: 'warn',
    ...variables,
  };
  const config = readHostConfig(home, env);
  const logger = createLogger('bench', 'error');
  const openStack =
    engine === 'docker' ? await openChosenStack({ config, projectFolder: ROOT, env }, () => undefined) : undefined;
  const plane = await startControlPlane({
    ...{ config, cacheDir: join(ROOT, '.cache'), logger, report: () => undefined, durable: true },
    ...(openStack === undefined ? {} : { openStack }),
  });
  const sandbox = createSandboxClient(plane.sandboxUrl ?? '');
  return {
    plane,
    sandbox,
    config,
    async waiting(count) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const timer = setTimeout(() => reject(new Error(`fewer than ${count} bots wait`)), WAIT_MS);
      const check = async (): Promise<void> => {
        if ((await plane.pool.getPoolStatus()).waiting >= count) resolve();
      };
      const stop = plane.pool.listen((event) => {
        if (event.type === 'registered') void check().catch(reject);
      });
      await check();
      await promise.finally(() => {
        clearTimeout(timer);
        stop();
      });
    },
    async [Symbol.asyncDispose]() {
      await plane.close();
      await takeDown({ home, projectFolder: ROOT, env, volumes: true, report: () => undefined });
      await rm(home, { recursive: true, force: true });
    },
  };
}

let worlds = 0;

/** Names and ports of its own beside whatever else runs on this engine; the container tests sweep what a crash leaves. */
async function dockerVariables(): Promise<Record<string, string>> {
  worlds += 1;
  const project = `botpool-stack-${process.pid}-${await processStart(process.pid)}-${worlds}`;
  const ports = await Promise.all(PORTS.map(async (name) => [name, String(await freePort())]));
  const own = { ENGINE: 'docker', COMPOSE_PROJECT_NAME: project, ...Object.fromEntries(ports) };
  const kept = ['PATH', 'HOME', 'DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_CONFIG'];
  return {
    ...Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    ...own,
  };
}

const PORTS = ['POSTGRES_PORT', 'REDIS_PORT', 'SANDBOX_PORT', 'PANEL_PORT'] as const;

/** A buyer with a bot's token, and a customer who will write to that bot. */
export interface Client {
  readonly clientId: string;
  readonly token: string;
  readonly ownerId: number;
  readonly botId: number;
  readonly chat: SandboxChat;
}

/** Makes the people and the bot of one client in the sandbox. */
export async function makeClient(sandbox: SandboxClient, number: number): Promise<Client> {
  const owner = await sandbox.createPerson({ name: `Owner ${number}` });
  const username = `salon_${number}_${Math.floor(Math.random() * 1e9)}_bot`;
  const bot = await sandbox.createBot({ ownerId: owner.id, name: `Salon ${number}`, username });
  const customer = await sandbox.createPerson({ name: `Anna ${number}`, languageCode: 'en' });
  return {
    clientId: `client_${String(number).padStart(4, '0')}`,
    token: bot.token,
    ownerId: owner.id,
    botId: bot.id,
    chat: sandbox.chat(bot.id, customer.id),
  };
}

/** Makes so many clients, numbered from `first` on. */
export async function makeClients(world: BenchWorld, count: number, first: number): Promise<Client[]> {
  const clients: Client[] = [];
  for (let index = 0; index < count; index += 1) clients.push(await makeClient(world.sandbox, first + index));
  return clients;
}

/** Activates a client's bot and lets its customer press Start; milliseconds until each is done. */
export async function activateAndGreet(
  world: BenchWorld,
  client: Client,
): Promise<{ readonly activatedMs: number; readonly answeredMs: number }> {
  const begun = performance.now();
  const { clientId, token, ownerId } = client;
  await world.plane.pool.activateBot({ clientId, token, ownerId, company: `Salon ${clientId}`, locale: 'en' }, 'bench');
  const activatedMs = performance.now() - begun;
  await client.chat.start();
  const answer = await client.chat.waitFor({ timeoutMs: 30_000 });
  if (answer === null) throw new Error(`${clientId}: no answer to /start`);
  return { activatedMs, answeredMs: performance.now() - begun };
}
