/** A whole Botpool of a benchmark's own: control plane, bots, sandbox, in a temporary folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '#core/telemetry/logger.ts';
import { type HostConfig, readHostConfig } from '#main/config.ts';
import { type ControlPlane, startControlPlane } from '#main/control-plane.ts';
import { createSandboxClient, type SandboxChat, type SandboxClient } from '#main/sandbox/sandbox-client.ts';

/** A running installation and the simulated Telegram beside it. */
export interface BenchWorld {
  readonly plane: ControlPlane;
  readonly sandbox: SandboxClient;
  readonly config: HostConfig;
  /** Resolves when so many bots wait. */
  waiting(count: number): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const CACHE = join(import.meta.dirname, '../../.cache');
const WAIT_MS = 120_000;

/** Starts an installation with so many bots; nothing of it is synced to the disk. */
export async function startBenchWorld(bots: number, variables: Record<string, string> = {}): Promise<BenchWorld> {
  const home = await mkdtemp(join(tmpdir(), 'botpool-bench-'));
  const config = readHostConfig(home, {
    BOTPOOL_HOME: home,
    POOL_BOTS: String(bots),
    AUTOSCALER: 'off',
    LOG_LEVEL: 'warn',
    ...variables,
  });
  const logger = createLogger('bench', 'error');
  const plane = await startControlPlane({ config, cacheDir: CACHE, logger, report: () => undefined, durable: true });
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
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** A buyer with a bot's token, and a customer who will write to that bot. */
export interface Client {
  readonly clientId: string;
  readonly token: string;
  readonly ownerId: number;
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
    chat: sandbox.chat(bot.id, customer.id),
  };
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
