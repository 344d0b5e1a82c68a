/**
 * Owns the second opinion on reminders: which ones a year should have brought, reckoned from what customers did, without
 * the product's own arithmetic.
 */

/** What the year came to. */
export interface YearVerdict {
  readonly expected: number;
  readonly sent: number;
  /** Should have been and were not. */
  readonly missing: readonly string[];
  /** Were and should not have been, or were there twice. */
  readonly extra: readonly string[];
  /** Came more than a minute after their time, or before it. */
  readonly late: readonly string[];
  readonly worstMs: number;
}

/** See {@link createReckoning}. */
export interface Reckoning {
  /** A booking stands at this time from now on. */
  placed(booking: number, start: number, now: number): void;
  /** A booking is no more. */
  gone(booking: number, now: number): void;
  /** A reminder was sent; its text names the booking. */
  sent(text: string, now: number): void;
  verdict(): YearVerdict;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Reckons reminders of these kinds (`24h`, `1d`) in a zone. */
export function createReckoning(zone: string, kinds: readonly string[]): Reckoning {
  /** By booking: the instants at which it is to be reminded of. */
  const expected = new Map<number, Set<number>>();
  const sent: { readonly booking: number; readonly at: number }[] = [];
  const forget = (booking: number, now: number): Set<number> => {
    const kept = [...(expected.get(booking) ?? [])].filter((due) => due <= now);
    const set = new Set(kept);
    expected.set(booking, set);
    return set;
  };
  return {
    placed(booking, start, now) {
      const set = forget(booking, now);
      for (const kind of kinds) {
        const due = dueOf(kind, start, zone);
        if (due > now) set.add(due);
      }
    },
    gone: (booking, now) => void forget(booking, now),
    sent: (text, now) => void sent.push({ booking: Number(/№ (\d+)/u.exec(text)?.[1]), at: now }),
    verdict() {
      const late: string[] = [];
      const extra: string[] = [];
      let worstMs = 0;
      const open = new Map([...expected].map(([booking, dues]) => [booking, [...dues].toSorted((a, b) => a - b)]));
      for (const { booking, at } of sent) {
        const due = open.get(booking)?.shift();
        const told = `№ ${booking} at ${new Date(at).toISOString()}`;
        if (due === undefined) extra.push(told);
        else if (at < due || at > due + MINUTE) late.push(`${told}, due ${new Date(due).toISOString()}`);
        else worstMs = Math.max(worstMs, at - due);
      }
      const missing = [...open].flatMap(([booking, dues]) =>
        dues.map((due) => `№ ${booking} due ${new Date(due).toISOString()}`),
      );
      const count = [...expected.values()].reduce((sum, dues) => sum + dues.size, 0);
      return { expected: count, sent: sent.length, missing, extra, late, worstMs };
    },
  };
}

function dueOf(kind: string, start: number, zone: string): number {
  const hours = /^(\d+)h$/.exec(kind)?.[1];
  if (hours !== undefined) return start - Number(hours) * HOUR;
  // The day before, when the clock on the wall shows the same time: a day has 23, 24 or 25 hours.
  const wall = wallOf(start, zone);
  for (const length of [24, 23, 25]) {
    if (wallOf(start - length * HOUR, zone).time === wall.time) return start - length * HOUR;
  }
  throw new Error(`no day before ${new Date(start).toISOString()}`);
}

function wallOf(instant: number, zone: string): { readonly time: string } {
  return { time: new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'short' }).format(instant) };
}
