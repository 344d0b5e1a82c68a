/** Owns the picture of what came in by month. Pure: the numbers come in, an SVG goes out. */
import { escapeSvg, PICTURE_FONT } from '#bot-runtime/runtime/picture.ts';

/** One month: `2026-11`, and what came in, in whole units of the currency. */
export interface MonthBar {
  readonly month: string;
  readonly net: number;
}

const WIDTH = 720;
const HEIGHT = 400;
const LEFT = 24;
const TOP = 70;
const BASE = 350;

/** Draws bars of equal width, each with its sum on top and its month below. */
export function revenueChart(title: string, bars: readonly MonthBar[], locale: 'ru' | 'en'): string {
  const most = Math.max(1, ...bars.map(({ net }) => net));
  const step = (WIDTH - 2 * LEFT) / Math.max(1, bars.length);
  const drawn = bars.map(({ month, net }, at) => {
    const height = Math.max(net > 0 ? 2 : 0, Math.round(((BASE - TOP - 20) * Math.max(0, net)) / most));
    const x = LEFT + at * step;
    const middle = x + step / 2;
    const color = at === bars.length - 1 ? '#2f9e44' : '#4dabf7';
    return [
      `<rect x="${x + 5}" y="${BASE - height}" width="${step - 10}" height="${height}" rx="4" fill="${color}"/>`,
      net === 0 ? '' : label(middle, BASE - height - 7, short(net, locale), 12, '#212529'),
      label(middle, BASE + 20, monthName(month, locale), 12, '#868e96'),
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="${PICTURE_FONT}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="40" font-size="20" font-weight="700" fill="#212529">${escapeSvg(title)}</text>`,
    `<line x1="${LEFT}" y1="${BASE}" x2="${WIDTH - LEFT}" y2="${BASE}" stroke="#ced4da"/>`,
    ...drawn,
    '</svg>',
  ].join('\n');
}

function label(x: number, y: number, text: string, size: number, color: string): string {
  return `<text x="${x}" y="${y}" font-size="${size}" text-anchor="middle" fill="${color}">${escapeSvg(text)}</text>`;
}

function short(value: number, locale: 'ru' | 'en'): string {
  return new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

function monthName(month: string, locale: 'ru' | 'en'): string {
  const format = new Intl.DateTimeFormat(locale, { month: 'short', timeZone: 'UTC' });
  return format.format(new Date(`${month}-01T00:00:00Z`));
}
