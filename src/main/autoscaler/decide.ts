/** The autoscaler's decision: pure, and with its reason, so that it can be explained, stored and replayed. */
import type { ScalingDecision, ScalingHistory, ScalingPolicy, ScalingSnapshot } from '#shared/schemas/scaling.ts';
import { type Demand, demandOf } from './demand.ts';

/** After this pause a failed start is tried again; it doubles with every further one. Milliseconds. */
const BACK_OFF_MS = 5_000;
const BACK_OFF_MAX_MS = 300_000;

/** When starts are tried again after so many failures in a row. */
export function backOffMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(BACK_OFF_MAX_MS, BACK_OFF_MS * 2 ** Math.min(failures - 1, 10));
}

/** What is known when a decision is made. */
interface Sight {
  readonly snapshot: ScalingSnapshot;
  readonly policy: ScalingPolicy;
  readonly history: ScalingHistory;
  readonly now: number;
  readonly demand: Demand;
  readonly needed: number;
  readonly missing: number;
}

type Limit = ScalingDecision['limits'][number];

/** Decides what is to be done now. */
export function decide(
  snapshot: ScalingSnapshot,
  policy: ScalingPolicy,
  history: ScalingHistory,
  now: number,
): ScalingDecision {
  const demand = demandOf(snapshot, policy, history, now);
  const needed = demand.free + snapshot.queued;
  // Those that are stuck were counted on once; they are counted on no more.
  const have = snapshot.waiting + snapshot.starting - snapshot.stuck;
  const sight: Sight = { snapshot, policy, history, now, demand, needed, missing: Math.max(0, needed - have) };
  if (!policy.enabled) return decision(sight, { action: 'hold', count: 0, reason: 'off', state: 'off' });
  return sight.missing > 0 ? grow(sight) : shrink(sight);
}

/** Whole batches, as far as every limit allows. */
function grow(sight: Sight): ScalingDecision {
  const { policy, missing } = sight;
  const wish = Math.ceil(missing / policy.batch) * policy.batch;
  const rooms = limitsOf(sight);
  const count = Math.max(0, Math.min(wish, ...rooms.map(([, room]) => room)));
  const limits = rooms.filter(([, room]) => room < wish).map(([limit]) => limit);
  const limited = count < missing;
  if (count === 0) return decision(sight, { action: 'hold', count, reason: 'limited', limits, state: 'limited' });
  const state = limited ? 'limited' : 'filling';
  return decision(sight, { action: 'grow', count, reason: 'below_line', limits, state });
}

/** How long until time alone changes what was decided, in milliseconds; `Infinity`: only an event can. */
export function settlesIn(
  { action, reason, limits }: Pick<ScalingDecision, 'action' | 'reason' | 'limits'>,
  policy: ScalingPolicy,
  history: ScalingHistory,
  now: number,
): number {
  if (reason === 'cooling') return Math.max(0, (history.surplusSince ?? now) + policy.coolDownMs - now);
  const failed = limits.includes('back_off') || limits.includes('engine') ? history.failedAt : null;
  const left = failed === null ? 0 : failed + backOffMs(history.failures) - now;
  // A start that may be tried is tried in this round; what holds it back then is not the time.
  return action === 'hold' && left > 0 ? left : Infinity;
}

/** What each limit leaves room for. */
function limitsOf({ snapshot, policy, history, now }: Sight): readonly (readonly [Limit, number])[] {
  const rooms: (readonly [Limit, number])[] = [['maximum', policy.maxTotal - snapshot.total]];
  if (snapshot.memoryRoom !== null) rooms.push(['memory', snapshot.memoryRoom]);
  // A failure that lies ahead is one from before the clock was set back: it holds nothing up.
  const sinceFailure = history.failedAt === null ? -1 : now - history.failedAt;
  const waits = sinceFailure >= 0 && sinceFailure < backOffMs(history.failures);
  if (waits) rooms.push([history.engineFull ? 'engine' : 'back_off', 0]);
  // Bots that do not come up must not be made by the dozen: one shows whether the next ones would.
  else if (history.failures > 0) rooms.push([history.engineFull ? 'engine' : 'back_off', 1]);
  if (snapshot.stuck > 0) rooms.push(['stuck', snapshot.stuck >= policy.batch ? 0 : 1]);
  return rooms;
}

/** How many bots could go, if they have been too many for long enough. A batch more than needed is kept: no see-saw. */
export function surplusOf(snapshot: ScalingSnapshot, policy: ScalingPolicy, needed: number): number {
  return Math.max(0, snapshot.waiting - needed - policy.batch);
}

function shrink(sight: Sight): ScalingDecision {
  const { snapshot, policy, history, now, needed } = sight;
  const hold = (reason: ScalingDecision['reason']): ScalingDecision =>
    decision(sight, { action: 'hold', count: 0, reason, state: 'satisfied' });
  const surplus = surplusOf(snapshot, policy, needed);
  if (surplus === 0) return hold('enough');
  const aboveRest = Math.min(surplus, snapshot.total - snapshot.resting);
  if (aboveRest <= 0) return hold('resting');
  const unreserved = Math.min(aboveRest, snapshot.waiting - needed - snapshot.reserved);
  if (unreserved <= 0) return hold('reserved');
  if (history.surplusSince === null || now - history.surplusSince < policy.coolDownMs) return hold('cooling');
  return decision(sight, { action: 'shrink', count: unreserved, reason: 'surplus', state: 'satisfied' });
}

function decision(
  { snapshot, demand, needed, missing }: Sight,
  result: Pick<ScalingDecision, 'action' | 'count' | 'reason' | 'state'> & { readonly limits?: Limit[] },
): ScalingDecision {
  const { waiting, starting, stuck, queued } = snapshot;
  const have = `${waiting} waiting + ${starting} starting${stuck > 0 ? ` - ${stuck} stuck` : ''}`;
  const sign = missing > 0 ? '<' : '>=';
  return {
    ...{ limits: [], ...result },
    free: demand.free,
    rule: demand.rule,
    asked: demand.asked,
    needed,
    missing,
    formula: `${have} ${sign} ${demand.free} free (${demand.rule}) + ${queued} queued`,
  };
}
