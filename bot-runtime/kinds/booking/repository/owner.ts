/** Owns what the owner changes. Each change writes its line in `admin_actions` under the update that asked for it. */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import type { WeeklyHours } from '../domain/hours-text.ts';
import type { DayInterval } from '../domain/open-hours.ts';
import { asAdmin, type OwnerRequest } from './admin-actions.ts';

/** A service as the owner described it. */
export interface NewService {
  readonly name: string;
  readonly durationMinutes: number;
  readonly priceKopecks: number;
  readonly currency: string;
}

const UNIQUE_VIOLATION = '23505';
const hoursRow = z.object({ weekday: z.number().int(), opens: z.number().int(), closes: z.number().int() });

/** Adds a service. `name_taken`: another one that customers see is called the same. */
export async function addService(
  database: Database,
  request: OwnerRequest,
  service: NewService,
  now: number,
): Promise<'added' | 'name_taken'> {
  return await unlessNameTaken('added', () =>
    asAdmin(database, request, { action: 'service.add', details: service }, now, async (tx) => {
      await refuseSameName(tx, service.name);
      await tx.query(
        `INSERT INTO services (name, duration_minutes, price_kopecks, currency, position, created_at)
         SELECT $1, $2, $3, $4, coalesce(max(position) + 1, 0), $5 FROM services`,
        [service.name, service.durationMinutes, service.priceKopecks, service.currency, new Date(now)],
      );
    }),
  );
}

/** Shows a service to customers, or hides it. Bookings of a hidden service stay. */
export async function showService(
  database: Database,
  request: OwnerRequest,
  { id, name, active }: { readonly id: number; readonly name: string; readonly active: boolean },
  now: number,
): Promise<'changed' | 'name_taken'> {
  return await unlessNameTaken('changed', () =>
    asAdmin(
      database,
      request,
      { action: active ? 'service.show' : 'service.hide', details: { id, service: name } },
      now,
      async (tx) => {
        await tx.query('UPDATE services SET active = $2 WHERE id = $1', [id, active]);
      },
    ),
  );
}

/** Sets the weekly hours of every active member; hours of single dates stay. */
export async function setWeeklyHours(
  database: Database,
  request: OwnerRequest,
  week: WeeklyHours,
  now: number,
): Promise<void> {
  const rows = [...week].flatMap(([day, intervals]) => intervals.map((each) => ({ day, ...each })));
  const details = { week: Object.fromEntries(week) };
  await asAdmin(database, request, { action: 'hours.set', details }, now, async (tx) => {
    await tx.query('SELECT FROM staff WHERE active ORDER BY id FOR NO KEY UPDATE');
    await tx.query(
      'DELETE FROM working_hours WHERE weekday IS NOT NULL AND staff_id IN (SELECT id FROM staff WHERE active)',
    );
    await tx.query(
      `INSERT INTO working_hours (staff_id, weekday, opens_at, closes_at)
       SELECT staff.id, day, opens::time, closes::time
       FROM staff, unnest($1::smallint[], $2::text[], $3::text[]) AS line (day, opens, closes) WHERE staff.active`,
      [rows.map(({ day }) => day), rows.map(({ opens }) => clock(opens)), rows.map(({ closes }) => clock(closes))],
    );
  });
}

/** The weekly hours of a member; without one, of the first who works here: what the owner sees as "now". */
export async function weeklyHours(source: Queryable, staffId?: number): Promise<WeeklyHours> {
  const { rows } = await source.query(
    `SELECT weekday, (extract(epoch FROM opens_at) / 60)::integer AS opens,
       (extract(epoch FROM closes_at) / 60)::integer AS closes FROM working_hours
     WHERE weekday IS NOT NULL
       AND staff_id = coalesce($1, (SELECT id FROM staff WHERE active ORDER BY position, id LIMIT 1))
     ORDER BY weekday, opens_at`,
    [staffId ?? null],
  );
  const week = new Map<number, DayInterval[]>();
  for (const { weekday, opens, closes } of rows.map((row) => hoursRow.parse(row))) {
    week.set(weekday, [...(week.get(weekday) ?? []), { opens, closes }]);
  }
  return week;
}

/** Compared here and not in PostgreSQL, whose idea of capital letters depends on how its cluster was made. */
export async function refuseSameName(tx: Queryable, name: string, except = 0): Promise<void> {
  const { rows } = await tx.query<{ name: string }>('SELECT name FROM services WHERE active AND id <> $1', [except]);
  if (rows.some((row) => row.name.toLowerCase() === name.toLowerCase())) {
    throw new BotpoolError('input_invalid', { field: 'name', problem: 'taken' });
  }
}

/** Does it, or says that another one that customers see has the name. */
export async function unlessNameTaken<T>(done: T, work: () => Promise<unknown>): Promise<T | 'name_taken'> {
  try {
    await work();
    return done;
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;
    if (taken || isBotpoolError(error, 'input_invalid')) {
      return 'name_taken';
    }
    throw error;
  }
}

function clock(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}
