/** Entry of a pool bot's process: parses its environment, builds, runs, stops. */
import { bookingKind } from '#bot-runtime/kinds/booking/index.ts';
import { systemClock } from '#bot-runtime/runtime/clock.ts';
import { parseBotRuntimeConfig } from '#bot-runtime/runtime/config.ts';
import { runPoolBot } from '#bot-runtime/runtime/pool-bot.ts';
import { rehearse } from '#bot-runtime/runtime/rehearsal.ts';
import { openRedis } from '#core/redis/connection.ts';
import { endOnUnforeseen } from '#core/telemetry/last-resort.ts';
import { createLogger } from '#core/telemetry/logger.ts';

/** A process that cannot even stop must not linger. */
const STOP_MS = 9_000;

const stopping = new AbortController();

async function main(): Promise<void> {
  const config = parseBotRuntimeConfig(process.env);
  const logger = createLogger(config.container, config.logLevel);
  const stop = (): void => {
    stopping.abort();
    setTimeout(() => process.exit(1), STOP_MS).unref();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.once('disconnect', stop);
  const onError = (error: Error): void => logger.warn({ err: error }, 'the connection to Redis broke; trying again');
  const redis = openRedis({ ...config.redis, name: config.container, onError });
  const wakeRedis = openRedis({ ...config.redis, name: `${config.container}-wake`, blocking: true, onError });
  await rehearse({ runtime: config, kind: bookingKind, clock: systemClock(), logger });
  await runPoolBot({
    config,
    redis,
    wakeRedis,
    kinds: [bookingKind],
    clock: systemClock(),
    logger,
    stop: stopping.signal,
  });
  redis.disconnect();
  wakeRedis.disconnect();
}

const lastWords = createLogger(process.env['CONTAINER_NAME'] ?? 'pool-bot', 'info');
const running = Promise.withResolvers<void>();
endOnUnforeseen({
  report: (error) => lastWords.fatal({ err: error }, 'something unforeseen happened; the process ends'),
  stop: async () => {
    stopping.abort();
    await running.promise;
  },
  limitMs: STOP_MS,
});
void main()
  .catch((error: unknown) => {
    lastWords.fatal({ err: error }, 'the process ends');
    process.exitCode = 1;
  })
  .then(() => {
    running.resolve();
    process.exit();
  });
