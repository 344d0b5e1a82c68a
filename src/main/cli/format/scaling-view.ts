/** The autoscaler's decisions as text for people. Pure. */
import type { ScalingComparison, ScalingDecisionView, ScalingView } from '#shared/api/scaling.ts';
import type { Locale } from '#shared/schemas/tenant.ts';
import { decisionSentences } from '#shared/texts/scaling-sentences.ts';
import { translate } from '#shared/texts/translate.ts';
import { table } from './table.ts';

/** How it stands now, the policy, and the decisions, newest first. */
export function drawScaling(view: ScalingView, now: ScalingDecisionView | undefined, locale: Locale): string {
  const by = view.leader ?? translate('cli-scaling-nobody', {}, locale);
  const head = now === undefined ? translate('cli-scaling-none', {}, locale) : sentences(now, locale);
  const policy = translate('cli-scaling-policy', { words: view.words, leader: by }, locale);
  const rows = view.decisions.map((one) => row(one, locale));
  const columns = ['cli-column-at', 'cli-column-decision', 'cli-column-why', 'cli-column-result'] as const;
  const names = columns.map((key) => translate(key, {}, locale));
  return [head, policy, ...(rows.length === 0 ? [] : ['', table(names, rows)])].join('\n');
}

/** What holds the pool back is marked. */
function sentences(now: ScalingDecisionView, locale: Locale): string {
  const [reason, ...limits] = decisionSentences(now, locale);
  return [reason, ...limits.map((limit) => `! ${limit}`)].join('\n');
}

function row({ at, decision, result, times }: ScalingDecisionView, locale: Locale): string[] {
  const { action, count, formula, limits } = decision;
  const sign = { grow: `+${count}`, shrink: `-${count}`, hold: '=' }[action];
  const why = limits.length === 0 ? formula : `${formula} [${limits.join(', ')}]`;
  const failed = result?.failed ?? [];
  const came =
    result === null
      ? ''
      : translate(
          'cli-scaling-result',
          { started: result.started.length, removed: result.removed.length, failed: failed.length },
          locale,
        );
  return [at.toISOString().slice(0, 19).replace('T', ' '), times > 1 ? `${sign} ×${times}` : sign, why, came];
}

/** Two policies beside each other. */
export function drawComparison(comparison: ScalingComparison, locale: Locale): string {
  const { present, other, replayed, claims, decisions, differences } = comparison;
  const hours = Math.round((comparison.until.getTime() - comparison.from.getTime()) / 360_000) / 10;
  const head = translate('cli-simulate-head', { hours: String(hours), claims, decisions }, locale);
  const seconds = (ms: number): string => `${Math.round(ms / 100) / 10}`;
  const lines = [
    ['cli-simulate-started', (one: typeof replayed.other) => String(one.botsStarted)],
    ['cli-simulate-removed', (one: typeof replayed.other) => String(one.botsRemoved)],
    ['cli-simulate-peak', (one: typeof replayed.other) => String(one.peakBots)],
    ['cli-simulate-waited', (one: typeof replayed.other) => String(one.clientsWaited)],
    ['cli-simulate-longest', (one: typeof replayed.other) => seconds(one.longestWaitMs)],
    ['cli-simulate-below', (one: typeof replayed.other) => seconds(one.belowLineMs)],
    ['cli-simulate-empty', (one: typeof replayed.other) => seconds(one.emptyMs)],
    ['cli-simulate-hours', (one: typeof replayed.other) => String(one.botHours)],
  ] as const;
  const rows = lines.map(([key, value]) => [
    translate(key, {}, locale),
    value(replayed.present),
    value(replayed.other),
  ]);
  const names = ['', translate('cli-simulate-present', {}, locale), translate('cli-simulate-other', {}, locale)];
  const changed = differences.map(({ at, formula, was, would }) => {
    const act = (one: typeof was): string => `${one.action} ${one.count}`;
    return `${at.toISOString().slice(0, 19).replace('T', ' ')}  ${act(was)} → ${act(would)}  ${formula}`;
  });
  const tail = changed.length === 0 ? [translate('cli-simulate-same', {}, locale)] : changed;
  return [head, `  ${present}`, `  ${other}`, '', table(names, rows), '', ...tail].join('\n');
}
