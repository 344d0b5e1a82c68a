/** Turns what drivers throw into expected failures with a code, so that nobody above reads driver texts. */
import { BotpoolError } from '#shared/errors/botpool-error.ts';

/** SQLSTATE classes that mean: the server is away, starting, or stopping (PostgreSQL, appendix A). */
const AWAY_STATES = /^(08|57P0[1-3]|53300)/;
const AWAY_WORDS =
  /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error/;
const REDIS_WORDS =
  /Connection is closed|max retries per request|Command timed out|LOADING|Stream isn't writeable|WRONGPASS|NOAUTH/;

function textOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(textOf).join(' ');
  return error instanceof Error ? `${error.name} ${error.message}` : String(error);
}

function stateOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}

/** True when PostgreSQL could not be reached: the statement may or may not have been carried out. */
export function isPostgresAway(error: unknown): boolean {
  return AWAY_STATES.test(stateOf(error)) || AWAY_WORDS.test(`${stateOf(error)} ${textOf(error)}`);
}

/** True when PostgreSQL refuses this login: its rights have been ended. */
export function isLoginRefused(error: unknown): boolean {
  return /^28/.test(stateOf(error));
}

/** True when Redis could not be reached: the command may or may not have been carried out. */
export function isRedisAway(error: unknown): boolean {
  return REDIS_WORDS.test(textOf(error));
}

/** True when a statement broke this unique index or constraint. */
export function breaksConstraint(error: unknown, constraint: string): boolean {
  return typeof error === 'object' && error !== null && 'constraint' in error && error.constraint === constraint;
}

/** An expected failure as it is; a driver's failure as the code that it stands for; anything else unchanged. */
export function asExpected(error: unknown): unknown {
  if (error instanceof BotpoolError) return error;
  if (isRedisAway(error)) return new BotpoolError('redis_unreachable', { address: 'Redis' }, { cause: error });
  if (isPostgresAway(error))
    return new BotpoolError('postgres_unreachable', { address: 'PostgreSQL' }, { cause: error });
  return error;
}
