/**
 * Keeps the promises of the pool over crashes: delivers until acknowledged, gives a tenant whose bot is lost another
 * one, serves the queue, keeps spares ready, forgets bots that are gone. Woken by events; a slow timer is the safety
 * net. Any number of control planes may run it at once: every step is decided in PostgreSQL.
 */
import { leaseHolder } from '#core/leases/lease.ts';
import type { Queryable } from '#core/postgres/database.ts';
import { dropLease, sweep } from '#core/redis/pool-scripts.ts';
import { prepareSpares } from '#core/tenants/spares.ts';
import {
  closeRedisUsers,
  endStrayLogins,
  listRedisUsers,
  openRedisUser,
  tenantLogin,
  tenantOfLogin,
} from '#core/tenants/storage.ts';
import { dueTenants, getTenant, knownClients, queueStranded, queueTenant } from '#core/tenants/tenants.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import { ERROR_CODE_NAMES } from '#shared/errors/codes.ts';
import { LEASE_TTL_MS } from '#shared/redis/keys.ts';
import type { BotStatus, PoolEvent } from '#shared/schemas/pool.ts';
import { activateTenant, handOver } from './activate.ts';
import {
  type Activation,
  endActivation,
  findOfProcess,
  listJustEnded,
  listOpen,
  listOpenOfContainer,
  listUnwanted,
  listUsed,
  openCredentials,
} from './activations.ts';
import type { Claim } from './claim.ts';
import type { PoolContext } from './context.ts';
import { endUnwanted } from './deactivate.ts';
import { deliverClaim } from './deliver.ts';
import { listServing, listWaiting, readStatuses } from './presence.ts';
import { retire, revokeClaim, settleAsActive, settleAsFailed, settleEvent } from './settle.ts';

/** Steps that a living call takes one after the other may be apart so long before the keeper takes them over. */
const STEP_MS = 5_000;
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
  const queue = createQueue(context);
  // Since when every round has found Redis and PostgreSQL in place. After a cut nobody is lost before he could speak.
  let steadySince: number | undefined;
  let running: Promise<void> | undefined;

  const look = async (): Promise<void> => {
    const { database, redis, clock } = context;
    if (steadySince !== undefined && clock.now() - steadySince >= context.missingMs) await sweep(redis);
    const open = await listOpen(database);
    const statuses = await readStatuses(
      redis,
      open.map((activation) => activation.container),
    );
    for (const [index, activation] of open.entries()) {
      await guard(context, activation, () => keep(context, missingSince, activation, statuses[index]));
    }
    for (const activation of await listUnwanted(database, context.drainMs + STEP_MS)) {
      await guard(context, activation, () => endUnwanted(context, activation));
    }
    await retireStrays(context, open);
    await retireUsed(context);
    await healRedisUsers(context);
    await endStrayLogins(database);
    await queueStranded(database, STEP_MS);
    await queue.serve();
    for (const storage of context.kinds.values()) await prepareSpares(database, storage, spares);
  };

  const round = async (): Promise<void> => {
    try {
      await look();
      steadySince ??= context.clock.now();
    } catch (error) {
      steadySince = undefined;
      missingSince.clear();
      throw error;
    }
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
      if (event.type === 'registered' || event.type === 'gone' || event.type === 'draining') {
        if (await lookAt(context, event)) await queue.serve();
      }
      if (event.type === 'registered' && event.state === 'waiting') await queue.serve();
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
    if (context.clock.now() - since >= context.missingMs) await giveUp(context, activation, false);
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

/**
 * An event about a container: if the process that served a tenant there is no more, the tenant gets another one. A
 * process whose one activation is over can serve nobody any more: it is sent home. True when a tenant lost its bot.
 */
async function lookAt(context: PoolContext, event: PoolEvent): Promise<boolean> {
  // A process says so when it has answered its last update and given up its lease.
  const left = event.type === 'gone' || (event.type === 'draining' && event.reason === 'drained');
  if (event.type === 'draining' && !left) return false;
  let lost = false;
  for (const activation of await listOpenOfContainer(context.database, event.container)) {
    const same = activation.bootId === event.boot_id;
    if (same && !left) continue;
    const { state } = await getTenant(context.database, activation.clientId);
    // Whoever wanted it to leave ends its activation.
    if (same && state !== 'active') continue;
    lost = true;
    // A lapsed heartbeat names no process: that one may be frozen and wake up.
    await guard(context, activation, () => giveUp(context, activation, event.boot_id !== undefined));
  }
  if (event.type === 'registered' && event.boot_id !== undefined) {
    for (const ended of await listJustEnded(context.database, event.container, LEASE_TTL_MS)) {
      if (ended.bootId !== event.boot_id) await endLease(context, ended);
    }
    const served = await findOfProcess(context.database, event.container, event.boot_id);
    if (served !== undefined && (served.state === 'ended' || served.state === 'failed')) await retire(context, served);
  }
  return lost;
}

/** A process serves once: one that waits again, because it slept or Redis forgot, cannot be claimed and goes home. */
async function retireUsed(context: PoolContext): Promise<void> {
  const waiting = await listWaiting(context.redis);
  for (const used of await listUsed(context.database, waiting)) await retire(context, used);
}

/** Bots that Redis shows as serving, though PostgreSQL knows that their activation is over, are sent home. */
async function retireStrays(context: PoolContext, open: readonly Activation[]): Promise<void> {
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
async function giveUp(context: PoolContext, activation: Activation, dead: boolean): Promise<void> {
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

/**
 * A restarted Redis may have forgotten its users: those of open activations are made again as they were. Users whose
 * activation is over are removed, whoever was to do it.
 */
async function healRedisUsers(context: PoolContext): Promise<void> {
  const known = await listRedisUsers(context.redis);
  // In this order: a user is made after its activation, so one of an activation that is not open now is over.
  const open = await listOpen(context.database);
  const wanted = new Set(open.map(({ clientId, fence }) => tenantLogin(clientId, fence)));
  const strays = [...known].filter((name) => tenantOfLogin(name) !== undefined && !wanted.has(name));
  await closeRedisUsers(context.redis, await ownLogins(context.database, strays));
  for (const activation of open) {
    if (known.has(tenantLogin(activation.clientId, activation.fence))) continue;
    const credentials = openCredentials(context.vault, activation);
    const { tokenFingerprint } = await getTenant(context.database, activation.clientId);
    if (credentials === undefined || tokenFingerprint === null) continue;
    await openRedisUser(context.redis, activation.clientId, credentials, tokenFingerprint);
  }
}

/** Those of these logins that belong to tenants of this installation. */
async function ownLogins(database: Queryable, names: readonly string[]): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const known = await knownClients(
    database,
    names.flatMap((name) => tenantOfLogin(name) ?? []),
  );
  return names.filter((name) => known.has(tenantOfLogin(name) ?? ''));
}

/** Serves the queue of tenants that wait for a bot. */
interface Queue {
  /** Resolves when the queue or the pool is empty; the activations that it began go on by themselves. */
  serve(): Promise<void>;
}

/** Free bots go to the longest waiting first, so there is one server, and calls while it works make it look again. */
function createQueue(context: PoolContext): Queue {
  let again = false;
  let running: Promise<void> | undefined;
  const serve = async (): Promise<void> => {
    do {
      again = false;
      for (const clientId of await dueTenants(context.database, QUEUE_BATCH)) {
        if (!(await begin(context, clientId))) break;
      }
    } while (again);
  };
  return {
    serve() {
      again = true;
      running ??= serve().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

/** Begins the activation of a queued tenant. Resolves when a bot is claimed for it: false when there was none. */
async function begin(context: PoolContext, clientId: string): Promise<boolean> {
  const tenant = await getTenant(context.database, clientId);
  const decided = Promise.withResolvers<boolean>();
  activateTenant(context, tenant, context.clock.now(), () => decided.resolve(true)).catch((error: unknown) => {
    const empty = isBotpoolError(error, 'pool_empty');
    decided.resolve(!empty);
    if (!empty) context.logger.warn({ err: error, client_id: clientId }, 'a queued client could not be activated');
  });
  return await decided.promise;
}
