/** The policy as an operator writes it: `min=5, batch=10, percent=20, schedule=fri 18:00-02:00 Europe/Moscow 20`. Pure. */
import { BotpoolError } from '../errors/botpool-error.ts';
import { type ScalingPolicy, type ScalingSchedule, scalingPolicySchema, scheduleSchema } from './scaling.ts';

const DAY_NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** The words of a policy, and what each of them changes. */
const WORDS: Readonly<Record<string, (text: string, policy: ScalingPolicy) => Partial<ScalingPolicy>>> = {
  min: (text) => ({ minFree: whole('min', text) }),
  batch: (text) => ({ batch: whole('batch', text) }),
  max: (text) => ({ maxTotal: whole('max', text) }),
  percent: (text) => ({ percentage: whole('percent', text) }),
  cooldown: (text) => ({ coolDownMs: whole('cooldown', text) * 1_000 }),
  forecast: (text) => ({ forecast: onOff('forecast', text) }),
  autoscaler: (text) => ({ enabled: onOff('autoscaler', text) }),
  schedule: (text, { schedules }) => ({ schedules: text === 'off' ? [] : [...schedules, scheduleOf(text)] }),
};

/**
 * The policy that this text asks for; what it does not name stays as in `base`, but schedules are those of the text when
 * it names any. Fails with `input_invalid`, which names the word.
 */
export function parseScalingPolicy(text: string, base: ScalingPolicy): ScalingPolicy {
  let policy = /\bschedule\s*=/.test(text) ? { ...base, schedules: [] } : base;
  for (const part of text.split(/[,;]/).map((one) => one.trim())) {
    if (part === '') continue;
    const [name = '', ...rest] = part.split('=');
    const word = WORDS[name.trim()];
    if (word === undefined) throw refuse(name.trim(), `known words are ${Object.keys(WORDS).join(', ')}`);
    policy = { ...policy, ...word(rest.join('=').trim() || 'on', policy) };
  }
  const result = scalingPolicySchema.safeParse(policy);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw refuse(String(issue?.path[0] ?? 'policy'), issue?.message ?? 'not understood');
}

/** The whole policy in the words of {@link parseScalingPolicy}. */
export function formatScalingPolicy(policy: ScalingPolicy): string {
  const { enabled, minFree, batch, maxTotal, percentage, forecast, coolDownMs, schedules } = policy;
  return [
    ...(enabled ? [] : ['autoscaler=off']),
    `min=${minFree}`,
    `batch=${batch}`,
    `max=${maxTotal}`,
    ...(percentage > 0 ? [`percent=${percentage}`] : []),
    ...(forecast ? ['forecast=on'] : []),
    ...schedules.map(
      ({ days, from, until, zone, free }) => `schedule=${days.join('+')} ${from}-${until} ${zone} ${free}`,
    ),
    `cooldown=${Math.round(coolDownMs / 1_000)}`,
  ].join(', ');
}

function scheduleOf(text: string): ScalingSchedule {
  const match = /^(\S+)\s+(\d\d:\d\d)-(\d\d:\d\d)\s+(\S+)\s+(\d+)$/.exec(text);
  if (match === null) throw refuse('schedule', 'expected such as “fri+sat 18:00-02:00 Europe/Moscow 20”');
  const [, days = '', from = '', until = '', zone = '', free = ''] = match;
  const result = scheduleSchema.safeParse({ days: daysOf(days), from, until, zone, free: Number(free) });
  if (!result.success) throw refuse('schedule', result.error.issues[0]?.message ?? 'not understood');
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone });
  } catch {
    throw refuse('schedule', `there is no time zone ${zone}; expected such as Europe/Moscow`);
  }
  return result.data;
}

/** `fri`, `sat+sun`, `mon-fri`, `daily`. */
function daysOf(text: string): readonly string[] {
  if (text === 'daily') return DAY_NAMES;
  return text.split('+').flatMap((part) => {
    const [first = '', last] = part.split('-');
    if (last === undefined) return [first];
    const [from, to] = [first, last].map((name) => DAY_NAMES.indexOf(name as (typeof DAY_NAMES)[number]));
    if (from === undefined || to === undefined || from < 0 || to < from) return [part];
    return DAY_NAMES.slice(from, to + 1);
  });
}

function whole(word: string, text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw refuse(word, `expected a whole number, got “${text}”`);
  return Number(text);
}

function onOff(word: string, text: string): boolean {
  if (text !== 'on' && text !== 'off') throw refuse(word, `expected on or off, got “${text}”`);
  return text === 'on';
}

function refuse(word: string, problem: string): BotpoolError {
  return new BotpoolError('input_invalid', { field: `policy: ${word}`, problem });
}
