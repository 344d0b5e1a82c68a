/** The front of the pool: activate, deactivate, look. One instance per control plane; nothing else claims bots. */
import type { Redis } from 'ioredis';
import { asExpected } from '#core/errors.ts';
import type { Database } from '#core/postgres/database.ts';
import type { Vault } from '#core/secrets/vault.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import type { KindStorage } from '#core/tenants/storage.ts';
import type { PoolEvent } from '#shared/schemas/pool.ts';
import { type ActivationInput, parseClientId } from '#shared/schemas/tenant.ts';
import { type ActivationResult, activateBot } from './activate.ts';
import { changeToken, resumeBot } from './again.ts';
import type { DropPendingPolicy } from './claim.ts';
import { type Clock, createWaiters, failWhenClosing, type PoolContext } from './context.ts';
import { type DeactivationResult, deactivateBot, deleteTenant } from './deactivate.ts';
import { followEvents } from './follower.ts';
import { createKeeper } from './keeper.ts';
import { type Candidate, countBots, createCandidateSource, type PoolCounts } from './presence.ts';
import { createQueue } from './queue.ts';
import { createWitness } from './witness.ts';

/** What a pool needs from outside. */
export interface PoolOptions {
  readonly database: Database;
  readonly redis: Redis;
  /** A connection of its own: it blocks on the event stream. */
  readonly eventRedis: Redis;
  readonly vault: Vault;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly kinds: readonly KindStorage[];
  /** Default: pending updates are dropped at a tenant's first start only. */
  readonly dropPending?: DropPendingPolicy;
  /** From the claim to the acknowledgement, per bot tried. Default 30 s. */
  readonly activationTimeoutMs?: number;
  /** How many prepared schemas of each kind are kept. Default 10. */
  readonly spares?: number;
  /** How long a status may be missing before its bot counts as lost. Default 15 s: a flushed Redis heals sooner. */
  readonly missingMs?: number;
  /** How long a bot that is sent home may answer its last updates. Default 10 s. */
  readonly drainMs?: number;
  /** The safety net under the events. Default 2 s. */
  readonly roundMs?: number;
  /** How often everything is looked at, not only what is under way. Default 15 s. */
  readonly sweepMs?: number;
}

/** The pool as a control plane uses it. Every failure is a `BotpoolError`. */
export interface Pool {
  /** Gives a client its bot; see the failure table for the codes. */
  activateBot(input: ActivationInput, actor: string): Promise<ActivationResult>;
  /** Gives a client its bot again, with the token that is kept. Fails with `client_no_token` when none is. */
  resumeBot(clientId: string, actor: string): Promise<ActivationResult>;
  /** Gives a client a bot with another token; the old one is sent home first. */
  changeToken(wish: { readonly clientId: string; readonly token: string }, actor: string): Promise<ActivationResult>;
  /** Suspends a client; its data stays. */
  deactivateBot(clientId: string, change: { actor: string; reason: string }): Promise<DeactivationResult>;
  deleteTenant(clientId: string, change: { actor: string; reason: string; keepData: boolean }): Promise<void>;
  /** The live bot that has waited longest, if any; nothing is claimed. */
  findFreeBot(): Promise<Candidate | undefined>;
  /** Counts by state at the same cost for ten and for ten thousand bots. */
  getPoolStatus(): Promise<PoolCounts>;
  /** Hears every event of the pool from now on; the function that comes back ends it. */
  listen(listener: (event: PoolEvent) => void): () => void;
  /** The clients for which a call of this process looks for a bot, those that have one already among them. */
  seekers(): readonly string[];
  /**
   * Hears when a client begins to look for a bot, has taken one or has found none, long before an event tells; the function
   * that comes back ends it.
   */
  onDemand(listener: () => void): () => void;
  /**
   * The engine says that the process of this container has ended: whoever it served gets another bot at once, without
   * waiting for the next process to speak. `isDown` is asked after the register was read: what it finds down then is dead.
   */
  endLost(container: string, isDown: () => Promise<boolean>): Promise<void>;
  /** Looks after everything once, now. */
  tend(): Promise<void>;
  /**
   * Ends loops, listeners and waits. Activations under way are left to another control plane: their callers are told
   * `control_plane_unreachable`.
   */
  close(): Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_SPARES = 10;
const DEFAULT_MISSING_MS = 15_000;
const DEFAULT_DRAIN_MS = 10_000;
const DEFAULT_ROUND_MS = 2_000;
const DEFAULT_SWEEP_MS = 15_000;

/** Starts a pool: it follows events and keeps promises until it is closed. */
export async function startPool(options: PoolOptions): Promise<Pool> {
  const { redis, database, logger, clock } = options;
  const stop = new AbortController();
  const calls = new Set<Promise<unknown>>();
  const demands = new Set<() => void>();
  const track = <T>(call: Promise<T>): Promise<T> => {
    calls.add(call);
    const over = (): boolean => calls.delete(call);
    call.then(over, over);
    return call;
  };
  const context: PoolContext = {
    database,
    redis,
    vault: options.vault,
    logger,
    clock,
    newId: options.newId,
    kinds: new Map(options.kinds.map((kind) => [kind.kind, kind])),
    candidates: createCandidateSource(redis, stop.signal),
    waiters: createWaiters(),
    witness: createWitness(redis),
    serveQueue: () => queue.serve(),
    inHand: new Set(),
    seeking: new Map(),
    closing: stop.signal,
    onDemand: () => {
      for (const listener of demands) listener();
    },
    track,
    dropPending: options.dropPending ?? 'first-start',
    activationTimeoutMs: options.activationTimeoutMs ?? DEFAULT_TIMEOUT_MS,
    missingMs: options.missingMs ?? DEFAULT_MISSING_MS,
    drainMs: options.drainMs ?? DEFAULT_DRAIN_MS,
  };
  const follower = followEvents(options.eventRedis, logger, (ms) => clock.sleep(ms));
  const queue = createQueue(context);
  const keeper = createKeeper(context, queue, {
    spares: options.spares ?? DEFAULT_SPARES,
    sweepMs: options.sweepMs ?? DEFAULT_SWEEP_MS,
  });
  const hear = async (event: PoolEvent): Promise<void> => {
    await keeper.hear(event).catch((error: unknown) => {
      if (!stop.signal.aborted) logger.warn({ err: error }, 'the pool could not be looked after; trying again');
    });
  };
  /** One call: tracked until its end, and refused when the pool is closing. */
  const call = async <T>(step: () => Promise<T>): Promise<T> => {
    failWhenClosing(context);
    return await expected(track(step()));
  };
  // A Redis that comes back may have forgotten what only a thorough look finds missing.
  const lookAgain = (): void => void track(keeper.round(true).catch(() => undefined));
  await follower.ready;
  redis.on('ready', lookAgain);
  follower.listen((event) => void track(hear(event)));
  void track(repeat(clock, options.roundMs ?? DEFAULT_ROUND_MS, stop.signal, () => keeper.round(), logger));
  return {
    activateBot: (input, actor) => call(() => activateBot(context, input, actor)),
    resumeBot: (clientId, actor) => call(() => resumeBot(context, clientId, actor)),
    changeToken: (wish, actor) => call(() => changeToken(context, follower, wish, actor)),
    deactivateBot: (clientId, change) => call(() => deactivateBot(context, follower, parseClientId(clientId), change)),
    deleteTenant: (clientId, change) => call(() => deleteTenant(context, follower, parseClientId(clientId), change)),
    findFreeBot: () => expected(findFreeBot(context)),
    getPoolStatus: () => expected(countBots(redis)),
    listen: (listener) => follower.listen(listener),
    seekers: () => [...context.seeking.values()],
    onDemand(listener) {
      demands.add(listener);
      return () => demands.delete(listener);
    },
    endLost: (container, isDown) => call(() => keeper.endLost(container, isDown)),
    tend: () => call(() => keeper.round(true)),
    async close() {
      stop.abort();
      redis.off('ready', lookAgain);
      await follower.close();
      while (calls.size > 0) await Promise.allSettled(calls);
    },
  };
}

async function findFreeBot(context: PoolContext): Promise<Candidate | undefined> {
  const found = await context.candidates.take(1);
  context.candidates.giveBack(found.map((candidate) => candidate.container));
  return found[0];
}

/** Drivers' failures leave the pool as codes. */
async function expected<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    throw asExpected(error);
  }
}

async function repeat(
  clock: Clock,
  everyMs: number,
  signal: AbortSignal,
  step: () => Promise<void>,
  logger: Logger,
): Promise<void> {
  while (!signal.aborted) {
    await step().catch((error: unknown) => {
      if (!signal.aborted) logger.warn({ err: error }, 'a round of the keeper failed; the next one follows');
    });
    await clock.sleep(everyMs, signal);
  }
}
