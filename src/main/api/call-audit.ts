/** Writes down every call that may change something: who, what, from where, with what, and how it ended. */
import type { Queryable } from '#core/postgres/database.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import { scrubText } from '#core/telemetry/scrub.ts';
import { writeAudit } from '#core/tenants/tenants.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { maskSecrets } from '#shared/util/mask.ts';
import type { Caller } from './caller.ts';

/** One call. */
export interface AuditedCall {
  readonly database: Queryable;
  readonly logger: Logger;
  readonly caller: Caller;
  readonly path: readonly string[];
  readonly input: unknown;
}

/** Does the work and records it before its answer leaves. Fails as the work does, never because of the record. */
export async function recordCall<T>(call: AuditedCall, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    await record(call, 'done');
    return result;
  } catch (error) {
    await record(call, isBotpoolError(error) ? error.code : 'internal');
    throw error;
  }
}

async function record({ database, logger, caller, path, input }: AuditedCall, outcome: string): Promise<void> {
  const action = `api.${path.join('.')}`;
  const after = { outcome, input: maskSecrets(input ?? {}, scrubText) };
  try {
    await writeAudit(database, caller.actor, action, targetOf(input), null, after, caller.source);
  } catch (error) {
    // The change is made; it must not look as if it were not. The log keeps what the audit could not.
    logger.error({ err: error, actor: caller.actor, action, ...after }, 'a call could not be written into the audit');
  }
}

/** What the call is about: the first field that names something. */
function targetOf(input: unknown): string {
  if (typeof input !== 'object' || input === null) return '-';
  const fields = Object.entries(input);
  const named = fields.find(
    ([name, value]) => /^(clientId|container|name|id|orderId|key)$/.test(name) && isName(value),
  );
  return named === undefined ? '-' : String(named[1]).slice(0, 100);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}
