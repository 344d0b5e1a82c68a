/** The one logger: JSON lines, secrets removed by path while they are objects and by pattern when they are text. */
import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import { scrubText } from './scrub.ts';

/** Structured logger: fields first, then a sentence. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'child'>;

/** Levels from chatty to silent. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** See {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

const SECRET_FIELDS = ['token', 'password', 'secret', 'authorization', 'cookie', 'sealed', 'credentials', 'api_key'];

/** Makes the logger of one process. `name` says which process wrote the line. */
export function createLogger(name: string, level: LogLevel, destination?: DestinationStream): Logger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`, `headers["${field}"]`]);
  const options = {
    name,
    level,
    base: { name },
    redact: { paths, censor: '[hidden]' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: scrubText },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
