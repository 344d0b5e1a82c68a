/** What the environment tells the installation's own bots beside what every bot is told. No secret is in it. */
import * as z from 'zod';
import { parseEnvironment } from '#core/config/environment.ts';

const schema = z.object({
  ADMIN_IDS_MASTER: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(/[\s,]+/)
        .filter((id) => id !== '')
        .map(Number),
    ),
  SUPPORT_USERNAME: z.string().optional(),
  TELEGRAM_API_ROOT: z.url().default('https://api.telegram.org'),
});

/** See {@link parseServiceConfig}. */
export interface ServiceConfig {
  /** Telegram ids of the operators. */
  readonly operatorIds: readonly number[];
  /** Without the @. */
  readonly supportUsername: string | undefined;
  readonly telegramApiRoot: string;
}

/** Parses the environment of a service bot. Fails with `config_invalid`. */
export function parseServiceConfig(environment: Readonly<Record<string, string | undefined>>): ServiceConfig {
  const env = parseEnvironment(schema, environment);
  return {
    operatorIds: env.ADMIN_IDS_MASTER,
    supportUsername: env.SUPPORT_USERNAME,
    telegramApiRoot: env.TELEGRAM_API_ROOT.replace(/\/$/, ''),
  };
}
