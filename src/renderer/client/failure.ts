/** Turns whatever a call failed with into the one error that screens know. */
import { ORPCError } from '@orpc/client';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import { ERROR_CODES, type ErrorCode } from '#shared/errors/codes.ts';

/** The failure that the other side meant; a connection that is lost means that it cannot be reached. */
export function asFailure(error: unknown): BotpoolError {
  if (isBotpoolError(error)) return error;
  if (!(error instanceof ORPCError)) return new BotpoolError('control_plane_unreachable', {}, { cause: error });
  return asFailureData(error.data) ?? new BotpoolError('internal', { id: error.code }, { cause: error });
}

/** The failure in an answer's body, bare or below `data` or `error`; undefined when there is none. */
export function asFailureData(body: unknown): BotpoolError | undefined {
  const { code, data } = readFailure(body);
  if (code === undefined) {
    if (typeof body !== 'object' || body === null) return undefined;
    if ('data' in body) return asFailureData(body.data);
    return 'error' in body ? asFailureData(body.error) : undefined;
  }
  const names: readonly string[] = ERROR_CODES[code].data;
  return new BotpoolError<ErrorCode>(code, Object.fromEntries(names.map((name) => [name, data[name] ?? '?'])));
}

function readFailure(value: unknown): { code?: ErrorCode; data: Readonly<Record<string, string | number>> } {
  if (typeof value !== 'object' || value === null || !('code' in value)) return { data: {} };
  const { code } = value;
  if (typeof code !== 'string' || !Object.hasOwn(ERROR_CODES, code)) return { data: {} };
  const facts = 'data' in value && typeof value.data === 'object' && value.data !== null ? value.data : {};
  const known = Object.entries(facts).filter(([, fact]) => typeof fact === 'string' || typeof fact === 'number');
  return { code: code as ErrorCode, data: Object.fromEntries(known) };
}
