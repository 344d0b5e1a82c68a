/** The schedules that every installation has, the jobs they run, and the alerts that a run's end raises or ends. */
import * as z from 'zod';
import { raiseAlert, resolveAlert } from '#core/alerts/alerts.ts';
import type { Database } from '#core/postgres/database.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { backupScopeSchema } from '#shared/schemas/backup.ts';
import { type ScheduleRequest, scheduleRequestSchema } from '#shared/schemas/schedule.ts';
import type { SchedulerOptions } from './index.ts';
import { defineJob } from './jobs.ts';
import { writeReport } from './report.ts';

/** What the jobs act on. */
export interface BuiltInOptions {
  readonly database: Database;
  readonly backups: {
    begin(request: {
      readonly scope: string;
      readonly cause: 'schedule';
      readonly actor: string;
      readonly signal: AbortSignal;
    }): Promise<{ readonly id: string; readonly done: Promise<void> }>;
    beginVerify(id: string, actor: string): Promise<{ readonly id: string; readonly done: Promise<void> }>;
    beginShip(id: string, actor: string): Promise<{ readonly id: string; readonly done: Promise<void> }>;
    shipMissing(signal: AbortSignal): Promise<readonly string[]>;
    list(limit: number): Promise<readonly KnownBackup[]>;
    prune(actor: string): Promise<readonly string[]>;
    watch(): Promise<unknown>;
    health(): Promise<{ readonly green: boolean; readonly newestHours: number | null }>;
  };
  readonly sales: { renew(): Promise<void>; sweep(): Promise<number> };
  /** Removes images that nothing uses any more; undefined where this control plane has none or may not. */
  readonly cleanImages: (() => Promise<void>) | undefined;
  /** The zone of this machine, in which the times of new installations are meant. */
  readonly zone: string;
}

interface KnownBackup {
  readonly id: string;
  readonly scope: string;
  readonly state: string;
  readonly cause: string;
  readonly startedAt: Date;
  readonly offsite: string;
}

const nothing = z.strictObject({});
const ACTOR = 'scheduler';

function isOfRun(scope: string, dueAt: Date): (backup: KnownBackup) => boolean {
  return (backup) =>
    backup.scope === scope && backup.cause === 'schedule' && backup.state === 'verified' && backup.startedAt >= dueAt;
}

function isThere(state: string): boolean {
  return state === 'stored' || state === 'verified' || state === 'suspect';
}

/** Jobs, schedules and what is told of their ends. */
export function builtInSchedules(
  options: BuiltInOptions,
): Pick<SchedulerOptions, 'jobs' | 'builtIn' | 'onRun' | 'onClockBack'> {
  const { database, sales, backups, zone, cleanImages } = options;
  const builtIn = (name: string, expression: string, rules: object): ScheduleRequest =>
    scheduleRequestSchema.parse({ name, job: name, expression, zone, ...rules });
  return {
    jobs: [
      defineJob({
        name: 'backup',
        payload: z.strictObject({ scope: backupScopeSchema.default('all') }),
        run: async ({ scope }, { log, signal, attempt, dueAt }) => {
          // What an earlier try has made and proven is not made again because its copy did not get through.
          const made = attempt === 1 ? undefined : (await backups.list(100)).find(isOfRun(scope, dueAt));
          if (made !== undefined) {
            log(made.id);
            if (made.offsite === 'failed') await (await backups.beginShip(made.id, ACTOR)).done;
            return;
          }
          const { id, done } = await backups.begin({ scope, cause: 'schedule', actor: ACTOR, signal });
          log(id);
          await done;
        },
      }),
      defineJob({
        name: 'verify',
        payload: nothing,
        run: async (_payload, { log }) => {
          const newest = (await backups.list(1_000)).find(({ scope, state }) => scope === 'all' && isThere(state));
          if (newest === undefined) return log('there is no backup yet');
          log(newest.id);
          await (await backups.beginVerify(newest.id, ACTOR)).done;
        },
      }),
      defineJob({
        name: 'retention',
        payload: nothing,
        run: async (_payload, { log }) => log(`removed: ${(await backups.prune(ACTOR)).join(', ')}`),
      }),
      defineJob({
        name: 'offsite',
        payload: nothing,
        run: async (_payload, { log, signal }) => log(`copied: ${(await backups.shipMissing(signal)).join(', ')}`),
      }),
      defineJob({ name: 'backup-watch', payload: nothing, run: async () => void (await backups.watch()) }),
      defineJob({
        name: 'report',
        payload: nothing,
        run: async (_payload, { log, dueAt }) => {
          log(JSON.stringify(await writeReport(database, await backups.health(), dueAt)));
        },
      }),
      defineJob({
        name: 'images',
        payload: nothing,
        run: async (_payload, { log }) => {
          await cleanImages?.();
          log(cleanImages === undefined ? 'there is nothing to clean from here' : 'unused images are removed');
        },
      }),
      defineJob({ name: 'renewals', payload: nothing, run: () => sales.renew() }),
      defineJob({
        name: 'payments',
        payload: nothing,
        run: async (_payload, { log }) => log(`payments that were behind: ${await sales.sweep()}`),
      }),
    ],
    builtIn: [
      builtIn('backup', '0 2 * * *', { retries: 3, backOffSeconds: 300, timeoutSeconds: 6 * 3_600 }),
      builtIn('retention', '0 3 * * *', { retries: 2 }),
      builtIn('verify', '0 5 * * 0', { retries: 2, timeoutSeconds: 6 * 3_600 }),
      builtIn('offsite', '*/15 * * * *', { catchUp: false, timeoutSeconds: 12 * 3_600 }),
      builtIn('backup-watch', '* * * * *', { catchUp: false, timeoutSeconds: 60 }),
      builtIn('report', '0 9 * * *', { retries: 2 }),
      builtIn('images', '0 4 * * 0', { retries: 1 }),
      builtIn('renewals', '0 * * * *', { retries: 2 }),
      builtIn('payments', '30 * * * *', { retries: 2 }),
    ],
    async onRun({ schedule, outcome, code }) {
      const key = `schedule ${schedule}`;
      if (outcome === 'succeeded') return await resolveAlert(database, key);
      const error = new BotpoolError('schedule_failed', { name: schedule, code: code ?? outcome });
      await raiseAlert(database, { key, severity: 'critical', error });
    },
    async onClockBack(schedule) {
      const error = new BotpoolError('clock_went_back', { name: schedule });
      await raiseAlert(database, { key: `clock ${schedule}`, severity: 'warning', error });
    },
  };
}
