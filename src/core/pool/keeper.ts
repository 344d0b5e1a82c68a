/**
 * Keeps the promises of the pool over crashes: delivers until acknowledged, gives a tenant whose bot is lost another
 * one, serves the queue, keeps spares ready, forgets bots that are gone. Woken by events; a slow timer is the safety
 * net. Any number of control planes may run it at once: every step is decided in PostgreSQL.
 */
import { dropLease, sweep } from '#core/redis/pool-scripts.ts';
import { prepareSpares } from '#core/tenants/spares.ts';
import { listRedisUsers, openRedisUser, tenantLogin } from '#core/tenants/storage.ts';
import { dueTenants, getTenant, queueTenant } from '#core/tenants/tenants.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { ERROR_CODE_NAMES } from '#shared/errors/codes.ts';
import type { BotStatus, PoolEvent } from '#shared/schemas/pool.ts';
import { activateTenant, handOver } from './activate.ts';
import { type Activation, endActivation, findOpenByContainer, listOpen, openCredentials } from './activations.ts';
import type { Claim } from './claim.ts';
import type { PoolContext } from './context.ts';
import { deliverClaim } from './deliver.ts';
import { readStatuses } from './presence.ts';
import { revokeClaim, settleAsActive, settleAsFailed, settleEvent } from './settle.ts';

/** The lease of one process under one fence. */
export function leaseHolder(container: string, bootId: string, fence: number): string {
  return `${container}:${bootId}:${fence}`;
}

/** A status may be missing so long before its bot counts as lost: a flushed Redis heals within a heartbeat. */
const MISSING_MS = 25_000;
/** How many queued tenants one round serves. */
const QUEUE_BATCH = 20;

/** One keeper; its rounds never overlap. */
export interface Keeper {
  /** Looks at everything once. Safe at any time. */
  round(): Promise<void>;
  /** Reacts to one event. */
  hear(event: PoolEvent): Promise<void>;
}

/** Makes a keeper. `spares` is how many prepared schemas of each kind it keeps. */
export function createKeeper(context: PoolContext, spares: number): Keeper {
  const missingSince = new Map<string, number>();
  let running: Promise<void> | undefined;

  const round = async (): Promise<void> => {
    await sweep(context.redis);
    const open = await listOpen(context.database);
    const statuses = await readStatuses(
      context.redis,
      open.map((activation) => activation.container),
    );
    for (const [index, activation] of open.entries()) {
      await guard(context, activation, () => keep(context, missingSince, activation, statuses[index]));
    }
    await healRedisUsers(context, open);
    await serveQueue(context);
    for (const storage of context.kinds.values()) await prepareSpares(context.database, storage, spares);
  };

  return {
    round() {
      running ??= round().finally(() => {
        running = undefined;
      });
      return running;
    },
    async hear(event) {
      if (event.type === 'active' || event.type === 'failed') await settleEvent(context, event);
      if (event.type === 'registered' || event.type === 'gone') await lookAt(context, event);
      if (event.type === 'registered' && event.state === 'waiting') await serveQueue(context);
    },
  };
}

/** One activation's trouble must not keep the others waiting. */
async function guard(context: PoolContext, activation: Activation, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    context.logger.error({ err: error, client_id: activation.clientId }, 'an activation could not be looked after');
  }
}

async function keep(
  context: PoolContext,
  missingSince: Map<string, number>,
  activation: Activation,
  status: BotStatus | undefined,
): Promise<void> {
  if (status === undefined) {
    const since = missingSince.get(activation.id) ?? context.clock.now();
    missingSince.set(activation.id, since);
    if (context.clock.now() - since >= MISSING_MS) await giveUp(context, activation, false);
    return;
  }
  missingSince.delete(activation.id);
  if (status.boot_id !== activation.bootId) await giveUp(context, activation, true);
  else if (activation.state === 'claimed') await pursue(context, activation, status);
}

/** A claim that nobody carries through any more: its control plane died, or Redis lost the delivery. */
async function pursue(context: PoolContext, activation: Activation, status: BotStatus): Promise<void> {
  const mine = status.activation_id === activation.id;
  if (mine && status.status === 'active') return await settleAsActive(context, activation.id, status.details ?? {});
  const code = ERROR_CODE_NAMES.find((name) => name === status.outcome);
  if (mine && code !== undefined) return await settleAsFailed(context, activation.id, code, status.details);
  const age = context.clock.now() - activation.claimedAt.getTime();
  if (age > 2 * context.activationTimeoutMs) return await settleAsFailed(context, activation.id, 'timeout');
  const tenant = await getTenant(context.database, activation.clientId);
  const claim: Claim = { ...activation, activationId: activation.id };
  const credentials = openCredentials(context.vault, activation);
  // A call of this process may be opening the storage right now; a delivery, though, may be repeated at any time.
  if (credentials === undefined && context.inHand.has(activation.id)) return;
  if (credentials === undefined) return await handOver(context, tenant, claim);
  const answer = await deliverClaim(context, tenant, claim, credentials, {});
  if (answer === 'gone')
    await settleAsFailed(context, activation.id, 'bot_lost', { data: { container: claim.container } });
}

/** An event about a container: if the process that served a tenant there is no more, the tenant gets another one. */
async function lookAt(context: PoolContext, event: PoolEvent): Promise<void> {
  const activation = await findOpenByContainer(context.database, event.container);
  if (activation === undefined || activation.bootId === event.boot_id) return;
  await guard(context, activation, () => giveUp(context, activation, event.type === 'registered'));
}

/**
 * The process of this activation is lost. `dead`: another process has its place, so it cannot be polling any more and
 * its lease can be ended; otherwise the lease runs out by itself, because a frozen process may wake up.
 */
async function giveUp(context: PoolContext, activation: Activation, dead: boolean): Promise<void> {
  if (activation.state === 'claimed') {
    await settleAsFailed(context, activation.id, 'bot_lost', { data: { container: activation.container } });
  } else if (await endActivation(context.database, activation.id, 'ended', 'bot_lost')) {
    context.logger.warn({ client_id: activation.clientId, container: activation.container }, 'an active bot was lost');
    await revokeClaim(context, activation);
    await queueTenant(context.database, activation.clientId, 0);
  }
  const tenant = await getTenant(context.database, activation.clientId);
  if (dead && tenant.tokenFingerprint !== null) {
    const holder = leaseHolder(activation.container, activation.bootId, activation.fence);
    await dropLease(context.redis, tenant.tokenFingerprint, holder);
  }
  if (tenant.state === 'active') await serveQueue(context);
}

/** A restarted Redis may have forgotten its users: those of open activations are made again as they were. */
async function healRedisUsers(context: PoolContext, open: readonly Activation[]): Promise<void> {
  const known = await listRedisUsers(context.redis);
  for (const activation of open) {
    if (known.has(tenantLogin(activation.clientId, activation.fence))) continue;
    const credentials = openCredentials(context.vault, activation);
    const { tokenFingerprint } = await getTenant(context.database, activation.clientId);
    if (credentials === undefined || tokenFingerprint === null) continue;
    await openRedisUser(context.redis, activation.clientId, credentials, tokenFingerprint);
  }
}

/** Gives free bots to queued tenants, longest waiting first, until the queue or the pool is empty. */
async function serveQueue(context: PoolContext): Promise<void> {
  for (const clientId of await dueTenants(context.database, QUEUE_BATCH)) {
    const tenant = await getTenant(context.database, clientId);
    try {
      await activateTenant(context, tenant, context.clock.now());
    } catch (error) {
      if (isBotpoolError(error, 'pool_empty')) return;
      context.logger.warn({ err: error, client_id: clientId }, 'a queued client could not be activated');
    }
  }
}
