/** The root of every procedure: who may come in, what is written down of it, and how failures go out. Knows no group. */
import { mapEventIterator } from '@orpc/client';
import { implement, ORPCError } from '@orpc/server';
import { asExpected } from '#core/errors.ts';
import type { Queryable } from '#core/postgres/database.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import { scrubText } from '#core/telemetry/scrub.ts';
import { allows } from '#shared/api/access.ts';
import { contract } from '#shared/api/contract.ts';
import { FAILURE, type Failure, statusOf, toFailure } from '#shared/api/failure.ts';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import { recordCall } from './call-audit.ts';
import type { Caller } from './caller.ts';

/** What a transport knows of a caller. */
export interface ApiContext {
  /** `undefined` when nobody has said who they are: then nothing is allowed. */
  readonly caller: Caller | undefined;
}

/** What the root needs. */
export interface RootOptions {
  readonly logger: Logger;
  /** Where the audit is. */
  readonly database: Queryable;
  /** A new random id, by which an operator finds the cause of an unforeseen failure in the log. */
  readonly newId: () => string;
}

/** The implementer that every group builds on. */
export type ApiRoot = ReturnType<typeof createApiRoot>;

/** Makes the implementer: failures take their form outermost, then the gate, then everything else. */
export function createApiRoot(options: RootOptions) {
  const refuse = (error: unknown): ORPCError<string, unknown> => refusal(error, options);
  return implement(contract)
    .$context<ApiContext>()
    .use(async ({ next }) => {
      try {
        const result = await next();
        const { output } = result;
        if (!isStream(output)) return result;
        const value = async (one: unknown): Promise<unknown> => one;
        return { ...result, output: mapEventIterator(output, { value, error: async (error) => refuse(error) }) };
      } catch (error) {
        throw refuse(error);
      }
    })
    .use(async ({ context, next, procedure, path }, input) => {
      const { caller } = context;
      const { access: needed, looks } = procedure['~orpc'].meta;
      // Before anything is read of the input: strangers learn nothing, not even what is expected.
      if (caller === undefined) throw new BotpoolError('signed_out', {});
      if (!allows(caller.access, needed)) {
        throw new BotpoolError('forbidden', { needed: needed ?? '-', granted: caller.access });
      }
      const work = async () => await next({ context: { ...caller } });
      return looks === true ? await work() : await recordCall({ ...options, caller, path, input }, work);
    });
}

function isStream(value: unknown): value is AsyncIterator<unknown, unknown, void> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function refusal(error: unknown, options: RootOptions): ORPCError<string, unknown> {
  if (error instanceof ORPCError && error.code === FAILURE) return error;
  const data = failureOf(error, options);
  return new ORPCError(FAILURE, { status: statusOf(data.code), message: 'see data.code', data });
}

function failureOf(error: unknown, { logger, newId }: RootOptions): Failure {
  const expected = badInput(error) ?? asExpected(error);
  if (isBotpoolError(expected)) return scrubbed(toFailure(expected));
  const id = newId();
  logger.error({ err: error, error_id: id }, 'a call failed in a way that nobody foresaw');
  return toFailure(new BotpoolError('internal', { id }));
}

/** Input that does not fit the contract, as the failure that names the field. */
function badInput(error: unknown): BotpoolError | undefined {
  if (!(error instanceof ORPCError) || error.code !== 'BAD_REQUEST') return undefined;
  const issue = firstIssue(error.data);
  return new BotpoolError('input_invalid', { field: issue.field, problem: issue.problem });
}

function firstIssue(data: unknown): { readonly field: string; readonly problem: string } {
  const issues: unknown = typeof data === 'object' && data !== null && 'issues' in data ? data.issues : undefined;
  const first: unknown = Array.isArray(issues) ? issues[0] : undefined;
  if (typeof first !== 'object' || first === null) return { field: 'request', problem: 'not understood' };
  const path = 'path' in first && Array.isArray(first.path) ? first.path.map(String).join('.') : '';
  const problem = 'message' in first ? String(first.message) : 'not understood';
  return { field: path === '' ? 'request' : path, problem };
}

function scrubbed(failure: Failure): Failure {
  const facts = Object.entries(failure.data).map(([name, fact]): [string, string | number] => [
    name,
    typeof fact === 'string' ? scrubText(fact) : fact,
  ]);
  return { code: failure.code, data: Object.fromEntries(facts) };
}
