/** What every step of the pool needs, handed in once; and how waiting callers learn of an activation's end. */
import type { Redis } from 'ioredis';
import { isPostgresAway, isRedisAway } from '#core/errors.ts';
import type { Database } from '#core/postgres/database.ts';
import type { Vault } from '#core/secrets/vault.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import type { KindStorage } from '#core/tenants/storage.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { Settlement } from './activations.ts';
import type { DropPendingPolicy } from './claim.ts';
import type { CandidateSource } from './presence.ts';
import type { Witness } from './witness.ts';

/** Time as a parameter: milliseconds since the epoch, and a wait that ends early when it is aborted. */
export interface Clock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Callers of this process that wait for activations. */
export interface Waiters {
  /** Resolves with the settlement, or with `undefined` when the signal aborts first. */
  wait(activationId: string, signal: AbortSignal): Promise<Settlement | undefined>;
  tell(activationId: string, settlement: Settlement): void;
}

/** Everything that the steps of the pool share. */
export interface PoolContext {
  readonly database: Database;
  readonly redis: Redis;
  readonly vault: Vault;
  readonly logger: Logger;
  readonly clock: Clock;
  /** A new time-ordered UUID. */
  readonly newId: () => string;
  readonly kinds: ReadonlyMap<string, KindStorage>;
  readonly candidates: CandidateSource;
  readonly waiters: Waiters;
  readonly witness: Witness;
  /** Gives free bots to those who wait for one; resolves when nobody waits or no bot is free. */
  readonly serveQueue: () => Promise<void>;
  /** Activations that a call of this process is carrying through: the keeper leaves them alone. */
  readonly inHand: Set<string>;
  /** Aborts when the pool closes: every wait ends then. */
  readonly closing: AbortSignal;
  /** By activation, the clients for which a call of this process looks for a bot. */
  readonly seeking: Map<string, string>;
  /** Called when a client begins to look for a bot, has taken one, or has found none. */
  readonly onDemand: () => void;
  /** Lets the pool's end wait for this. */
  readonly track: <T>(call: Promise<T>) => Promise<T>;
  readonly dropPending: DropPendingPolicy;
  /** How long a bot may take from its claim to its acknowledgement, in ms. */
  readonly activationTimeoutMs: number;
  /** How long a status may be missing before its bot counts as lost, in ms. */
  readonly missingMs: number;
  /** How long a bot may take to answer its last updates before its rights end under it, in ms. */
  readonly drainMs: number;
}

/** Steps that a living call takes one after the other may be apart so long before a keeper takes them over, in ms. */
export const STEP_MS = 5_000;

/** Fails with `control_plane_unreachable` when the pool is closing: what is under way is left to the next one. */
export function failWhenClosing({ closing }: Pick<PoolContext, 'closing'>): void {
  if (closing.aborted) throw new BotpoolError('control_plane_unreachable', {});
}

/** True when a server is away: what failed will work when it is back, so nothing is undone because of it. */
export function isAway(error: unknown): boolean {
  return isRedisAway(error) || isPostgresAway(error);
}

/** Takes one step for one of many: its trouble is logged and stops nobody else; only a server that is away does. */
export async function attempt(context: PoolContext, what: string, step: () => Promise<unknown>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (isAway(error)) throw error;
    context.logger.error({ err: error, what }, 'something in the pool could not be looked after');
  }
}

/** Makes the register of waiting callers. */
export function createWaiters(): Waiters {
  const waiting = new Map<string, Set<(settlement: Settlement | undefined) => void>>();
  return {
    wait(activationId, signal) {
      if (signal.aborted) return Promise.resolve(undefined);
      const { promise, resolve } = Promise.withResolvers<Settlement | undefined>();
      const group = waiting.get(activationId) ?? new Set();
      waiting.set(activationId, group.add(resolve));
      const give = (): void => resolve(undefined);
      signal.addEventListener('abort', give, { once: true });
      return promise.finally(() => {
        signal.removeEventListener('abort', give);
        group.delete(resolve);
        if (group.size === 0) waiting.delete(activationId);
      });
    },
    tell(activationId, settlement) {
      for (const resolve of waiting.get(activationId) ?? []) resolve(settlement);
    },
  };
}
