/** Two policies beside each other over the same past. */
import type { Queryable } from '#core/postgres/database.ts';
import type { ScalingPolicy } from '#shared/schemas/scaling.ts';
import { decide } from './decide.ts';
import { type ReplayFigures, replay } from './replay.ts';
import { listDecisions, readDemand, type StoredDecision } from './store.ts';

/** One stored decision that the other policy would have made differently. */
export interface Difference {
  readonly at: Date;
  readonly formula: string;
  readonly was: { readonly action: string; readonly count: number };
  readonly would: { readonly action: string; readonly count: number };
}

/** What would have differed. */
export interface Comparison {
  readonly from: Date;
  readonly until: Date;
  /** Activations within that time. */
  readonly claims: number;
  readonly present: ScalingPolicy;
  readonly other: ScalingPolicy;
  /** The whole time replayed, from the same beginning, with each of the two. */
  readonly replayed: { readonly present: ReplayFigures; readonly other: ReplayFigures };
  /** How many stored decisions were looked at, and those of them that would have differed, newest first. */
  readonly decisions: number;
  readonly differences: readonly Difference[];
}

const MOST_DECISIONS = 20_000;
const MOST_DIFFERENCES = 20;

/** See the file's head. */
export async function compare(
  db: Queryable,
  present: ScalingPolicy,
  other: ScalingPolicy,
  options: { readonly hours: number; readonly now: number; readonly checkMs: number },
): Promise<Comparison> {
  const since = options.now - options.hours * 3_600_000;
  const stored = (await listDecisions(db, { limit: MOST_DECISIONS })).filter(({ lastAt }) => lastAt.getTime() >= since);
  const first = stored.at(-1);
  const from = Math.max(since, first?.at.getTime() ?? options.now);
  const demand = await readDemand(db, from);
  const { resting = 0, serving = 0 } = first?.snapshot ?? {};
  const startMs = stored[0]?.history.startMs ?? 3_000;
  const setting = { from, until: options.now, resting, serving, startMs, checkMs: options.checkMs };
  const differences = stored.flatMap((one) => difference(one, other));
  return {
    ...{ from: new Date(from), until: new Date(options.now), present, other },
    claims: demand.filter(({ type }) => type === 'claim').length,
    replayed: { present: replay(demand, present, setting), other: replay(demand, other, setting) },
    decisions: stored.length,
    differences: differences.slice(0, MOST_DIFFERENCES),
  };
}

function difference({ snapshot, history, decision, at }: StoredDecision, policy: ScalingPolicy): Difference[] {
  const would = decide(snapshot, policy, history, at.getTime());
  if (would.action === decision.action && would.count === decision.count) return [];
  return [
    {
      at,
      formula: would.formula,
      was: { action: decision.action, count: decision.count },
      would: { action: would.action, count: would.count },
    },
  ];
}
