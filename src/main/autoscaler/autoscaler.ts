/**
 * The loop that keeps enough bots waiting: it looks, decides, writes the decision down and carries it out. Events wake it
 * early; its timer is the safety net. It runs on the leader; every control plane can explain what was decided.
 */
import type { Redis } from 'ioredis';
import type { Leadership, Term } from '#core/leadership/leadership.ts';
import type { Pool } from '#core/pool/index.ts';
import type { Database } from '#core/postgres/database.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import { writeAudit } from '#core/tenants/tenants.ts';
import type { ScalingPolicy } from '#shared/schemas/scaling.ts';
import { formatScalingPolicy, parseScalingPolicy } from '#shared/schemas/scaling-policy.ts';
import type { PoolFleet } from '../stack/pool-fleet.ts';
import { type Comparison, compare } from './compare.ts';
import { createLook } from './look.ts';
import { createRounds, type Rounds } from './rounds.ts';
import { forgetOldDecisions, listDecisions, readPolicy, type StoredDecision, writePolicy } from './store.ts';

/** What an autoscaler is made of. */
export interface AutoscalerOptions {
  readonly database: Database;
  readonly redis: Redis;
  readonly leadership: Leadership;
  readonly pool: Pick<Pool, 'listen' | 'onDemand' | 'seekers'>;
  readonly fleet: Pick<PoolFleet, 'grow' | 'shrink' | 'onShrink'>;
  readonly logger: Logger;
  readonly clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  /** What the variables say; counts until the operator sets a policy. */
  readonly defaults: ScalingPolicy;
  /** The safety net: how often the pool is looked at without an event. */
  readonly checkMs: number;
  /** See `memoryRoom`. */
  readonly memoryRoom: (starting: number) => number | null;
  /** See `LookOptions`. */
  readonly stuckMs: number;
}

/** The autoscaler as a control plane uses it. */
export interface Autoscaler {
  /** The policy that counts, and whether an operator has set it. */
  policy(): Promise<{ readonly policy: ScalingPolicy; readonly own: boolean }>;
  /** Changes the policy by words (see `parseScalingPolicy`); `default`: the variables count again. */
  setPolicy(words: string, actor: string): Promise<ScalingPolicy>;
  /** The newest decisions, newest first. */
  decisions(options: { readonly limit: number; readonly onlyActs?: boolean }): Promise<readonly StoredDecision[]>;
  /** What another policy would have made of the time since the oldest stored decision, at most `hours`. */
  simulate(words: string, hours: number): Promise<Comparison>;
  close(): Promise<void>;
}

/** Rounds follow each other no faster: a burst of claims is looked at as one. */
const PACE_MS = 25;

/** Starts an autoscaler. */
export function startAutoscaler(options: AutoscalerOptions): Autoscaler {
  const { database, logger, clock, defaults, pool } = options;
  let wake = Promise.withResolvers<void>();
  const call = (): void => wake.resolve();
  const policy = async (): Promise<ScalingPolicy> => (await readPolicy(database)) ?? defaults;

  const lead = async (term: Term): Promise<void> => {
    const { epoch, signal } = term;
    logger.info(
      { epoch, check_ms: options.checkMs, policy: formatScalingPolicy(await policy()) },
      'POOL MONITOR STARTED',
    );
    await forgetOldDecisions(database);
    const look = createLook({ ...options, now: () => clock.now(), seekers: () => pool.seekers() });
    const rounds: Rounds = createRounds({ ...options, term, look, policy, wake: call });
    await rounds.begin();
    const stops = [pool.listen((event) => rounds.hear(event)), pool.onDemand(call), options.fleet.onShrink(call)];
    try {
      while (!signal.aborted) {
        wake = Promise.withResolvers();
        const settles = await rounds.round();
        const over = new AbortController();
        const pause = clock.sleep(Math.min(options.checkMs, settles), AbortSignal.any([signal, over.signal]));
        await Promise.race([wake.promise, pause]);
        over.abort();
        await clock.sleep(PACE_MS, signal);
      }
    } finally {
      for (const stop of stops) stop();
      await rounds.end();
    }
  };
  const stop = options.leadership.whileLeading('autoscaler', lead);

  return {
    async policy() {
      const own = await readPolicy(database);
      return { policy: own ?? defaults, own: own !== undefined };
    },
    async setPolicy(words, actor) {
      const before = await policy();
      const next = words.trim() === 'default' ? undefined : parseScalingPolicy(words, before);
      const after = next ?? defaults;
      await database.transaction(async (tx) => {
        await writePolicy(tx, next, actor);
        const [was, is] = [before, after].map((one) => ({ policy: formatScalingPolicy(one) }));
        await writeAudit(tx, actor, 'pool.policy', 'pool', was ?? null, is ?? null);
      });
      call();
      return after;
    },
    decisions: (wish) => listDecisions(database, wish),
    async simulate(words, hours) {
      const present = await policy();
      return await compare(database, present, parseScalingPolicy(words, present), {
        ...{ hours, now: clock.now(), checkMs: options.checkMs },
      });
    },
    close: stop,
  };
}
