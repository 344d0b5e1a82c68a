/** Bots that are lost, or that belong to nobody any more: their tenants get another one, and they go home. */
import { leaseHolder } from '#core/leases/lease.ts';
import { dropLease } from '#core/redis/pool-scripts.ts';
import { getTenant, queueTenant } from '#core/tenants/tenants.ts';
import { LEASE_TTL_MS } from '#shared/redis/keys.ts';
import type { BotStatus, PoolEvent } from '#shared/schemas/pool.ts';
import {
  type Activation,
  endActivation,
  findOfProcess,
  listJustEnded,
  listOpenOfContainer,
  listUsed,
} from './activations.ts';
import { attempt, type PoolContext } from './context.ts';
import { listServing, listWaiting, readStatuses } from './presence.ts';
import { retire, revokeClaim, settleAsFailed } from './settle.ts';

/**
 * An event about a container, and the status that was read after it: if the process that served a tenant there is no
 * more, the tenant gets another one. A process whose one activation is over can serve nobody any more: it is sent home.
 * True when a tenant lost its bot.
 */
export async function lookAt(context: PoolContext, event: PoolEvent, status: BotStatus | undefined): Promise<boolean> {
  let lost = false;
  for (const activation of await listOpenOfContainer(context.database, event.container)) {
    const fate = context.witness.fateOf(activation, event, status);
    if (fate === 'here') continue;
    const { state } = await getTenant(context.database, activation.clientId);
    // Whoever wanted it to leave ends its activation.
    if (fate === 'left' && state !== 'active') continue;
    lost = true;
    await attempt(context, activation.clientId, () => giveUp(context, activation, fate === 'replaced'));
  }
  if (event.type === 'registered' && status !== undefined) await clearAfter(context, event.container, status.boot_id);
  return lost;
}

/** What earlier processes of a container may have left behind when this one registers. */
async function clearAfter(context: PoolContext, container: string, bootId: string): Promise<void> {
  for (const ended of await listJustEnded(context.database, container, LEASE_TTL_MS)) {
    if (ended.bootId !== bootId) await endLease(context, ended);
  }
  const served = await findOfProcess(context.database, container, bootId);
  if (served !== undefined && (served.state === 'ended' || served.state === 'failed')) await retire(context, served);
}

/** A process serves once: one that waits again, because it slept or Redis forgot, cannot be claimed and goes home. */
export async function retireUsed(context: PoolContext): Promise<void> {
  const waiting = await listWaiting(context.redis);
  for (const used of await listUsed(context.database, waiting)) await retire(context, used);
}

/** Bots that Redis shows as serving, though PostgreSQL knows that their activation is over, are sent home. */
export async function retireStrays(context: PoolContext, open: readonly Activation[]): Promise<void> {
  const known = new Set(open.map((activation) => activation.container));
  const others = (await listServing(context.redis)).filter((container) => !known.has(container));
  for (const status of await readStatuses(context.redis, others)) {
    if (status === undefined || (status.status !== 'active' && status.status !== 'activating')) continue;
    // Read anew: it may have been claimed since the list was made.
    const served = await findOfProcess(context.database, status.container_id, status.boot_id);
    if (served?.state === 'claimed' || served?.state === 'active') continue;
    await retire(context, { container: status.container_id, bootId: status.boot_id });
  }
}

/**
 * The process of this activation is lost. `dead`: another process has its place, so it cannot be polling any more and
 * its lease can be ended; otherwise the lease runs out by itself, because a frozen process may wake up.
 */
export async function giveUp(context: PoolContext, activation: Activation, dead: boolean): Promise<void> {
  if (activation.state === 'claimed') {
    await settleAsFailed(context, activation.id, 'bot_lost', { data: { container: activation.container } });
  } else if (await endActivation(context.database, activation.id, 'ended', 'bot_lost')) {
    context.logger.warn({ client_id: activation.clientId, container: activation.container }, 'an active bot was lost');
    await revokeClaim(context, activation);
    await queueTenant(context.database, activation.clientId, 0);
  }
  if (dead) await endLease(context, activation);
}

/** The process of this activation polls no more: the next one need not wait until its lease runs out. */
async function endLease(context: PoolContext, activation: Activation): Promise<void> {
  if (activation.tokenFingerprint === null) return;
  const holder = leaseHolder(activation.container, activation.bootId, activation.fence);
  await dropLease(context.redis, activation.tokenFingerprint, holder);
}
