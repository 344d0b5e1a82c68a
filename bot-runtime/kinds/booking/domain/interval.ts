/** Owns arithmetic over half-open intervals of instants. It knows no calendar. */

/** `[from, to)` in milliseconds since the epoch. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** True when the two share any instant. */
export function overlaps(a: Interval, b: Interval): boolean {
  return a.from < b.to && b.from < a.to;
}

/** Sorted, without empty ones, with overlapping ones joined. Those that only touch stay apart. */
export function merged(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals.filter(({ from, to }) => from < to).toSorted((a, b) => a.from - b.from);
  const result: Interval[] = [];
  for (const next of sorted) {
    const last = result.at(-1);
    if (last !== undefined && next.from < last.to) {
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, next.to) };
    } else {
      result.push(next);
    }
  }
  return result;
}
