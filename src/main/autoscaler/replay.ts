/** What another policy would have done with the demand of the past: the same decision code over a small model. Pure. */
import type { ScalingHistory, ScalingPolicy, ScalingSnapshot } from '#shared/schemas/scaling.ts';
import { decide, surplusOf } from './decide.ts';

/** A bot was claimed, or given back. In order of time. */
export interface DemandEvent {
  readonly at: number;
  readonly type: 'claim' | 'end';
}

/** How the time that is replayed began. */
export interface ReplayOptions {
  readonly from: number;
  readonly until: number;
  /** Size of the pool when it began, and when nobody needs more. */
  readonly resting: number;
  /** Clients that had a bot when it began. */
  readonly serving: number;
  /** From the wish for a bot to its waiting. */
  readonly startMs: number;
  /** The safety net under the events. */
  readonly checkMs: number;
}

/** What a policy came to. */
export interface ReplayFigures {
  readonly botsStarted: number;
  readonly botsRemoved: number;
  readonly peakBots: number;
  /** Clients that found no bot free. */
  readonly clientsWaited: number;
  readonly longestWaitMs: number;
  /** How long fewer bots were free than the policy asks for. */
  readonly belowLineMs: number;
  readonly emptyMs: number;
  readonly botHours: number;
}

const CLAIMS_WINDOW_MS = 900_000;

/** Replays a demand against a policy. */
export function replay(demand: readonly DemandEvent[], policy: ScalingPolicy, options: ReplayOptions): ReplayFigures {
  const model = new Model(policy, options);
  const events = [...demand];
  let now = options.from;
  model.settle(now);
  while (now < options.until) {
    const next = Math.min(events[0]?.at ?? Infinity, model.nextReady(), now + options.checkMs, options.until);
    model.pass(next - now);
    now = next;
    while (events[0] !== undefined && events[0].at <= now) model.happen(events.shift()?.type ?? 'claim', now);
    model.settle(now);
  }
  return model.figures();
}

class Model {
  readonly #policy: ScalingPolicy;
  readonly #options: ReplayOptions;
  #waiting: number;
  #serving: number;
  readonly #ready: number[] = [];
  readonly #queue: number[] = [];
  #claims: number[] = [];
  #surplusSince: number | null = null;
  #needed = 0;
  readonly #sums = { started: 0, removed: 0, peak: 0, waited: 0, longest: 0, below: 0, empty: 0, botMs: 0 };

  constructor(policy: ScalingPolicy, options: ReplayOptions) {
    this.#policy = policy;
    this.#options = options;
    this.#serving = options.serving;
    this.#waiting = Math.max(0, options.resting - options.serving);
  }

  nextReady(): number {
    return this.#ready[0] ?? Infinity;
  }

  pass(ms: number): void {
    const { length: starting } = this.#ready;
    this.#sums.botMs += ms * (this.#waiting + this.#serving + starting);
    if (this.#waiting < this.#needed) this.#sums.below += ms;
    if (this.#waiting === 0) this.#sums.empty += ms;
  }

  happen(type: DemandEvent['type'], now: number): void {
    if (type === 'claim') {
      this.#claims.push(now);
      this.#queue.push(now);
    } else if (this.#serving > 0) {
      this.#serving -= 1;
      this.#waiting += 1;
    }
  }

  /** Bots that are ready wait, clients that wait get them, and the policy has its word. */
  settle(now: number): void {
    while ((this.#ready[0] ?? Infinity) <= now) {
      this.#ready.shift();
      this.#waiting += 1;
    }
    while (this.#queue.length > 0 && this.#waiting > 0) {
      const waitedMs = now - (this.#queue.shift() ?? now);
      this.#waiting -= 1;
      this.#serving += 1;
      if (waitedMs > 0) this.#sums.waited += 1;
      this.#sums.longest = Math.max(this.#sums.longest, waitedMs);
    }
    this.#decide(now);
  }

  #decide(now: number): void {
    this.#claims = this.#claims.filter((at) => at > now - CLAIMS_WINDOW_MS);
    const total = this.#waiting + this.#serving + this.#ready.length;
    const snapshot: ScalingSnapshot = {
      ...{ waiting: this.#waiting, starting: this.#ready.length, stuck: 0, serving: this.#serving, total },
      ...{ queued: this.#queue.length, reserved: 0, resting: this.#options.resting, memoryRoom: null },
    };
    const history: ScalingHistory = {
      ...{ claims: this.#claims.length, claimsWindowMs: CLAIMS_WINDOW_MS, startMs: this.#options.startMs },
      ...{ surplusSince: this.#surplusSince, failures: 0, failedAt: null, engineFull: false },
    };
    const { action, count, needed } = decide(snapshot, this.#policy, history, now);
    this.#needed = needed;
    this.#surplusSince = surplusOf(snapshot, this.#policy, needed) > 0 ? (this.#surplusSince ?? now) : null;
    if (action === 'grow') {
      for (let index = 0; index < count; index += 1) this.#ready.push(now + this.#options.startMs);
      this.#sums.started += count;
    } else if (action === 'shrink') {
      this.#waiting -= count;
      this.#sums.removed += count;
      this.#surplusSince = null;
    }
    this.#sums.peak = Math.max(this.#sums.peak, this.#waiting + this.#serving + this.#ready.length);
  }

  figures(): ReplayFigures {
    const { started, removed, peak, waited, longest, below, empty, botMs } = this.#sums;
    const left = this.#queue.length;
    const oldest = this.#queue[0];
    return {
      ...{ botsStarted: started, botsRemoved: removed, peakBots: peak, clientsWaited: waited + left },
      longestWaitMs: Math.max(longest, oldest === undefined ? 0 : this.#options.until - oldest),
      ...{ belowLineMs: below, emptyMs: empty, botHours: Math.round((botMs / 3_600_000) * 100) / 100 },
    };
  }
}
