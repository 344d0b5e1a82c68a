/** The one form in which failures cross the API: a code of the table and the facts that its texts mention. */
import { oc } from '@orpc/contract';
import * as z from 'zod';
import { BotpoolError } from '../errors/botpool-error.ts';
import { ERROR_CODE_NAMES, ERROR_CODES, type ErrorCode } from '../errors/codes.ts';

/** The name under which the API's frames carry a failure; what failed is `data.code`. */
export const FAILURE = 'BOTPOOL_FAILURE';

/** A failure as it crosses the API. */
export const failureSchema = z.object({
  code: z.enum(ERROR_CODE_NAMES),
  data: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** See {@link failureSchema}. */
export type Failure = z.infer<typeof failureSchema>;

/** What every procedure is built on: it fails in this form and in no other. */
export const procedure = oc.errors({ [FAILURE]: { status: 500, message: 'see data.code', data: failureSchema } });

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
