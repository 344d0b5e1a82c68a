/** Entry of the gateway's process: parses its environment, listens on both ports, stops. */
import { parseGatewayConfig } from '#bot-runtime/gateway/config.ts';
import { createGateway } from '#bot-runtime/gateway/gateway.ts';
import { openDatabase } from '#core/postgres/database.ts';
import { endOnUnforeseen } from '#core/telemetry/last-resort.ts';
import { createLogger } from '#core/telemetry/logger.ts';

/** A process that cannot even stop must not linger. */
const STOP_MS = 9_000;
const CONNECTIONS = 10;
/** A provider waits a few seconds for its answer; what cannot be written by then comes again. */
const STATEMENT_MS = 4_000;

const stopping = Promise.withResolvers<void>();
const lastWords = createLogger(process.env['CONTAINER_NAME'] ?? 'gateway', 'info');

async function main(): Promise<void> {
  const config = parseGatewayConfig(process.env);
  const logger = createLogger(config.container, config.logLevel);
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
    process.once(signal, () => {
      stopping.resolve();
      setTimeout(() => process.exit(1), STOP_MS).unref();
    });
  }
  const database = openDatabase({
    ...config.postgres,
    max: CONNECTIONS,
    applicationName: config.container,
    statementTimeoutMs: STATEMENT_MS,
    idleTimeoutMs: 600_000,
    onIdleError: (error) => logger.warn({ err: error }, 'a connection to PostgreSQL broke'),
  });
  const { webhooks, health } = createGateway({ database, logger, proxies: config.proxies });
  await webhooks.listen({ host: config.host, port: config.port });
  await health.listen({ host: config.host, port: config.healthPort });
  logger.info({ port: config.port, health_port: config.healthPort }, 'GATEWAY STARTED');
  await stopping.promise;
  await Promise.all([webhooks.close(), health.close()]);
  await database.close();
}

const running = main().catch((error: unknown) => {
  lastWords.fatal({ err: error }, 'the process ends');
  process.exitCode = 1;
});
endOnUnforeseen({
  report: (error) => lastWords.fatal({ err: error }, 'something unforeseen happened; the process ends'),
  stop: async () => {
    stopping.resolve();
    await running;
  },
  limitMs: STOP_MS,
});
void running.then(() => process.exit());
