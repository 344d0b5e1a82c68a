/** Makes one process known to the pool and keeps it known: registration, heartbeat, wake-ups. */
import type { Redis } from 'ioredis';
import { acknowledge, heartbeat, register, release } from '#core/redis/pool-scripts.ts';
import { keys, type Register } from '#shared/redis/keys.ts';
import type { Acknowledgement, BotFacts, BotHealth, Outcome } from '#shared/schemas/pool.ts';
import type { BotState } from '#shared/state/bot-state.ts';
import type { KindLogger } from './kind.ts';

/** What one process says of itself, and how it hears what it is to do. */
export interface Presence {
  /** Announces the process and begins to beat. Rejects only when it is closed before Redis answered. */
  begin(): Promise<void>;
  /** The process has taken this activation's configuration and waits no more. */
  beginActivation(activation: ActiveFacts): void;
  /** From now on the process is this tenant's bot; told to the pool with its timings. */
  acknowledgeActive(activation: ActiveFacts, details: Acknowledgement): Promise<void>;
  /** The activation failed; the process will end. */
  acknowledgeFailure(activationId: string, outcome: Outcome, details: Acknowledgement): Promise<void>;
  /** The next wake-up for this process: `config`, or a word addressed to it. */
  nextWake(signal: AbortSignal): Promise<string | undefined>;
  /** Takes the sealed configuration, which exists only once. */
  takeConfig(): Promise<string | null>;
  leave(step: 'draining' | 'gone', reason: string): Promise<void>;
  close(): void;
}

/** Whose bot the process is. */
export interface ActiveFacts {
  readonly client_id: string;
  readonly activation_id: string;
  readonly fence: number;
}

/** What the presence of a process is made of. */
export interface PresenceOptions {
  readonly redis: Redis;
  /** A connection of its own: it blocks. */
  readonly wakeRedis: Redis;
  readonly container: string;
  /** The family that it belongs to: the pool unless said otherwise. */
  readonly family?: Register | undefined;
  readonly facts: BotFacts;
  readonly logger: KindLogger;
  readonly health: () => Omit<BotHealth, 'loop_lag_ms'>;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly monotonic: () => number;
  /** How often it says that it lives. */
  readonly heartbeatMs: number;
  /** Another process has taken this container's name, or the pool takes this one for another than it is: it must end. */
  readonly onDismissed: () => void;
}

const WAKE_BLOCK_SECONDS = 5;
const RETRY_MS = 300;
const FAILURE_TRIES = 20;

/** Makes the presence of one process. Nothing is sent before `begin`. */
export function createPresence(options: PresenceOptions): Presence {
  const { redis, container, logger, family } = options;
  const bootId = options.facts.boot_id;
  const closed = new AbortController();
  let state: 'waiting' | 'activating' | 'active' | 'leaving' = 'waiting';
  let serving: ActiveFacts | undefined;
  let lag = 0;
  const announce = async (): Promise<void> => {
    if (state === 'leaving') return;
    endIfContradicted(await register(redis, container, state, { ...options.facts, ...serving }, family));
  };
  /** Sent home, or said to serve while it waits: what the pool believes of this process cannot come true any more. */
  const endIfContradicted = (answer: BotState): void => {
    const sentHome = answer === 'draining' && state !== 'leaving';
    if (sentHome || (answer === 'active' && state === 'waiting')) options.onDismissed();
  };
  const beat = async (): Promise<void> => {
    const answer = await heartbeat(redis, container, bootId, { ...options.health(), loop_lag_ms: lag }, family);
    if (answer === 'superseded') options.onDismissed();
    else if (answer === 'unknown' || (answer === 'waiting' && state !== 'waiting')) await announce();
    else endIfContradicted(answer);
  };
  const beatForEver = async (): Promise<void> => {
    while (!closed.signal.aborted) {
      const due = options.monotonic() + options.heartbeatMs;
      await options.sleep(options.heartbeatMs, closed.signal);
      lag = Math.max(0, Math.round(options.monotonic() - due));
      if (closed.signal.aborted) return;
      await beat().catch((error: unknown) => logger.warn({ err: error }, 'a heartbeat did not reach Redis'));
    }
  };
  // After a cut the truth may have changed on both sides: say at once what holds here.
  const onReconnect = (): void => {
    void beat().catch((error: unknown) => logger.warn({ err: error }, 'Redis is back but did not take the status'));
  };
  return {
    async begin() {
      while (!closed.signal.aborted) {
        try {
          await announce();
          break;
        } catch (error) {
          logger.warn({ err: error }, 'Redis did not take the registration; trying again');
          await options.sleep(RETRY_MS, closed.signal);
        }
      }
      redis.on('ready', onReconnect);
      void beatForEver();
    },
    beginActivation(activation) {
      serving = activation;
      state = 'activating';
    },
    async acknowledgeActive(activation, details) {
      serving = activation;
      state = 'active';
      await insist(() => tell(activation.activation_id, 'active', details));
    },
    async acknowledgeFailure(activationId, outcome, details) {
      await insist(() => tell(activationId, outcome, details), FAILURE_TRIES);
    },
    async nextWake(signal) {
      const aborted = new Promise<undefined>((resolve) => {
        signal.addEventListener('abort', () => resolve(undefined), { once: true });
      });
      while (!signal.aborted) {
        const pop = popWake().catch(async () => {
          await options.sleep(RETRY_MS, signal);
          return undefined;
        });
        const word = await Promise.race([pop, aborted]);
        if (word !== undefined) return word;
      }
      return undefined;
    },
    takeConfig: () => redis.getdel(keys.botConfig(container)),
    async leave(step, reason) {
      state = 'leaving';
      await release(redis, container, bootId, step, reason, family).catch((error: unknown) => {
        logger.warn({ err: error }, 'Redis did not take the farewell; the status will lapse');
      });
    },
    close() {
      closed.abort();
      redis.off('ready', onReconnect);
    },
  };

  /** A Redis that has forgotten this process is told of it first. */
  async function tell(activationId: string, outcome: Outcome, details: Acknowledgement): Promise<void> {
    const step = () => acknowledge(redis, container, bootId, activationId, outcome, details, family);
    if ((await step()) === 'ok') return;
    await announce();
    if ((await step()) !== 'ok') logger.warn({ outcome }, 'the pool does not know of this activation any more');
  }

  async function popWake(): Promise<string | undefined> {
    const popped = await options.wakeRedis.blpop(keys.botWake(container), WAKE_BLOCK_SECONDS);
    const [word, addressee] = popped?.[1].split(' ') ?? [];
    return addressee === undefined || addressee === bootId ? word : undefined;
  }

  /** Tries until Redis has taken it, at most `times` times. */
  async function insist(step: () => Promise<unknown>, times = Number.POSITIVE_INFINITY): Promise<void> {
    for (let attempt = 1; !closed.signal.aborted; attempt += 1) {
      try {
        await step();
        return;
      } catch (error) {
        logger.warn({ err: error }, 'Redis did not take an acknowledgement; trying again');
        if (attempt >= times) return;
        await options.sleep(RETRY_MS, closed.signal);
      }
    }
  }
}
