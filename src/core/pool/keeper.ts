/**
 * Keeps the promises of the pool over crashes: delivers until acknowledged, gives a tenant whose bot is lost another
 * one, serves the queue, keeps spares ready, forgets bots that are gone. Woken by events; a slow timer is the safety
 * net. Any number of control planes may run it at once: every step is decided in PostgreSQL.
 */
import { sweep } from '#core/redis/pool-scripts.ts';
import { prepareSpares } from '#core/tenants/spares.ts';
import { endStrayLogins } from '#core/tenants/storage.ts';
import { getTenant, queueStranded } from '#core/tenants/tenants.ts';
import type { BotStatus, PoolEvent } from '#shared/schemas/pool.ts';
import { handOver, handOverAgain } from './activate.ts';
import { type Activation, findActivation, listOpen, listOpenOfContainer, listUnwanted } from './activations.ts';
import { attempt, type PoolContext, STEP_MS } from './context.ts';
import { finishDeletion, listUnfinishedDeletions } from './deletion.ts';
import { giveUp, lookAt, retireStrays, retireUsed } from './losses.ts';
import { readStatuses } from './presence.ts';
import type { Queue } from './queue.ts';
import { healRedisUsers } from './redis-users.ts';
import { endUnwanted, settleAsFailed, settleByStatus } from './settle.ts';

/** One keeper; its rounds never overlap. */
export interface Keeper {
  /** Looks after what is under way; `thorough`, or when it is time, at everything. Safe at any moment. */
  round(thorough?: boolean): Promise<void>;
  /** A container's process has ended, if `isDown` finds it down after the register was read. */
  endLost(container: string, isDown: () => Promise<boolean>): Promise<void>;
  /** Reacts to one event. */
  hear(event: PoolEvent): Promise<void>;
}

/** How much a keeper looks after. */
export interface KeeperOptions {
  /** How many prepared schemas of each kind it keeps. */
  readonly spares: number;
  /** How often it looks at everything that Redis and PostgreSQL know, in ms. */
  readonly sweepMs: number;
}

/** So long after a claim the next one is expected. */
const BUSY_MS = 2_000;

/** Makes a keeper. */
export function createKeeper(context: PoolContext, queue: Queue, options: KeeperOptions): Keeper {
  const { database, redis, clock } = context;
  const missingSince = new Map<string, number>();
  // Since when every round has found Redis and PostgreSQL in place. After a cut nobody is lost before he could speak.
  let steadySince: number | undefined;
  // When it last looked at everything; `undefined` when that is due, as after every cut.
  let sweptAt: number | undefined;
  let running: Promise<void> | undefined;

  const look = async (): Promise<void> => {
    const steady = steadySince !== undefined && clock.now() - steadySince >= context.missingMs;
    const lapsed = new Set(steady ? await sweep(redis) : []);
    const open = await listOpen(database);
    const statuses = await readStatuses(
      redis,
      open.map((activation) => activation.container),
    );
    for (const [at, activation] of open.entries()) {
      const known = { status: statuses[at], lapsed: lapsed.has(activation.container), missingSince };
      await attempt(context, activation.clientId, () => keep(context, activation, known));
    }
    const ids = new Set(open.map(({ id }) => id));
    for (const id of missingSince.keys()) if (!ids.has(id)) missingSince.delete(id);
    await endWhatNobodyWants(context);
    if (sweptAt === undefined || clock.now() - sweptAt >= options.sweepMs) {
      const begun = clock.now();
      await lookAtEverything(context, open);
      sweptAt = begun;
    }
    await attempt(context, 'the queue', async () => {
      await queueStranded(database, STEP_MS);
      await queue.serve();
    });
    for (const storage of context.kinds.values()) {
      await attempt(context, `spares of ${storage.kind}`, () =>
        prepareSpares(database, storage, options.spares, () => isBusy(context, open)),
      );
    }
  };

  const round = async (): Promise<void> => {
    try {
      await look();
      steadySince ??= clock.now();
    } catch (error) {
      // Only what is away ends a round: nobody's absence counts while it lasts.
      steadySince = undefined;
      sweptAt = undefined;
      missingSince.clear();
      throw error;
    }
  };

  return {
    async round(thorough = false) {
      if (thorough) {
        await running?.catch(() => undefined);
        sweptAt = undefined;
      }
      running ??= round().finally(() => {
        running = undefined;
      });
      await running;
    },
    async endLost(container, isDown) {
      const open = await listOpenOfContainer(database, container);
      if (open.length === 0 || !(await isDown())) return;
      let lost = false;
      for (const activation of open) {
        const { state } = await getTenant(database, activation.clientId);
        // Whoever wanted it to leave ends its activation.
        if (state !== 'active') continue;
        lost = true;
        await attempt(context, activation.clientId, () => giveUp(context, activation, true));
      }
      if (lost) await queue.serve();
    },
    async hear(event) {
      if (event.type === 'delivered') return;
      const status = await context.witness.look(event);
      if (event.type === 'active' || event.type === 'failed') return await settleHeard(context, event, status);
      const lost = await lookAt(context, event, status);
      if (lost || (event.type === 'registered' && status?.status === 'waiting')) await queue.serve();
    },
  };
}

/** Somebody says how an activation ended: what the container's own status says of its own activation counts. */
async function settleHeard(context: PoolContext, event: PoolEvent, status: BotStatus | undefined): Promise<void> {
  if (status?.activation_id === undefined) return;
  const activation = await findActivation(context.database, status.activation_id);
  if (activation?.container === event.container) await settleByStatus(context, activation, status);
}

/** Whether clients get their bots right now, here or through another control plane. */
function isBusy(context: PoolContext, open: readonly Activation[]): boolean {
  const lately = context.clock.now() - BUSY_MS;
  return context.inHand.size > 0 || open.some(({ claimedAt }) => claimedAt.getTime() > lately);
}

/** The ends that operators asked for and whose calls have died. */
async function endWhatNobodyWants(context: PoolContext): Promise<void> {
  const graceMs = context.drainMs + STEP_MS;
  for (const activation of await listUnwanted(context.database, graceMs)) {
    await attempt(context, activation.clientId, () => endUnwanted(context, activation));
  }
  for (const clientId of await listUnfinishedDeletions(context.database, graceMs)) {
    await attempt(context, clientId, () => finishDeletion(context, clientId));
  }
}

/** What costs in proportion to the pool, and what events tell at once unless somebody died or Redis forgot. */
async function lookAtEverything(context: PoolContext, open: readonly Activation[]): Promise<void> {
  await attempt(context, 'bots that serve nobody', () => retireStrays(context, open));
  await attempt(context, 'bots that have served', () => retireUsed(context));
  await attempt(context, 'Redis users', () => healRedisUsers(context));
  await attempt(context, 'logins', async () => {
    for (const { clientId, error } of await endStrayLogins(context.database)) {
      await attempt(context, clientId, () => Promise.reject(error));
    }
  });
}

/** What is known of the process of an activation. */
interface Sight {
  readonly status: BotStatus | undefined;
  /** Its heartbeat has lapsed while Redis was there all the time. */
  readonly lapsed: boolean;
  /** By activation, since when its status is missing. */
  readonly missingSince: Map<string, number>;
}

async function keep(context: PoolContext, activation: Activation, sight: Sight): Promise<void> {
  const { status, missingSince } = sight;
  if (status === undefined) {
    const since = missingSince.get(activation.id) ?? context.clock.now();
    missingSince.set(activation.id, since);
    // It may be frozen and wake up: its lease runs out by itself.
    if (sight.lapsed || context.clock.now() - since >= context.missingMs) await giveUp(context, activation, false);
    return;
  }
  missingSince.delete(activation.id);
  if (status.boot_id !== activation.bootId) await giveUp(context, activation, true);
  else if (activation.state === 'claimed') await pursue(context, activation, status);
}

/** A claim that nobody carries through any more: its control plane died, or Redis lost the delivery. */
async function pursue(context: PoolContext, activation: Activation, status: BotStatus): Promise<void> {
  if (await settleByStatus(context, activation, status)) return;
  const age = context.clock.now() - activation.claimedAt.getTime();
  if (age > 2 * context.activationTimeoutMs) return await settleAsFailed(context, activation.id, 'timeout');
  const tenant = await getTenant(context.database, activation.clientId);
  // A delivery may be repeated at any time.
  if (activation.credentialsSealed !== null) return await handOverAgain(context, tenant, activation);
  // A call of this process, or of another one, may be opening the storage right now.
  if (context.inHand.has(activation.id) || age < STEP_MS) return;
  await handOver(context, tenant, { ...activation, activationId: activation.id }, activation.claimedAt.getTime());
}
