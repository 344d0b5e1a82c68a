/** Owns what was sold: the orders, and what came in by month as a picture. */
import { InputFile } from 'grammy';
import { barChart } from '#bot-runtime/runtime/bar-chart.ts';
import { type Button, show } from '#bot-runtime/runtime/dialog/screen.ts';
import { drawPicture } from '#bot-runtime/runtime/picture.ts';
import { ask, button, data, type MasterTexts, type Turn } from '../turn.ts';

/** One page of the orders. */
export async function orders(turn: Turn, page: number, open: boolean): Promise<void> {
  const { ctx, texts } = turn;
  const { rows, total, pages } = await ask(turn, 'orders.list', { page, open });
  const lines = rows.map((order) =>
    texts.html('order-line', {
      number: String(order.number),
      state: order.state,
      company: order.company ?? order.clientId ?? '—',
      plan: order.plan ?? '—',
      amount: order.amount === null ? '—' : money(order.amount, order.currency ?? 'RUB', texts),
      reason: order.reason ?? '',
    }),
  );
  const at = (to: number): string => data('o', to, open ? 1 : 0);
  const steps: Button[] = [
    ...(page > 0 ? [{ text: '‹', data: at(page - 1) }] : []),
    ...(page + 1 < pages ? [{ text: '›', data: at(page + 1) }] : []),
  ];
  const html = total === 0 ? texts.html('orders-none') : texts.html('orders', { total, page: page + 1, pages });
  await show(ctx, [html, ...lines].join('\n'), [
    steps,
    [button(texts, open ? 'button-orders-all' : 'button-orders-open', 'o', 0, open ? 0 : 1)],
  ]);
}

function money(amount: number, currency: string, { locale }: MasterTexts): string {
  const tag = locale === 'ru' ? 'ru-RU' : 'en-GB';
  const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol', maximumFractionDigits: 0 } as const;
  return new Intl.NumberFormat(tag, style).format(amount / 100);
}

/** What came in, as a picture with its sums. */
export async function revenue(turn: Turn): Promise<void> {
  const { ctx, texts } = turn;
  const { months, currency, clients } = await ask(turn, 'revenue', {});
  const sum = (of: (month: (typeof months)[number]) => number): number => months.reduce((all, one) => all + of(one), 0);
  const last = months.at(-1);
  const caption = texts.html('revenue', {
    month: money((last?.paid ?? 0) - (last?.refunded ?? 0), currency, texts),
    year: money(
      sum(({ paid, refunded }) => paid - refunded),
      currency,
      texts,
    ),
    refunded: money(
      sum(({ refunded }) => refunded),
      currency,
      texts,
    ),
    payments: sum(({ count }) => count),
    clients,
  });
  const nameOf = new Intl.DateTimeFormat(texts.locale, { month: 'short', timeZone: 'UTC' });
  const bars = months.map(({ month, paid, refunded }) => ({
    label: nameOf.format(new Date(`${month}-01T00:00:00Z`)),
    value: (paid - refunded) / 100,
  }));
  const png = await drawPicture(barChart(texts.plain('revenue-title', { currency }), bars, texts.locale));
  await ctx.replyWithPhoto(new InputFile(png, 'revenue.png'), { caption, parse_mode: 'HTML' });
}
