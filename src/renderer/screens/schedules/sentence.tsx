/** A schedule as people say it. */
import type { ScheduleView } from '#shared/api/schedules.ts';
import type { Locale } from '#shared/schemas/tenant.ts';
import { weekdays } from '../../i18n/format.ts';
import { type Say, useLocale, useSay } from '../../i18n/i18n.ts';
import type { MessageKey } from '../../i18n/keys.generated.ts';
import { meaningOf } from './cron-words.ts';

/** When it runs: "Every day at 02:00". */
export function whenWords(expression: string, say: Say, locale: Locale): string {
  const meaning = meaningOf(expression);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = 'hour' in meaning ? `${two(meaning.hour)}:${two(meaning.minute)}` : '';
  switch (meaning.kind) {
    case 'second':
    case 'minutes':
      return say(`cron-${meaning.kind}`, { n: meaning.n });
    case 'minute':
      return say('cron-minute');
    case 'hour':
      return say('cron-hour', { minute: two(meaning.minute) });
    case 'hours':
      return say('cron-hours', { n: meaning.n, minute: two(meaning.minute) });
    case 'day':
      return say('cron-day', { time });
    case 'week':
      return say('cron-week', { days: weekdays(meaning.days, locale), time });
    case 'month':
      return say('cron-month', { day: meaning.day, time });
    case 'other':
      return say('cron-other', { expression });
  }
}

const JOBS: Readonly<Record<string, MessageKey>> = {
  backup: 'job-backup',
  verify: 'job-verify',
  retention: 'job-retention',
  offsite: 'job-offsite',
  report: 'job-report',
  images: 'job-images',
  'backup-watch': 'job-backup-watch',
  renewals: 'job-renewals',
  payments: 'job-payments',
};

/** What it does; the job's name where nobody has found words for it. */
export function jobWords(job: string, say: Say): string {
  const key = JOBS[job];
  return key === undefined ? job : say(key);
}

/** "Every day at 02:00 (Europe/Moscow): makes a backup and proves it". */
export function ScheduleSentence({ schedule }: { readonly schedule: ScheduleView }) {
  const say = useSay();
  const locale = useLocale();
  const { expression, zone, job, payload } = schedule;
  const scope = typeof payload['scope'] === 'string' && payload['scope'] !== 'all' ? ` · ${payload['scope']}` : '';
  return (
    <>
      <b>{whenWords(expression, say, locale)}</b> ({zone}): {jobWords(job, say)}
      {scope}
    </>
  );
}
