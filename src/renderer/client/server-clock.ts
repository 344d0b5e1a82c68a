/**
 * What time it is at the control plane. Every instant on the screens is the control plane's; a machine whose clock is an
 * hour behind would call what has just happened "in an hour".
 */

/** So far apart two clocks may be before anybody needs to care. */
const CLOSE_MS = 5_000;
/** The header tells whole seconds only. */
const HEADER_MS = 1_000;

/**
 * By how much the control plane's clock is ahead of this one, in ms; 0 when they may be the same. `date`: the header of an
 * answer that was asked for and came at these times of this clock: it was written somewhere between.
 */
export function clockAhead(date: string | null, askedAt: number, answeredAt: number): number {
  const told = Date.parse(date ?? '');
  if (Number.isNaN(told)) return 0;
  const least = told - answeredAt;
  const most = told + HEADER_MS - askedAt;
  if (least <= CLOSE_MS && most >= -CLOSE_MS) return 0;
  return Math.round((least + most) / 2);
}

let ahead = 0;

/** Learns from an answer of the control plane. */
export function noteServerTime(answer: Response, askedAt: number): void {
  ahead = clockAhead(answer.headers.get('date'), askedAt, Date.now());
}

/** Now, in the control plane's time. */
export function serverNow(): number {
  return Date.now() + ahead;
}
