/** Ends the claim of an activation, well or badly, exactly once: whoever hears of it first writes it down. */
import { withdraw } from '#core/redis/pool-scripts.ts';
import { closeRedisUsers, dropStorage, revokeLogins } from '#core/tenants/storage.ts';
import { getTenant, queueTenant, setTenantState, writeAudit } from '#core/tenants/tenants.ts';
import { ERROR_CODES, type ErrorCode } from '#shared/errors/codes.ts';
import { keys } from '#shared/redis/keys.ts';
import { type Acknowledgement, acknowledgementSchema, outcomeSchema, type PoolEvent } from '#shared/schemas/pool.ts';
import { type Activation, endActivation, findActivation, settleActive } from './activations.ts';
import type { PoolContext } from './context.ts';

/** Who acts when nobody in particular does. */
export const SYSTEM_ACTOR = 'pool';

/** A tenant that worked before is tried again after this time, when the cause lies outside. */
const RETRY_LATER_MS = 30_000;
/** A tenant whose bot was lost is given to another one at once; this delay only lets a waiting caller go first. */
const RETRY_NOW_MS = 1_000;

/** Takes over what a bot acknowledged, as it stands in an event. */
export async function settleEvent(context: PoolContext, event: PoolEvent): Promise<void> {
  const outcome = outcomeSchema.safeParse(event.outcome);
  if (event.activation_id === undefined || !outcome.success) return;
  const details = acknowledgementSchema.safeParse(JSON.parse(event.details ?? '{}')).data ?? {};
  if (outcome.data === 'active') await settleAsActive(context, event.activation_id, details);
  else await settleAsFailed(context, event.activation_id, outcome.data, details);
}

/** The bot serves its tenant. */
export async function settleAsActive(context: PoolContext, id: string, details: Acknowledgement): Promise<void> {
  const first = await settleActive(context.database, id, details);
  context.waiters.tell(id, { outcome: 'active', details });
  if (!first) return;
  context.logger.info({ activation_id: id, username: details.username, stages: details.stages }, 'activation settled');
}

/**
 * The activation failed: its credentials end, its bot goes back, and the tenant is tried again or set aside, by what
 * the code's row in the table says.
 */
export async function settleAsFailed(
  context: PoolContext,
  id: string,
  code: ErrorCode,
  details: Acknowledgement = {},
): Promise<void> {
  const activation = await findActivation(context.database, id);
  if (activation === undefined) return;
  const first = await endActivation(context.database, id, 'failed', code);
  if (first) {
    await undoClaim(context, activation, code);
    context.logger.warn({ activation_id: id, client_id: activation.clientId, code }, 'activation failed');
  }
  context.waiters.tell(id, { outcome: code, details });
}

async function undoClaim(context: PoolContext, activation: Activation, code: ErrorCode): Promise<void> {
  const { clientId } = activation;
  await revokeClaim(context, activation);
  await sendBack(context, activation, 'drain');
  const tenant = await getTenant(context.database, clientId);
  const { retry } = ERROR_CODES[code];
  if (tenant.state !== 'active') return;
  if (retry === 'now') await queueTenant(context.database, clientId, RETRY_NOW_MS);
  else if (retry === 'later' && tenant.firstActiveAt !== null) {
    await queueTenant(context.database, clientId, RETRY_LATER_MS);
  } else await setAside(context, clientId, code, tenant.firstActiveAt === null);
  await writeAudit(context.database, SYSTEM_ACTOR, 'activation.failed', clientId, null, { code, retry });
}

/** A client that never worked leaves nothing behind: no schema, no role, no hold on the token. */
async function setAside(context: PoolContext, clientId: string, reason: string, neverWorked: boolean): Promise<void> {
  await context.database.transaction((tx) =>
    setTenantState(tx, clientId, 'suspended', { actor: SYSTEM_ACTOR, reason, forgetToken: neverWorked }),
  );
  if (neverWorked) await dropStorage(context.database, clientId);
}

/** Ends everything that one fence may do, in PostgreSQL and in Redis. */
export async function revokeClaim(context: PoolContext, activation: Activation): Promise<void> {
  const { clientId, fence, container } = activation;
  await revokeLogins(context.database, clientId, null);
  try {
    await closeRedisUsers(context.redis, clientId, recentFences(fence));
    await withdraw(context.redis, container);
  } catch (error) {
    // Without PostgreSQL an old process can do no harm; its Redis user is ended by the next activation at the latest.
    context.logger.warn({ err: error, client_id: clientId }, 'Redis did not take the revocation');
  }
}

/** This fence and the few before it: what a crash may have left. */
export function recentFences(fence: number): number[] {
  return Array.from({ length: 5 }, (_unused, index) => fence - index).filter((one) => one > 0);
}

/** Wakes a bot with a word; a bot that is away has nothing to hear. */
export async function sendBack(
  context: PoolContext,
  activation: Activation,
  word: 'drain' | 'deactivate',
): Promise<void> {
  const wake = keys.botWake(activation.container);
  // The word names the process that it is for, so that the container's next process does not obey it.
  await context.redis
    .multi()
    .rpush(wake, `${word} ${activation.bootId}`)
    .pexpire(wake, 30_000)
    .exec()
    .catch((error: unknown) => context.logger.warn({ err: error }, 'a wake-up did not reach Redis'));
}
