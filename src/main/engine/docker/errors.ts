/** Turns what Docker and its connection report into the errors of the table. */
import * as z from 'zod';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';

const ANSWER = z.object({
  statusCode: z.number(),
  json: z.object({ message: z.string() }).optional().catch(undefined),
});
const CODE = z.object({ code: z.string() });

/** Codes of connections that never came about, or broke. */
const BROKEN = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EACCES', 'EPERM', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT']);

/** The HTTP status of Docker's answer, or undefined when there was none. */
export function statusOf(error: unknown): number | undefined {
  return ANSWER.safeParse(error).data?.statusCode;
}

/** Docker's own words, without the client's. */
export function messageOf(error: unknown): string {
  const answer = ANSWER.safeParse(error).data?.json?.message;
  return answer ?? (error instanceof Error ? error.message : String(error));
}

/** The system's code of a failed connection, such as `ENOENT`. */
export function connectionCode(error: unknown): string | undefined {
  const code = CODE.safeParse(error).data?.code;
  return code !== undefined && BROKEN.has(code) ? code : undefined;
}

/** True when the engine itself was not there to answer. */
export function isUnreachable(error: unknown): boolean {
  return isBotpoolError(error, 'engine_unreachable') || brokenConnection(error) !== undefined;
}

function brokenConnection(error: unknown): string | undefined {
  const code = connectionCode(error);
  if (code !== undefined) return code;
  // Node's own words for a connection that the other side has closed.
  return statusOf(error) === undefined && error instanceof Error && error.message === 'socket hang up'
    ? 'ECONNRESET'
    : undefined;
}

/** What the failed call was about. */
export interface CallContext {
  /** For sentences: `start bot-1`. */
  readonly action: string;
  readonly container?: string;
  readonly image?: string;
}

/** An error of the table for a failed call; one that is already of the table stays as it is. */
export function engineError(error: unknown, { action, container, image }: CallContext): BotpoolError {
  if (isBotpoolError(error)) return error;
  const options = { cause: error };
  const detail = messageOf(error);
  const broken = brokenConnection(error);
  if (broken !== undefined) return new BotpoolError('engine_unreachable', { tried: `${action}: ${detail}` }, options);
  if (/no space left on device/i.test(detail)) return new BotpoolError('engine_full', { action, detail }, options);
  const status = statusOf(error);
  if (image !== undefined && /no such image|manifest unknown|not found: manifest/i.test(detail)) {
    return new BotpoolError('image_missing', { image }, options);
  }
  if (container !== undefined && status === 404)
    return new BotpoolError('container_unknown', { name: container }, options);
  return new BotpoolError('engine_failed', { action, detail }, options);
}

/** Runs the call and lets it fail with an error of the table only. */
export async function calling<T>(context: CallContext, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw engineError(error, context);
  }
}
