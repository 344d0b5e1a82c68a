/** One round after the other within one term of the leader: what happened before counts for what is decided next. */
import type { Term } from '#core/leadership/leadership.ts';
import type { Database } from '#core/postgres/database.ts';
import type { Logger } from '#core/telemetry/logger.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import type { PoolEvent } from '#shared/schemas/pool.ts';
import type { ScalingDecision, ScalingHistory, ScalingPolicy, ScalingSnapshot } from '#shared/schemas/scaling.ts';
import type { Grown, PoolFleet } from '../stack/pool-fleet.ts';
import { decide, settlesIn, surplusOf } from './decide.ts';
import { CLAIMS_WINDOW_MS, type Look } from './look.ts';
import { listDecisions, type ScalingResult, storeDecision, storeResult } from './store.ts';

/** What the rounds need. */
export interface RoundsOptions {
  readonly database: Database;
  readonly fleet: Pick<PoolFleet, 'grow' | 'shrink'>;
  readonly logger: Logger;
  readonly clock: { now(): number };
  readonly term: Term;
  readonly look: () => Promise<Look>;
  readonly policy: () => Promise<ScalingPolicy>;
  /** Asks for another round soon. */
  readonly wake: () => void;
}

/** The rounds of one term. */
export interface Rounds {
  /** Takes over what the last leader had learnt. */
  begin(): Promise<void>;
  /**
   * Looks, decides, stores, acts. Trouble is logged; the next round follows. Resolves with the time after which another
   * round may decide otherwise though nothing has happened, in milliseconds.
   */
  round(): Promise<number>;
  /** Hears an event of the pool, and asks for a round when it may change what is decided. */
  hear(event: PoolEvent): void;
  /** Resolves when what was begun is over. */
  end(): Promise<void>;
}

/** How long a start takes before one was measured. */
const START_MS = 3_000;
/** How much one measured start counts against all earlier ones. */
const WEIGHT = 0.2;

/** Makes the rounds of one term. */
export function createRounds(options: RoundsOptions): Rounds {
  const { database, fleet, logger, clock, term } = options;
  const history = new History();
  const underWay = new Set<Promise<void>>();
  let state: ScalingDecision['state'] | undefined;

  const background = (step: Promise<void>): void => {
    const done = step.catch((error: unknown) => {
      if (!term.signal.aborted) logger.warn({ err: error }, 'a decision of the autoscaler was not carried out');
    });
    underWay.add(done);
    void done.then(() => underWay.delete(done));
  };

  const grow = async (id: string, decision: ScalingDecision, policy: ScalingPolicy): Promise<void> => {
    const { count, formula, rule, limits } = decision;
    logger.info({ count, formula, rule, limits }, 'Scaling up');
    const begun = clock.now();
    const { made } = await fleet.grow(count, { max: policy.maxTotal, epoch: term.epoch });
    const finish = async (): Promise<void> => {
      const grown = await made;
      history.grown(grown, begun, clock.now());
      if (grown.failed.length > 0) tellFailures(logger, grown, history.value(0).failures);
      await storeResult(database, id, resultOf({ started: grown.started, failed: grown.failed }));
      options.wake();
    };
    // Making the containers goes on beside the next rounds: what is wanted already counts as starting.
    background(finish());
  };

  const shrink = async (id: string, decision: ScalingDecision, seen: ScalingSnapshot): Promise<void> => {
    logger.info({ count: decision.count, formula: decision.formula }, 'Scaling down');
    const keep = Math.max(seen.resting, seen.total - decision.count);
    const removed = await fleet.shrink({ most: decision.count, keep, epoch: term.epoch });
    await storeResult(database, id, resultOf({ removed }));
  };

  const tell = (decision: ScalingDecision): void => {
    if (decision.state === state) return;
    const { limits, formula, missing } = decision;
    if (decision.state === 'limited') logger.warn({ limits, formula, missing }, 'the pool is limited');
    else if (state === 'limited') logger.info({ formula }, 'the pool is limited no more');
    state = decision.state;
  };

  const round = async (): Promise<number> => {
    const [{ snapshot, claims }, policy] = await Promise.all([options.look(), options.policy()]);
    const now = clock.now();
    const past = history.value(claims);
    const decision = decide(snapshot, policy, past, now);
    history.surplus(surplusOf(snapshot, policy, decision.needed) > 0, now);
    const record = {
      snapshot: { ...snapshot, memoryRoom: coarse(snapshot.memoryRoom) },
      policy,
      history: past,
      decision,
    };
    const id = await term.transaction((tx) => storeDecision(tx, term.epoch, record));
    tell(decision);
    if (decision.action === 'shrink') await shrink(id, decision, snapshot);
    if (decision.action === 'grow') await grow(id, decision, policy);
    return settlesIn(decision, policy, history.value(claims), now);
  };

  return {
    async begin() {
      const [last] = await listDecisions(database, { limit: 1 });
      if (last !== undefined) history.inherit(last.history);
    },
    async round() {
      try {
        return await round();
      } catch (error) {
        if (!term.signal.aborted)
          logger.warn({ err: error }, 'the autoscaler could not look or decide; it tries again');
        return Infinity;
      }
    },
    hear({ type, state: registered, container }) {
      if (type === 'registered' && registered === 'waiting') history.registered(container, clock.now());
      options.wake();
    },
    async end() {
      await Promise.all(underWay);
    },
  };
}

/** Memory changes with every breath of the host; a stored round that differs in nothing else is the same round. */
function coarse(room: number | null): number | null {
  return room === null || room < 50 ? room : Math.floor(room / 50) * 50;
}

function resultOf(part: {
  readonly started?: readonly string[];
  readonly removed?: readonly string[];
  readonly failed?: Grown['failed'];
}): ScalingResult {
  const { started = [], removed = [], failed = [] } = part;
  const sentence = (error: unknown): string =>
    isBotpoolError(error) ? `${error.code} ${JSON.stringify(error.data)}` : String(error);
  return {
    started: [...started],
    removed: [...removed],
    failed: failed.map(({ container, error }) => `${container}: ${sentence(error)}`),
  };
}

function tellFailures(logger: Logger, { failed }: Grown, failures: number): void {
  const [first] = failed;
  logger.error(
    { err: first?.error, containers: failed.map(({ container }) => container), failures },
    'bots could not be started; the autoscaler waits before it tries again',
  );
}

/** What the autoscaler has learnt in this term and before. */
class History {
  #startMs = START_MS;
  #surplusSince: number | null = null;
  #failures = 0;
  #failedAt: number | null = null;
  #engineFull = false;
  /** By container, since when it has been wanted. */
  readonly #wanted = new Map<string, number>();

  inherit({ startMs, surplusSince, failures, failedAt, engineFull }: ScalingHistory): void {
    this.#startMs = startMs;
    this.#surplusSince = surplusSince;
    this.#failures = failures;
    this.#failedAt = failedAt;
    this.#engineFull = engineFull;
  }

  surplus(there: boolean, now: number): void {
    // The clock may have been set back since.
    this.#surplusSince = there ? Math.min(this.#surplusSince ?? now, now) : null;
  }

  grown({ started, failed }: Grown, begun: number, now: number): void {
    for (const container of started) this.#wanted.set(container, begun);
    if (failed.length > 0) {
      this.#failures += 1;
      this.#failedAt = now;
      this.#engineFull = failed.some(({ error }) => isBotpoolError(error, 'engine_full'));
    } else if (started.length > 0) {
      this.#failures = 0;
      this.#failedAt = null;
      this.#engineFull = false;
    }
  }

  registered(container: string, now: number): void {
    const since = this.#wanted.get(container);
    if (since === undefined) return;
    this.#wanted.delete(container);
    this.#startMs = Math.round(this.#startMs * (1 - WEIGHT) + (now - since) * WEIGHT);
  }

  value(claims: number): ScalingHistory {
    return {
      ...{ claims, claimsWindowMs: CLAIMS_WINDOW_MS, startMs: this.#startMs, surplusSince: this.#surplusSince },
      ...{ failures: this.#failures, failedAt: this.#failedAt, engineFull: this.#engineFull },
    };
  }
}
