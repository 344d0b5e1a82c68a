/** The environment of the gateway, parsed once. */
import ipaddr from 'ipaddr.js';
import * as z from 'zod';
import { parseEnvironment } from '#core/config/environment.ts';
import { LOG_LEVELS } from '#core/telemetry/logger.ts';
import type { Ranges } from './source-address.ts';

const port = z.coerce.number().int().min(0).max(65_535);

const schema = z.object({
  GATEWAY_HOST: z.string().default('127.0.0.1'),
  GATEWAY_PORT: port.default(9000),
  GATEWAY_HEALTH_PORT: port.default(9001),
  /** Whose `X-Forwarded-For` is believed: proxies of one's own. */
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text) => text.split(/[\s,]+/).filter((range) => range !== ''))
    .refine((ranges) => ranges.every(isRange), 'expected ranges such as 172.16.0.0/12, separated by commas'),
  POSTGRES_HOST: z.string().default('127.0.0.1'),
  POSTGRES_PORT: port.default(5432),
  POSTGRES_DB: z.string().default('booking_saas'),
  POSTGRES_USER: z.string().default('gateway'),
  POSTGRES_PASSWORD: z.string(),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
});

function isRange(text: string): boolean {
  try {
    ipaddr.parseCIDR(text);
    return true;
  } catch {
    return false;
  }
}

/** What the environment says. */
export interface GatewayConfig {
  readonly host: string;
  readonly port: number;
  readonly healthPort: number;
  readonly trusted: Ranges;
  readonly postgres: {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly user: string;
    readonly password: string;
  };
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/** Parses it. Fails with `config_invalid`. */
export function parseGatewayConfig(environment: Readonly<Record<string, string | undefined>>): GatewayConfig {
  const env = parseEnvironment(schema, environment);
  return {
    host: env.GATEWAY_HOST,
    port: env.GATEWAY_PORT,
    healthPort: env.GATEWAY_HEALTH_PORT,
    trusted: env.TRUSTED_PROXIES,
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
