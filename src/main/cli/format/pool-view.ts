/** The pool's status as text for people. Pure. */
import { fromFailure } from '#shared/api/failure.ts';
import type { PoolBot, PoolStatus } from '#shared/api/pool.ts';
import type { Locale } from '#shared/schemas/tenant.ts';
import { BOT_STATES } from '#shared/state/bot-state.ts';
import { describeError, translate } from '#shared/texts/translate.ts';
import { shortName } from './containers.ts';
import { bar, table } from './table.ts';
import { ago } from './time.ts';

const BAR_WIDTH = 24;

/** How to draw. */
export interface PoolViewOptions {
  readonly locale: Locale;
  readonly now: number;
  /** A bar says nothing to a program that reads a pipe. */
  readonly withBar: boolean;
}

/** Counts in one line: `total 10, waiting 9, …`. */
export function countsLine(status: PoolStatus, locale: Locale): string {
  const { total, waiting, activating, active, failed, draining, queued } = status;
  return translate('cli-status-counts', { total, waiting, activating, active, failed, draining, queued }, locale);
}

/** Fill, counts, and one row for each bot, with what is wrong below. */
export function drawPool(status: PoolStatus, options: PoolViewOptions): string {
  const { locale } = options;
  if (status.total === 0) return translate('cli-status-empty', { queued: status.queued }, locale);
  const share = (status.active + status.activating) / status.total;
  const fill = translate('cli-status-fill', { percent: Math.round(share * 100) }, locale);
  const head = options.withBar ? `${bar(share, BAR_WIDTH)} ${fill}` : fill;
  const columns = ['cli-column-bot', 'cli-column-state', 'cli-column-client', 'cli-column-since'] as const;
  const rows = [...status.bots].sort(byState).map((bot) => rowOf(bot, options));
  const names = columns.map((key) => translate(key, {}, locale));
  return [head, countsLine(status, locale), '', table(names, rows), ...problems(status, locale)].join('\n');
}

function rowOf(bot: PoolBot, { locale, now }: PoolViewOptions): string[] {
  const mark = bot.problem === undefined ? '' : ' !';
  return [shortName(bot.container_id), `${bot.status}${mark}`, bot.client_id ?? '', ago(bot.since, now, locale)];
}

/** What needs a person comes first, what waits comes last. */
function byState(a: PoolBot, b: PoolBot): number {
  const rank = (bot: PoolBot): number =>
    bot.problem === undefined ? BOT_STATES.length - BOT_STATES.indexOf(bot.status) : 0;
  return rank(a) - rank(b) || a.pool_id - b.pool_id;
}

function problems(status: PoolStatus, locale: Locale): string[] {
  const lines = status.bots.flatMap((bot) => {
    if (bot.problem === undefined) return [];
    const facts = { container: bot.container_id, clientId: bot.client_id ?? '?' };
    const { code, data } = fromFailure({ code: bot.problem, data: facts });
    return [`! ${shortName(bot.container_id)}: ${describeError(code, data, locale, 'operator')}`];
  });
  return lines.length === 0 ? [] : ['', ...lines];
}
