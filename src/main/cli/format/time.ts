/** Times as people say them. Pure. */
import type { Locale } from '#shared/schemas/tenant.ts';

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** How long ago something was: "3 min. ago", "2 ч назад". */
export function ago(since: number, now: number, locale: Locale): string {
  const passed = Math.max(0, now - since);
  const [unit, size] = UNITS.find(([, ms]) => passed >= ms) ?? ['second', 1_000];
  const format = new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'always' });
  return format.format(-Math.floor(passed / size), unit);
}

/** Seconds with one digit: "0.4 s". */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** An instant of the past: ISO 8601, or a span such as `90s`, `10m`, `2h`, `3d` before now. */
export function parseSince(text: string, now: number): number | undefined {
  const span = /^(\d+)(s|m|h|d)$/.exec(text);
  if (span !== null)
    return now - Number(span[1]) * { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[span[2] as 's'];
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
