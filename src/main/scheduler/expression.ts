/**
 * Cron expressions with IANA zones. Pure. A wall-clock time that a zone skips in spring is due at the moment of the
 * change; one that it repeats in autumn is due once, the first time; steps and stars follow real time.
 */
import { Cron } from 'croner';
import { BotpoolError } from '#shared/errors/botpool-error.ts';

/** When something is due. */
export interface Rule {
  /** Five fields, or six with seconds first. */
  readonly expression: string;
  readonly zone: string;
}

const SECOND_MS = 1_000;

/** Reads a rule. Fails with `schedule_invalid` when it cannot be read, or is never due. */
export function parseRule(rule: Rule, now: number): Cron {
  const cron = read(rule);
  if (cron.nextRun(new Date(now)) === null) throw invalid(rule, 'it is never due');
  return cron;
}

function read(rule: Rule): Cron {
  try {
    const cron = new Cron(rule.expression, { timezone: rule.zone, mode: '5-or-6-parts', paused: true });
    // The zone is looked at with the first instant only.
    cron.nextRun(new Date(0));
    return cron;
  } catch (error) {
    throw invalid(rule, error instanceof Error ? error.message : String(error));
  }
}

function invalid(rule: Rule, problem: string): BotpoolError {
  return new BotpoolError('schedule_invalid', { expression: rule.expression, zone: rule.zone, problem });
}

/** The next instants after this one, at most `count`. Milliseconds. */
export function nextDue(rule: Rule, after: number, count: number): number[] {
  return read(rule)
    .nextRuns(count, new Date(after))
    .map((date) => date.getTime());
}

/** What was due after `after` and not later than `until`. */
export interface Due {
  /** How many, counted up to the limit. */
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/** Counting ends here: what was due more often while nobody looked is told as this many. */
export const MOST_COUNTED = 1_000;

/** What was due in a span of time, at a cost that does not grow with the span. */
export function dueBetween(rule: Rule, after: number, until: number): Due | undefined {
  const cron = read(rule);
  const first = cron.nextRun(new Date(after))?.getTime();
  if (first === undefined || first > until) return undefined;
  let count = 0;
  let last = first;
  for (
    let at: number | undefined = first;
    at !== undefined && at <= until;
    at = cron.nextRun(new Date(at))?.getTime()
  ) {
    count += 1;
    last = at;
    if (count === MOST_COUNTED) break;
  }
  if (count < MOST_COUNTED) return { count, first, last };
  // Instants are whole seconds: the last one of this second is before the next.
  const end = Math.floor(until / SECOND_MS) * SECOND_MS + SECOND_MS;
  const [latest] = cron.previousRuns(1, new Date(end));
  return { count, first, last: Math.max(last, latest?.getTime() ?? last) };
}
