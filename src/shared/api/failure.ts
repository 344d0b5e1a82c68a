/** The one form in which failures cross the API: a code of the table and the facts that its texts mention. */
import { oc } from '@orpc/contract';
import * as z from 'zod';
import { BotpoolError } from '../errors/botpool-error.ts';
import { ERROR_CODE_NAMES, ERROR_CODES, type ErrorCode } from '../errors/codes.ts';
import type { AccessLevel } from './access.ts';

/** The name under which the API's frames carry a failure; what failed is `data.code`. */
export const FAILURE = 'BOTPOOL_FAILURE';

/** A failure as it crosses the API. */
export const failureSchema = z.object({
  code: z.enum(ERROR_CODE_NAMES),
  data: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** See {@link failureSchema}. */
export type Failure = z.infer<typeof failureSchema>;

/** What the gate reads of a procedure. Without an access level nobody may call it. */
export interface ProcedureMeta {
  readonly access?: AccessLevel;
  /** True when it changes nothing: then the audit does not tell of it. */
  readonly looks?: boolean;
}

const base = oc
  .$meta<ProcedureMeta>({})
  .errors({ [FAILURE]: { status: 500, message: 'see data.code', data: failureSchema } });

/**
 * What every procedure is built on: it says who may call it, and fails in one form only. `read` and `inspect` look and
 * change nothing, `inspect` at what only administrators may see; calls of `operate` and `admin` stand in the audit.
 */
export const procedure = {
  read: base.meta({ access: 'read', looks: true }).route({ method: 'GET' }),
  inspect: base.meta({ access: 'admin', looks: true }).route({ method: 'GET' }),
  operate: base.meta({ access: 'operate' }).route({ method: 'POST' }),
  admin: base.meta({ access: 'admin' }).route({ method: 'POST' }),
} as const;

/** Codes whose HTTP status is not what their retry rule says. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  signed_out: 401,
  sign_in_failed: 401,
  ticket_used: 401,
  forbidden: 403,
  request_foreign: 403,
  sign_in_paused: 429,
  pool_empty: 503,
  internal: 500,
};

/** The HTTP status of a failure: 404 for what is unknown, 409 for what stands against it, 400 for other bad input. */
export function statusOf(code: ErrorCode): number {
  const fixed = STATUS[code];
  if (fixed !== undefined) return fixed;
  if (code.endsWith('_unknown')) return 404;
  if (ERROR_CODES[code].retry === 'later') return 503;
  return /(busy|exists|taken|active|other_token|last_admin|running)$/.test(code) ? 409 : 400;
}

/** The failure that an error stands for. */
export function toFailure(error: BotpoolError): Failure {
  return { code: error.code, data: { ...error.data } };
}

/** The error that a failure stands for; facts that its texts mention and that are not there become `?`. */
export function fromFailure(failure: Failure): BotpoolError {
  const names: readonly string[] = ERROR_CODES[failure.code].data;
  const data = Object.fromEntries(names.map((name) => [name, failure.data[name] ?? '?']));
  return new BotpoolError<ErrorCode>(failure.code, data);
}
