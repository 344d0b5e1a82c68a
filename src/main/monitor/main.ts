/** Entry of the pool monitor: a control plane in a container, so that nights and week-ends are covered. It has no API. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseEnv } from 'node:util';
import * as z from 'zod';
import { endOnUnforeseen } from '#core/telemetry/last-resort.ts';
import { createLogger } from '#core/telemetry/logger.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { readHostConfig } from '../config.ts';
import { type ControlPlane, startControlPlane } from '../control-plane.ts';
import { joinedStack } from './joined-stack.ts';

/** A process that cannot even stop must not linger. */
const STOP_MS = 9_000;
/** The stack may still be coming up, or PostgreSQL may be away for a while. */
const TRY_AGAIN_MS = 2_000;

const env = z
  .object({
    MONITOR_HOME: z.string().default('/home/botpool'),
    MONITOR_SECRETS: z.string().default('/run/secrets'),
    MONITOR_ENGINE: z.string().default('tcp://docker-proxy:2375'),
    MONITOR_HEALTH_PORT: z.coerce.number().int().default(9002),
    BOT_RUNTIME_IMAGE: z.string().default('bot-runtime'),
    COMPOSE_PROJECT_NAME: z.string(),
    STACK_PREFIX: z.string(),
  })
  .parse(process.env);

const settings = parseEnv(readFileSync(`${env.MONITOR_SECRETS}/settings`, 'utf8'));
const { COMPOSE_PROJECT_NAME, STACK_PREFIX } = env;
const config = readHostConfig(env.MONITOR_HOME, {
  ...settings,
  BOTPOOL_HOME: env.MONITOR_HOME,
  COMPOSE_PROJECT_NAME,
  STACK_PREFIX,
});
const logger = createLogger('pool-monitor', config.logLevel);
const stopping = new AbortController();

async function start(): Promise<ControlPlane> {
  return await startControlPlane({
    config,
    logger,
    cacheDir: env.MONITOR_HOME,
    report: (stage) => logger.info({ stage }, 'starting'),
    openStack: joinedStack({
      project: config.project,
      prefix: config.prefix,
      botImage: env.BOT_RUNTIME_IMAGE,
      egress: config.telegramApiRoot !== undefined,
      engineAddress: env.MONITOR_ENGINE,
      secrets: env.MONITOR_SECRETS,
    }),
  });
}

/** Answers 200 once the control plane stands. */
function openHealth(isUp: () => boolean): Server {
  const server = createServer((_request, response) => {
    response.writeHead(isUp() ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ok: isUp() }));
  });
  return server.listen(env.MONITOR_HEALTH_PORT, '0.0.0.0');
}

/** Tries until it stands: what it needs may come later than it does. */
async function startPatiently(): Promise<ControlPlane | undefined> {
  while (!stopping.signal.aborted) {
    try {
      return await start();
    } catch (error) {
      const known = isBotpoolError(error) ? { code: error.code, data: error.data } : { err: error };
      logger.warn(known, 'the pool monitor cannot start yet; trying again');
      await sleep(TRY_AGAIN_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }
  return undefined;
}

async function main(): Promise<void> {
  let up = false;
  openHealth(() => up);
  const controlPlane = await startPatiently();
  if (controlPlane === undefined) return;
  up = true;
  logger.info({ project: config.project, prefix: config.prefix }, 'POOL MONITOR STARTED');
  if (!stopping.signal.aborted) {
    await new Promise((resolve) => stopping.signal.addEventListener('abort', resolve, { once: true }));
  }
  await controlPlane.close();
}

function stop(): void {
  stopping.abort();
  setTimeout(() => process.exit(1), STOP_MS).unref();
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
const running = Promise.withResolvers<void>();
endOnUnforeseen({
  report: (error) => logger.fatal({ err: error }, 'something unforeseen happened; the pool monitor ends'),
  stop: async () => {
    stopping.abort();
    await running.promise;
  },
  limitMs: STOP_MS,
});
await main();
running.resolve();
process.exit();
