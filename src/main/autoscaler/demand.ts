/** How many bots are to be free: what each rule of a policy asks for at one instant. Pure. */
import type { ScalingHistory, ScalingPolicy, ScalingSchedule, ScalingSnapshot } from '#shared/schemas/scaling.ts';
import { SCALING_RULES } from '#shared/schemas/scaling.ts';

/** One rule of a policy. */
type Rule = (typeof SCALING_RULES)[number];

/** What the rules ask for together. */
export interface Demand {
  readonly free: number;
  /** The rule that asks for the most. */
  readonly rule: Rule;
  readonly asked: Readonly<Partial<Record<Rule, number>>>;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

/** See the file's head. */
export function demandOf(
  snapshot: ScalingSnapshot,
  policy: ScalingPolicy,
  history: ScalingHistory,
  now: number,
): Demand {
  const asked: Partial<Record<Rule, number>> = { fixed: policy.minFree };
  if (policy.percentage > 0) asked.percentage = Math.ceil((snapshot.serving * policy.percentage) / 100);
  if (policy.schedules.length > 0) asked.schedule = scheduled(policy.schedules, history.startMs, now);
  if (policy.forecast) asked.forecast = forecast(history);
  const rule = SCALING_RULES.reduce((best, one) => ((asked[one] ?? -1) > (asked[best] ?? -1) ? one : best));
  return { free: asked[rule] ?? 0, rule, asked };
}

/** The largest number that a schedule names now, or will name once a bot that is started now waits. */
function scheduled(schedules: readonly ScalingSchedule[], startMs: number, now: number): number {
  const holding = schedules.filter((one) => holds(one, now) || holds(one, now + startMs));
  return Math.max(0, ...holding.map(({ free }) => free));
}

/** Whether an instant lies within a schedule, by the clock of its zone. */
export function holds(schedule: ScalingSchedule, at: number): boolean {
  const { day, minute } = wallClock(at, schedule.zone);
  const [from, until] = [minutesOf(schedule.from), minutesOf(schedule.until)];
  if (from < until) return schedule.days.includes(day) && minute >= from && minute < until;
  // Over midnight: the evening belongs to the day named, the night after it, too.
  const { day: before } = wallClock(at - (minute + 1) * MINUTE_MS, schedule.zone);
  return (schedule.days.includes(day) && minute >= from) || (schedule.days.includes(before) && minute < until);
}

function minutesOf(text: string): number {
  return (Number(text.slice(0, 2)) * 60 + Number(text.slice(3))) % DAY_MINUTES;
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();

function wallClock(
  at: number,
  zone: string,
): { readonly day: ScalingSchedule['days'][number]; readonly minute: number } {
  const format =
    FORMATS.get(zone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  FORMATS.set(zone, format);
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const day = (parts['weekday'] ?? 'Mon').toLowerCase() as ScalingSchedule['days'][number];
  return { day, minute: Number(parts['hour']) * 60 + Number(parts['minute']) };
}

/**
 * As many as are likely to be claimed while a bot starts: the mean of that time at the present rate, and twice the spread
 * of a Poisson process above it.
 */
function forecast({ claims, claimsWindowMs, startMs }: ScalingHistory): number {
  if (claims === 0 || claimsWindowMs === 0) return 0;
  const mean = (claims / claimsWindowMs) * startMs;
  return Math.ceil(mean + 2 * Math.sqrt(mean));
}
