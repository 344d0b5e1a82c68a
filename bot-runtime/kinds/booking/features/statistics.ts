/** Owns the figures of the business as a picture with its numbers below. */
import { InputFile } from 'grammy';
import { barChart } from '#bot-runtime/runtime/bar-chart.ts';
import { drawPicture } from '#bot-runtime/runtime/picture.ts';
import { answerPress, type Turn } from '../dialog/turn.ts';
import { addDays } from '../domain/zone.ts';
import { type Button, keyboard } from '../keyboards/buttons.ts';
import type { MessageKey } from '../locales/catalogue.generated.ts';
import { type Figures, figuresOf, visitsByPart } from '../repository/statistics.ts';
import { backToMenu } from './owner-menu.ts';
import { todayOf } from './when.ts';

/** How long a time each button covers, and in which parts it is drawn. */
const PERIODS = [
  { days: 7, part: 'day', label: 'period-week' },
  { days: 30, part: 'day', label: 'period-month' },
  { days: 91, part: 'week', label: 'period-quarter' },
  { days: 365, part: 'month', label: 'period-year' },
] as const satisfies readonly {
  readonly days: number;
  readonly part: 'day' | 'week' | 'month';
  readonly label: MessageKey;
}[];

/** Sends the picture of a time that ends today, beside the same time before. */
export async function showStatistics(turn: Turn, days: number): Promise<void> {
  const { ctx, texts, desk, settings } = turn;
  const period = PERIODS.find((each) => each.days === days);
  if (period === undefined) return await answerPress(ctx, texts.plain('button-old'), true);
  const { database } = desk.services;
  const today = todayOf(turn);
  const at = (back: number): number => settings.zone.instants(addDays(today, 1 - back), 0, 1_440).at(0)?.from ?? 0;
  const [from, to] = [at(days), at(0)];
  const [figures, before, parts] = await Promise.all([
    figuresOf(database, from, to, settings.currency),
    figuresOf(database, at(2 * days), from, settings.currency),
    visitsByPart(database, { from, to, part: period.part, zone: settings.zone.name }),
  ]);
  const format = new Intl.DateTimeFormat(texts.locale === 'ru' ? 'ru-RU' : 'en-GB', {
    timeZone: 'UTC',
    ...(period.part === 'month' ? { month: 'short' } : { day: 'numeric', month: 'numeric' }),
  });
  const bars = parts.map(({ day, visits }) => ({ label: format.format(new Date(`${day}T00:00:00Z`)), value: visits }));
  const title = texts.plain('statistics-title', { period: texts.plain(period.label) });
  const png = await drawPicture(barChart(title, bars, texts.locale));
  const others = PERIODS.filter((each) => each !== period).map(
    (each): Button => [texts.plain(each.label), { kind: 'statistics', days: each.days }],
  );
  await ctx.replyWithPhoto(new InputFile(png, 'visits.png'), {
    caption: captionOf(turn, figures, before),
    parse_mode: 'HTML',
    reply_markup: keyboard([others, [backToMenu(turn)]]),
  });
}

function captionOf({ texts, formats, settings }: Turn, figures: Figures, before: Figures): string {
  const { visits, missed, cancelled, income, customers, newcomers, stars, favourites } = figures;
  const lines = [
    texts.html('statistics-visits', { visits, before: before.visits }),
    texts.html('statistics-income', {
      income: formats.money(income, settings.currency),
      before: formats.money(before.income, settings.currency),
    }),
    texts.html('statistics-lost', { missed, cancelled }),
    texts.html('statistics-customers', { customers, newcomers }),
    ...(stars === undefined ? [] : [texts.html('statistics-stars', { stars: stars.toFixed(1) })]),
    ...favourites.map(({ service, count }) => texts.html('statistics-favourite', { service, count })),
  ];
  return lines.join('\n');
}
