/** When a schedule that has never run yet is due for the first time. */
import type { Database } from '#core/postgres/database.ts';
import { nextDue } from './expression.ts';

/** Undefined when it does not exist, is paused, or is never due. */
export async function firstDue(database: Database, name: string): Promise<Date | undefined> {
  const { rows } = await database.query<{ expression: string; zone: string; since: Date }>(
    `SELECT expression, zone, created_at AS since FROM control.schedules WHERE name = $1 AND paused_at IS NULL`,
    [name],
  );
  const [schedule] = rows;
  if (schedule === undefined) return undefined;
  const [due] = nextDue(schedule, schedule.since.getTime(), 1);
  return due === undefined ? undefined : new Date(due);
}
