/** The process of one of the installation's own bots: it waits for its token as pool bots do, and serves under a lease. */
import { openRedis } from '#core/redis/connection.ts';
import { endOnUnforeseen } from '#core/telemetry/last-resort.ts';
import { createLogger } from '#core/telemetry/logger.ts';
import { SERVICE_REGISTER } from '#shared/redis/keys.ts';
import { systemClock } from './clock.ts';
import { parseBotRuntimeConfig } from './config.ts';
import type { BotKind } from './kind.ts';
import { runPoolBot } from './pool-bot.ts';

/** A process that cannot even stop must not linger. */
const STOP_MS = 9_000;

/** Runs it until it is asked to end or has nothing more to do, then ends the process. */
export function runServiceProcess(environment: NodeJS.ProcessEnv, kind: BotKind): void {
  const stopping = new AbortController();
  const lastWords = createLogger(environment['CONTAINER_NAME'] ?? kind.name, 'info');
  const running = serve(environment, kind, stopping).catch((error: unknown) => {
    lastWords.fatal({ err: error }, 'the process ends');
    process.exitCode = 1;
  });
  endOnUnforeseen({
    report: (error) => lastWords.fatal({ err: error }, 'something unforeseen happened; the process ends'),
    stop: async () => {
      stopping.abort();
      await running;
    },
    limitMs: STOP_MS,
  });
  void running.then(() => process.exit());
}

async function serve(environment: NodeJS.ProcessEnv, kind: BotKind, stopping: AbortController): Promise<void> {
  const config = parseBotRuntimeConfig(environment);
  const logger = createLogger(config.container, config.logLevel);
  const stop = (): void => {
    stopping.abort();
    setTimeout(() => process.exit(1), STOP_MS).unref();
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, stop);
  const onError = (error: Error): void => logger.warn({ err: error }, 'the connection to Redis broke; trying again');
  const redis = openRedis({ ...config.redis, name: config.container, onError });
  const wakeRedis = openRedis({ ...config.redis, name: `${config.container}-wake`, blocking: true, onError });
  await runPoolBot({
    ...{ config, redis, wakeRedis, logger },
    kinds: [kind],
    family: SERVICE_REGISTER,
    clock: systemClock(),
    stop: stopping.signal,
  });
  redis.disconnect();
  wakeRedis.disconnect();
}
