/** Owns the picture of a day: a column for each member, their hours, visits and absences. Pure: an SVG goes out. */
import { escapeSvg, PICTURE_FONT } from '#bot-runtime/runtime/picture.ts';
import type { Interval } from './interval.ts';

/** What one member's day consists of. Minutes of the wall clock; a visit that began before the day begins at 0. */
export interface DayColumn {
  readonly name: string;
  readonly open: readonly Interval[];
  readonly visits: readonly (Interval & { readonly title: string; readonly customer: string })[];
  readonly away: readonly Interval[];
}

const LEFT = 64;
const TOP = 96;
const COLUMN = 220;
const HOUR = 64;
const SMALLEST = 22;

/** Draws the day from the first hour that matters to the last. `now`: a line at this minute. */
export function drawTimetable(
  title: string,
  columns: readonly DayColumn[],
  clock: (minutes: number) => string,
  now: number | undefined,
): string {
  const [first, last] = rangeOf(columns);
  const width = LEFT + Math.max(1, columns.length) * COLUMN + 16;
  const height = TOP + (last - first) * HOUR + 24;
  const y = (minutes: number): number => TOP + (Math.min(Math.max(minutes, first * 60), last * 60) / 60 - first) * HOUR;
  const hours = Array.from({ length: last - first + 1 }, (_, index) => first + index).map((hour) => [
    `<line x1="${LEFT - 6}" y1="${y(hour * 60)}" x2="${width - 12}" y2="${y(hour * 60)}" stroke="#dee2e6"/>`,
    text(LEFT - 12, y(hour * 60) + 5, clock(hour * 60), { anchor: 'end', color: '#868e96' }),
  ]);
  const drawn = columns.map((column, index) => drawColumn(column, LEFT + index * COLUMN, y));
  const line =
    now === undefined || now < first * 60 || now > last * 60
      ? ''
      : `<line x1="${LEFT - 6}" y1="${y(now)}" x2="${width - 12}" y2="${y(now)}" stroke="#e03131" stroke-width="2"/>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="${PICTURE_FONT}">`,
    `<rect width="${width}" height="${height}" fill="#f1f3f5"/>`,
    text(LEFT, 40, title, { size: 22, weight: 700 }),
    ...drawn.map(({ background }) => background),
    ...hours.flat(),
    line,
    ...drawn.map(({ foreground }) => foreground),
    '</svg>',
  ].join('\n');
}

function drawColumn(
  { name, open, visits, away }: DayColumn,
  x: number,
  y: (minutes: number) => number,
): { readonly background: string; readonly foreground: string } {
  const box = ({ from, to }: Interval, fill: string, extra = ''): string =>
    `<rect x="${x + 2}" y="${y(from)}" width="${COLUMN - 10}" height="${Math.max(0, y(to) - y(from))}" fill="${fill}" ${extra}/>`;
  const background = [
    text(x + 4, TOP - 18, cut(name, 18), { size: 16, weight: 700 }),
    ...open.map((each) => box(each, '#ffffff')),
    ...away.map((each) => box(each, '#ced4da')),
  ];
  const foreground = visits.map(({ from, to, title, customer }) => {
    const height = Math.max(SMALLEST, y(to) - y(from) - 2);
    const second =
      height >= 2 * SMALLEST ? text(x + 12, y(from) + 38, cut(title, 25), { size: 12, color: '#495057' }) : '';
    return [
      `<rect x="${x + 4}" y="${y(from) + 1}" width="${COLUMN - 14}" height="${height}" rx="6" fill="#d0ebff" stroke="#339af0"/>`,
      text(x + 12, y(from) + 18, cut(customer, 22), { size: 14, weight: 700 }),
      second,
    ].join('');
  });
  return { background: background.join('\n'), foreground: foreground.join('\n') };
}

/** The hours that are drawn: those in which somebody works or has a visit, at least four. */
function rangeOf(columns: readonly DayColumn[]): readonly [number, number] {
  const all = columns.flatMap(({ open, visits }) => [...open, ...visits]);
  const first = Math.floor(Math.min(...all.map(({ from }) => from), 1_200) / 60);
  const last = Math.ceil(Math.max(...all.map(({ to }) => to), 0) / 60);
  return all.length === 0 ? [9, 18] : [Math.min(first, 20), Math.min(24, Math.max(last, Math.min(first, 20) + 4))];
}

function text(
  x: number,
  y: number,
  content: string,
  {
    size = 13,
    weight = 400,
    color = '#212529',
    anchor = 'start',
  }: { size?: number; weight?: number; color?: string; anchor?: string } = {},
): string {
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${color}">${escapeSvg(content)}</text>`;
}

function cut(content: string, most: number): string {
  const letters = [...content];
  return letters.length <= most ? content : `${letters.slice(0, most - 1).join('')}…`;
}
