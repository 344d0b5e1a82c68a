/**
 * The right to poll one token: taken before the first poll, renewed while polling, and given up by its holder's own
 * clock before it ends. A lease alone is no lock; the fence of the credentials is.
 */
import type { Redis } from 'ioredis';
import { dropLease, holdLease } from '#core/redis/pool-scripts.ts';
import { LEASE_RENEW_MS, LEASE_TTL_MS } from '#shared/redis/keys.ts';

/** Polling ends this long before the lease could: a poll under way must be over by then. */
const MARGIN_MS = 2_000;
/** How often a bot asks for a lease that another still holds. */
const ASK_AGAIN_MS = 250;

/** What a lease needs of time: a clock that never jumps, and a wait. */
export interface LeaseClock {
  /** Monotonic milliseconds. */
  monotonic(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A lease that is held until its signal aborts. */
export interface Lease {
  /** Aborts when the lease is lost or about to end: polling must stop at once. */
  readonly lost: AbortSignal;
  /** True while nobody else can hold it, by this process's own clock. Ask before acting after any pause. */
  valid(): boolean;
  /** Gives it up, so that the next holder need not wait. */
  drop(): Promise<void>;
}

/** The holder of a lease: one process under one fence. */
export function leaseHolder(container: string, bootId: string, fence: number): string {
  return `${container}:${bootId}:${fence}`;
}

/**
 * Asks another authority while Redis is away: PostgreSQL, where a later fence has ended this one's login before its
 * process can poll. `mine`: no later fence is at work. `over`: this fence has ended. `unknown`: no answer, either.
 */
export type Vouch = () => Promise<'mine' | 'over' | 'unknown'>;

/** What a lease may be told beside whose it is. */
export interface LeaseOptions {
  /** See {@link Vouch}. Default: knows nothing. */
  readonly vouch?: Vouch;
  /** Aborts when nobody wants the lease any more: it is asked for no longer. */
  readonly signal?: AbortSignal;
}

/**
 * Takes a lease, waiting at most `waitMs` for another holder to go; `undefined` when it did not, or when the signal
 * aborted first. Rejects when Redis does not answer so long. While it is held and Redis is away, `vouch` decides
 * whether polling may go on: a cut of Redis silences nobody whose fence holds.
 */
export async function takeLease(
  redis: Redis,
  fingerprint: string,
  holder: string,
  clock: LeaseClock,
  waitMs: number,
  { vouch = () => Promise.resolve('unknown'), signal }: LeaseOptions = {},
): Promise<Lease | undefined> {
  const deadline = clock.monotonic() + waitMs;
  for (;;) {
    const asked = clock.monotonic();
    const late = asked >= deadline;
    const held = await holdLease(redis, fingerprint, holder).catch((error: unknown) => {
      if (late) throw error;
    });
    if (held === true) return keepLease(redis, fingerprint, holder, clock, asked, vouch);
    if (late) return undefined;
    await clock.sleep(ASK_AGAIN_MS, signal);
    if (signal?.aborted === true) return undefined;
  }
}

function keepLease(
  redis: Redis,
  fingerprint: string,
  holder: string,
  clock: LeaseClock,
  taken: number,
  vouch: Vouch,
): Lease {
  const lost = new AbortController();
  let heldSince = taken;
  const valid = (): boolean => !lost.signal.aborted && clock.monotonic() - heldSince < LEASE_TTL_MS - MARGIN_MS;
  const renew = async (): Promise<void> => {
    while (!lost.signal.aborted) {
      await clock.sleep(LEASE_RENEW_MS, lost.signal);
      if (lost.signal.aborted) return;
      // A clock that slept past the lease must not renew what somebody else may have had meanwhile.
      if (!valid()) return lost.abort();
      const asked = clock.monotonic();
      const held = await holdLease(redis, fingerprint, holder).catch(() => undefined);
      if (held === false) return lost.abort();
      const word = held ?? (await vouch());
      if (word === 'over') return lost.abort();
      if (word === true || word === 'mine') heldSince = asked;
    }
  };
  const watch = async (): Promise<void> => {
    while (valid())
      await clock.sleep(Math.max(1, LEASE_TTL_MS - MARGIN_MS - (clock.monotonic() - heldSince)), lost.signal);
    lost.abort();
  };
  void renew();
  void watch();
  return {
    lost: lost.signal,
    valid,
    async drop() {
      lost.abort();
      await dropLease(redis, fingerprint, holder).catch(() => undefined);
    },
  };
}
