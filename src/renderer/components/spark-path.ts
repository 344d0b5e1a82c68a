/** The path of a small chart. Pure. */

/** `width` and `height` in the units of the drawing; the scale goes from 0 to `max`, or to the highest value. */
export function sparkPath(
  points: readonly (readonly [at: number, value: number])[],
  width: number,
  height: number,
  max?: number,
): { readonly line: string; readonly area: string } {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return { line: '', area: '' };
  const span = Math.max(1, last[0] - first[0]);
  const top = Math.max(max ?? 0, ...points.map(([, value]) => value), 1e-9);
  const place = ([at, value]: readonly [number, number]): string =>
    `${round(((at - first[0]) / span) * width)} ${round(height - 2 - (value / top) * (height - 4))}`;
  const line = `M${points.map(place).join('L')}`;
  return { line, area: `${line}L${round(((last[0] - first[0]) / span) * width)} ${height}L0 ${height}Z` };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
