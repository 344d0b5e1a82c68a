/** Ends the claim of an activation, well or badly, exactly once: whoever hears of it first writes it down. */
import { raiseAlert } from '#core/alerts/alerts.ts';
import type { Database } from '#core/postgres/database.ts';
import { release, withdraw } from '#core/redis/pool-scripts.ts';
import { closeRedisUsers, dropStorage, endLogins, tenantLogin } from '#core/tenants/storage.ts';
import { clientAlert, forgetToken, getTenant, queueTenant, setTenantState, writeAudit } from '#core/tenants/tenants.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { ERROR_CODES, type ErrorCode } from '#shared/errors/codes.ts';
import { keys } from '#shared/redis/keys.ts';
import { type Acknowledgement, type BotStatus, type StageTimings, stageTimingsSchema } from '#shared/schemas/pool.ts';
import { type Activation, endActivation, findActivation, findOpen, settleActive, settlementOf } from './activations.ts';
import type { PoolContext } from './context.ts';

/** Who acts when nobody in particular does. */
export const SYSTEM_ACTOR = 'pool';

/** A tenant that worked before is tried again after this time, when the cause lies outside. */
const RETRY_LATER_MS = 30_000;
/** A tenant whose bot was lost is given to another one at once; this delay only lets a waiting caller go first. */
const RETRY_NOW_MS = 1_000;

/**
 * Takes over what the claimed process says in its container's status of how its activation ended. True when it says so.
 */
export async function settleByStatus(
  context: PoolContext,
  activation: Activation,
  status: BotStatus | undefined,
): Promise<boolean> {
  if (status === undefined || status.activation_id !== activation.id || status.boot_id !== activation.bootId) {
    return false;
  }
  if (status.status === 'active' || status.outcome === 'active') {
    await settleAsActive(context, activation, status.details ?? {});
  } else if (status.outcome !== undefined) {
    await settleAsFailed(context, activation.id, status.outcome, status.details);
  } else return false;
  return true;
}

/** The bot serves its tenant. */
async function settleAsActive(context: PoolContext, activation: Activation, said: Acknowledgement): Promise<void> {
  const { id } = activation;
  const details = { ...said, stages: sinceClaim(activation, said.stages ?? {}, context.clock.now()) };
  const settled = await settleActive(context.database, id, details);
  if (settled === 'over') return await sendLateHome(context, id);
  context.waiters.tell(id, { outcome: 'active', details });
  if (settled === 'active') return;
  context.logger.info({ activation_id: id, username: details.username, stages: details.stages }, 'activation settled');
}

/** A bot counts from the moment at which it took its configuration: here its stages are counted from the claim. */
function sinceClaim({ stages: known, claimedAt }: Activation, said: StageTimings, now: number): StageTimings {
  // When the delivery has not been written down yet, the bot's last stage is the one that has just ended.
  const offset = known.delivered ?? Math.max(0, now - claimedAt.getTime() - Math.max(0, ...Object.values(said)));
  const entries = Object.entries(said).map(([stage, ms]) => [stage, Math.round((offset + ms) * 10) / 10]);
  return stageTimingsSchema.parse(Object.fromEntries(entries));
}

/** A bot that comes too late believes that it serves: its activation has ended, and its rights with it. */
async function sendLateHome(context: PoolContext, id: string): Promise<void> {
  const activation = await findActivation(context.database, id);
  if (activation !== undefined) await sendBack(context, activation, 'drain');
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
  if (!(await endActivation(context.database, id, 'failed', code))) return await tellHowItEnded(context, id);
  context.logger.warn({ activation_id: id, client_id: activation.clientId, code }, 'activation failed');
  await undoClaim(context, activation, code);
  context.waiters.tell(id, { outcome: code, details });
}

/** Somebody else has ended it: what they wrote down counts. */
async function tellHowItEnded(context: PoolContext, id: string): Promise<void> {
  const activation = await findActivation(context.database, id);
  const settlement = activation === undefined ? undefined : settlementOf(activation);
  if (settlement !== undefined) context.waiters.tell(id, settlement);
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
  } else await setAside(context, activation, code);
  await writeAudit(context.database, SYSTEM_ACTOR, 'activation.failed', clientId, null, { code, retry });
}

/** Nobody tries this tenant again by themselves, unless somebody has begun to try already. */
async function setAside(context: PoolContext, { clientId, fence }: Activation, reason: string): Promise<void> {
  await context.database.transaction(async (tx) => {
    const tenant = await getTenant(tx, clientId, true);
    if (tenant.state !== 'active' || tenant.fence !== fence) return;
    await setTenantState(tx, clientId, 'suspended', { actor: SYSTEM_ACTOR, reason });
    if (tenant.firstActiveAt === null) return;
    // Its customers write to nobody: somebody has to know.
    const error = new BotpoolError('client_set_aside', { clientId, code: reason });
    await raiseAlert(tx, { key: clientAlert(clientId), severity: 'critical', error });
  });
  await forgetUnused(context.database, clientId);
}

/** A client that never worked leaves nothing behind: no schema, no role, no hold on the token. */
export async function forgetUnused(database: Database, clientId: string): Promise<void> {
  await database.transaction(async (tx) => {
    const tenant = await getTenant(tx, clientId, true);
    if (tenant.state !== 'suspended' || tenant.firstActiveAt !== null) return;
    if ((await findOpen(tx, clientId)) !== undefined) return;
    await forgetToken(tx, clientId);
    await dropStorage(tx, clientId);
  });
}

/** Ends the activation of a tenant that is not wanted active, with everything that its bot could do. */
export async function endUnwanted(context: PoolContext, activation: Activation): Promise<void> {
  await endActivation(context.database, activation.id, 'ended', 'deactivated');
  await tellHowItEnded(context, activation.id);
  await revokeClaim(context, activation);
}

/** Ends everything that one fence may do, in PostgreSQL and in Redis. */
export async function revokeClaim(context: PoolContext, activation: Activation): Promise<void> {
  const { clientId, fence, container, bootId } = activation;
  await endLogins(context.database, clientId, fence);
  try {
    await closeRedisUsers(context.redis, recentLogins(clientId, fence));
    await withdraw(context.redis, container, bootId);
  } catch (error) {
    // Without PostgreSQL an old process can do no harm; its Redis user is ended by the next activation at the latest.
    context.logger.warn({ err: error, client_id: clientId }, 'Redis did not take the revocation');
  }
}

/** The logins of this fence and the few before it: what a crash may have left. */
export function recentLogins(clientId: string, fence: number): string[] {
  const fences = Array.from({ length: 5 }, (_unused, index) => fence - index).filter((one) => one > 0);
  return fences.map((one) => tenantLogin(clientId, one));
}

/** Takes a process out of the pool whose one activation is over, and sends it home. */
export async function retire(
  context: PoolContext,
  process: { readonly container: string; readonly bootId: string },
): Promise<void> {
  await release(context.redis, process.container, process.bootId, 'draining', 'retired');
  await sendBack(context, process, 'drain');
}

/** Wakes a bot with a word; a bot that is away has nothing to hear. */
export async function sendBack(
  context: PoolContext,
  activation: { readonly container: string; readonly bootId: string },
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
