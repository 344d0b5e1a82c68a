/** What the autoscaler decided, and where what is there differs from what is wanted, as sentences for people. Pure. */
import type { ScalingDecisionView } from '../api/scaling.ts';
import type { Divergence } from '../schemas/divergence.ts';
import type { Locale } from '../schemas/tenant.ts';
import { translate } from './translate.ts';

/** One decision: a sentence that says what is the case and why, then one for each limit with what to do about it. */
export function decisionSentences(
  { decision, snapshot, history }: ScalingDecisionView,
  locale: Locale,
): [reason: string, ...limits: string[]] {
  const { waiting, serving, total } = snapshot;
  const facts = { count: decision.count, needed: decision.needed, missing: decision.missing, waiting, serving, total };
  const reason = translate(`scaling-${dashed(decision.reason)}`, facts, locale);
  const limits = decision.limits.map((limit) =>
    translate(`scaling-limit-${dashed(limit)}`, { total, failures: history.failures, stuck: snapshot.stuck }, locale),
  );
  const { starting, stuck, queued } = snapshot;
  const { free, rule } = decision;
  const sum = translate('scaling-sum', { waiting, starting, stuck, free, rule, queued }, locale);
  return [`${reason} (${sum})`, ...limits];
}

/** One divergence as one sentence. */
export function divergenceSentence({ kind, target, data }: Divergence, locale: Locale): string {
  return translate(`divergence-${dashed(kind)}`, { target, ...data }, locale);
}

function dashed<T extends string>(name: T): ReplaceUnderscore<T> {
  return name.replaceAll('_', '-') as ReplaceUnderscore<T>;
}

/** `below_line` → `below-line`, also for the compiler, so that every text is known to be there. */
type ReplaceUnderscore<T extends string> = T extends `${infer A}_${infer B}` ? `${A}-${ReplaceUnderscore<B>}` : T;
