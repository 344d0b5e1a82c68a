/** Owns the pool: its well-known summary, and its size. */
import { show } from '#bot-runtime/runtime/dialog/screen.ts';
import { bar, percent } from '../domain/bars.ts';
import { ask, button, type Turn } from '../turn.ts';

/** From this share on, the pool counts as nearly full. */
export const NEARLY_FULL = 0.8;

/** How many bots there are, how many are free, and how full that is. */
export async function pool(turn: Turn): Promise<void> {
  const { ctx, texts } = turn;
  const summary = await ask(turn, 'pool.summary', {});
  const busy = summary.total - summary.waiting;
  const share = summary.total === 0 ? 0 : busy / summary.total;
  const facts = { ...summary, busy, free: summary.waiting, bar: bar(share), percent: percent(share) };
  const alert = summary.total > 0 && share > NEARLY_FULL ? `\n\n${texts.html('pool-nearly-full', facts)}` : '';
  const queue = summary.queued > 0 ? `\n${texts.html('pool-queue', facts)}` : '';
  await show(ctx, `${texts.html('pool', facts)}${queue}${alert}`, [[button(texts, 'button-refresh', 'p')]]);
}

/** Asks before the pool shrinks; grows it at once. */
export async function scale(turn: Turn, word: string): Promise<void> {
  const { ctx, texts } = turn;
  const bots = /^\d{1,3}$/.test(word) ? Number(word) : undefined;
  if (bots === undefined || bots > 500) return void (await show(ctx, texts.html('scale-usage')));
  const { containers } = await ask(turn, 'pool.summary', {});
  if (bots >= containers) return await scaleTo(turn, bots);
  await show(ctx, texts.html('ask-scale', { bots, containers }), [
    [button(texts, 'button-scale-yes', 'sc', bots)],
    [button(texts, 'button-no', 'no')],
  ]);
}

/** Does it. */
export async function scaleTo(turn: Turn, bots: number): Promise<void> {
  const done = await ask(turn, 'pool.scale', { bots });
  await show(turn.ctx, turn.texts.html('scaled', done), [[button(turn.texts, 'button-pool', 'p')]]);
}
