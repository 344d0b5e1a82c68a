/** Owns pictures of numbers over time. Pure: the numbers come in, an SVG goes out. */
import { escapeSvg, PICTURE_FONT } from './picture.ts';

/** One bar: what stands below it, and how much it is. */
export interface Bar {
  readonly label: string;
  readonly value: number;
}

const WIDTH = 720;
const HEIGHT = 400;
const LEFT = 24;
const TOP = 70;
const BASE = 350;
/** A label of this width is read without touching the next one. */
const MIN_STEP = 44;

/** Draws bars of equal width, each with its value on top and its label below as far as there is room. */
export function barChart(title: string, bars: readonly Bar[], locale: 'ru' | 'en'): string {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const step = (WIDTH - 2 * LEFT) / Math.max(1, bars.length);
  const every = Math.ceil(MIN_STEP / step);
  const drawn = bars.map(({ label: below, value }, at) => {
    const height = Math.max(value > 0 ? 2 : 0, Math.round(((BASE - TOP - 20) * Math.max(0, value)) / most));
    const x = LEFT + at * step;
    const middle = x + step / 2;
    const color = at === bars.length - 1 ? '#2f9e44' : '#4dabf7';
    return [
      `<rect x="${x + step * 0.1}" y="${BASE - height}" width="${step * 0.8}" height="${height}" rx="4" fill="${color}"/>`,
      value === 0 || step < MIN_STEP / 2 ? '' : label(middle, BASE - height - 7, short(value, locale), 12, '#212529'),
      (bars.length - 1 - at) % every === 0 ? label(middle, BASE + 20, below, 12, '#868e96') : '',
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
