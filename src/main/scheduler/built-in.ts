/** The schedules that every installation has, the jobs they run, and the alerts that a run's end raises or ends. */
import * as z from 'zod';
import { raiseAlert, resolveAlert } from '#core/alerts/alerts.ts';
import type { Database } from '#core/postgres/database.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import { scheduleRequestSchema } from '#shared/schemas/schedule.ts';
import type { SchedulerOptions } from './index.ts';
import { defineJob } from './jobs.ts';

/** What the jobs act on. */
export interface BuiltInOptions {
  readonly database: Database;
  readonly sales: { renew(): Promise<void>; sweep(): Promise<number> };
  /** The zone of this machine, in which the times of new installations are meant. */
  readonly zone: string;
}

const nothing = z.strictObject({});

/** Jobs, schedules and what is told of their ends. */
export function builtInSchedules(
  options: BuiltInOptions,
): Pick<SchedulerOptions, 'jobs' | 'builtIn' | 'onRun' | 'onClockBack'> {
  const { database, sales, zone } = options;
  return {
    jobs: [
      defineJob({ name: 'renewals', payload: nothing, run: () => sales.renew() }),
      defineJob({
        name: 'payments',
        payload: nothing,
        run: async (_payload, { log }) => log(`payments that were behind: ${await sales.sweep()}`),
      }),
    ],
    builtIn: [
      scheduleRequestSchema.parse({ name: 'renewals', job: 'renewals', expression: '0 * * * *', zone, retries: 2 }),
      scheduleRequestSchema.parse({ name: 'payments', job: 'payments', expression: '30 * * * *', zone, retries: 2 }),
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
