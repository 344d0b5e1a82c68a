/** Entry of the gateway's process: parses its environment, starts, and stops when told. */
import { parseGatewayConfig } from '#bot-runtime/gateway/config.ts';
import { startGateway } from '#bot-runtime/gateway/gateway.ts';
import { openDatabase } from '#core/postgres/database.ts';
import { endOnUnforeseen } from '#core/telemetry/last-resort.ts';
import { createLogger } from '#core/telemetry/logger.ts';

/** A process that cannot even stop must not linger. */
const STOP_MS = 9_000;
const CONNECTIONS = 10;
/** The provider waits; a database that hangs must not keep it. */
const STATEMENT_MS = 5_000;

const name = process.env['CONTAINER_NAME'] ?? 'gateway';

async function main(): Promise<void> {
  const config = parseGatewayConfig(process.env);
  const logger = createLogger(name, config.logLevel);
  const database = openDatabase({
    ...config.postgres,
    max: CONNECTIONS,
    applicationName: 'gateway',
    idleTimeoutMs: 600_000,
    statementTimeoutMs: STATEMENT_MS,
    onIdleError: (error) => logger.warn({ err: error }, 'a connection to PostgreSQL broke'),
  });
  const gateway = await startGateway({ ...config, database, logger });
  const { port, healthPort } = gateway;
  logger.info({ port, health_port: healthPort }, 'GATEWAY STARTED');
  const ended = Promise.withResolvers<void>();
  const stop = (): void => {
    setTimeout(() => process.exit(1), STOP_MS).unref();
    gateway
      .close()
      .then(() => database.close())
      .then(ended.resolve, ended.reject);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, stop);
  endOnUnforeseen({
    report: (error) => logger.fatal({ err: error }, 'something unforeseen happened; the process ends'),
    stop: async () => {
      stop();
      await ended.promise;
    },
    limitMs: STOP_MS,
  });
  await ended.promise;
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    createLogger(name, 'info').fatal({ err: error }, 'the process ends');
    process.exit(1);
  },
);
