/** The environment of the gateway's process, parsed once. */
import * as z from 'zod';
import { parseEnvironment, portVariable } from '#core/config/environment.ts';
import { LOG_LEVELS } from '#core/telemetry/logger.ts';
import { parseRanges, type Range } from './sender.ts';

const schema = z.object({
  CONTAINER_NAME: z.string().default('booking-gateway'),
  GATEWAY_HOST: z.string().default('127.0.0.1'),
  GATEWAY_PORT: portVariable.default(9000),
  GATEWAY_HEALTH_PORT: portVariable.default(9001),
  /** Proxies in front of it, whose word about the sender counts. */
  GATEWAY_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text, context) => {
      try {
        return parseRanges(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
        return z.NEVER;
      }
    }),
  POSTGRES_HOST: z.string().default('127.0.0.1'),
  POSTGRES_PORT: portVariable.default(5432),
  POSTGRES_DB: z.string().default('booking_saas'),
  POSTGRES_USER: z.string().default('gateway'),
  POSTGRES_PASSWORD: z.string().min(1),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
});

/** Where the gateway stands, and whom it may reach. */
export interface GatewayConfig {
  readonly container: string;
  readonly host: string;
  readonly port: number;
  readonly healthPort: number;
  readonly proxies: readonly Range[];
  readonly postgres: {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly user: string;
    readonly password: string;
  };
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/** Parses the environment of the gateway. Fails with `config_invalid`. */
export function parseGatewayConfig(environment: Readonly<Record<string, string | undefined>>): GatewayConfig {
  const env = parseEnvironment(schema, environment);
  return {
    container: env.CONTAINER_NAME,
    host: env.GATEWAY_HOST,
    port: env.GATEWAY_PORT,
    healthPort: env.GATEWAY_HEALTH_PORT,
    proxies: env.GATEWAY_TRUSTED_PROXIES,
    postgres: {
      host: env.POSTGRES_HOST,
      port: env.POSTGRES_PORT,
      database: env.POSTGRES_DB,
      user: env.POSTGRES_USER,
      password: env.POSTGRES_PASSWORD,
    },
    logLevel: env.LOG_LEVEL,
  };
}
