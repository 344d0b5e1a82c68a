/** Owns what the owner changes about members of staff. Nothing that bookings point at is deleted. */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { BotpoolError, isBotpoolError } from '#shared/errors/botpool-error.ts';
import type { WeeklyHours } from '../domain/hours-text.ts';
import type { DayInterval } from '../domain/open-hours.ts';
import type { LocalDate } from '../domain/zone.ts';
import { asAdmin, type OwnerRequest } from './admin-actions.ts';

/** A member as the owner sees them. */
export interface MemberDetails {
  readonly id: number;
  readonly name: string;
  readonly active: boolean;
  /** What they do; undefined: everything, also what is added later. */
  readonly serviceIds: readonly number[] | undefined;
  /** Has a Telegram account that sees their calendar. */
  readonly linked: boolean;
  /** Visits ahead. */
  readonly ahead: number;
}

/** The hours of one date that follows no week; no intervals: a day off. */
export interface DatedHours {
  readonly date: LocalDate;
  readonly intervals: readonly DayInterval[];
}

const memberRow = z
  .object({
    id: z.coerce.number().int(),
    name: z.string(),
    active: z.boolean(),
    service_ids: z.array(z.coerce.number().int()).nullable(),
    linked: z.boolean(),
    ahead: z.number().int(),
  })
  .transform(({ service_ids: serviceIds, ...row }): MemberDetails => ({ ...row, serviceIds: serviceIds ?? undefined }));
const datedRow = z.object({
  date: z.string(),
  opens: z.number().int().nullable(),
  closes: z.number().int().nullable(),
});
const SELECT = `SELECT m.id, m.name, m.active, m.service_ids, m.telegram_id IS NOT NULL AS linked,
  (SELECT count(*) FROM bookings b WHERE b.staff_id = m.id AND b.status IN ('pending', 'confirmed')
     AND upper(b.during) > $1)::integer AS ahead FROM staff m`;

/** Everybody, those who work first, at most 40. */
export async function listMembers(source: Queryable, now: number): Promise<MemberDetails[]> {
  const { rows } = await source.query(`${SELECT} ORDER BY m.active DESC, m.position, m.id LIMIT 40`, [new Date(now)]);
  return rows.map((row) => memberRow.parse(row));
}

/** One of them. */
export async function findMember(source: Queryable, id: number, now: number): Promise<MemberDetails | undefined> {
  const { rows } = await source.query(`${SELECT} WHERE m.id = $2`, [new Date(now), id]);
  return rows[0] === undefined ? undefined : memberRow.parse(rows[0]);
}

/** Adds a member who does everything and works when the first one does. The same update again answers the same one. */
export async function addMember(database: Database, request: OwnerRequest, name: string, now: number): Promise<number> {
  await asAdmin(database, request, { action: 'staff.add', details: { name } }, now, async (tx) => {
    await tx.query(
      `WITH added AS (
         INSERT INTO staff (name, position, created_at)
         SELECT $1, coalesce(max(position) + 1, 0), $2 FROM staff RETURNING id
       )
       INSERT INTO working_hours (staff_id, weekday, opens_at, closes_at)
       SELECT added.id, weekday, opens_at, closes_at FROM added, working_hours
       WHERE weekday IS NOT NULL AND staff_id = (SELECT id FROM staff WHERE active ORDER BY position, id LIMIT 1)`,
      [name, new Date(now)],
    );
  });
  const { rows } = await database.query<{ id: string }>(
    'SELECT id FROM staff WHERE name = $1 ORDER BY id DESC LIMIT 1',
    [name],
  );
  return Number(rows[0]?.id);
}

/** Gives a member another name. */
export async function renameMember(
  database: Database,
  request: OwnerRequest,
  { id, name }: { readonly id: number; readonly name: string },
  now: number,
): Promise<void> {
  await asAdmin(database, request, { action: 'staff.rename', details: { staff: id, name } }, now, async (tx) => {
    await tx.query('UPDATE staff SET name = $2 WHERE id = $1', [id, name]);
  });
}

/**
 * Lets a member work, or not any more: then nobody can book them, and their visits ahead stay. `last`: somebody has to be
 * there.
 */
export async function setMemberActive(
  database: Database,
  request: OwnerRequest,
  { id, active }: { readonly id: number; readonly active: boolean },
  now: number,
): Promise<'done' | 'last'> {
  const action = { action: active ? 'staff.show' : 'staff.hide', details: { staff: id } } as const;
  try {
    await asAdmin(database, request, action, now, async (tx) => {
      await tx.query('SELECT FROM staff WHERE active ORDER BY id FOR NO KEY UPDATE');
      const { rowCount } = await tx.query('SELECT FROM staff WHERE active AND id <> $1', [id]);
      if (!active && rowCount === 0) throw new BotpoolError('input_invalid', { field: 'active', problem: 'last' });
      await tx.query('UPDATE staff SET active = $2 WHERE id = $1', [id, active]);
    });
    return 'done';
  } catch (error) {
    if (isBotpoolError(error, 'input_invalid')) return 'last';
    throw error;
  }
}

/** Says what a member does; undefined: everything. */
export async function setMemberServices(
  database: Database,
  request: OwnerRequest,
  { id, serviceIds }: { readonly id: number; readonly serviceIds: readonly number[] | undefined },
  now: number,
): Promise<void> {
  const details = { staff: id, services: serviceIds ?? 'all' };
  await asAdmin(database, request, { action: 'staff.services', details }, now, async (tx) => {
    await tx.query('UPDATE staff SET service_ids = $2 WHERE id = $1', [id, serviceIds ?? null]);
  });
}

/** Sets the weekly hours of a member; hours of single dates stay. */
export async function setMemberHours(
  database: Database,
  request: OwnerRequest,
  { id, week }: { readonly id: number; readonly week: WeeklyHours },
  now: number,
): Promise<void> {
  const rows = [...week].flatMap(([day, intervals]) => intervals.map((each) => ({ day, ...each })));
  const details = { staff: id, week: Object.fromEntries(week) };
  await asAdmin(database, request, { action: 'staff.hours', details }, now, async (tx) => {
    await tx.query('SELECT FROM staff WHERE id = $1 FOR NO KEY UPDATE', [id]);
    await tx.query('DELETE FROM working_hours WHERE weekday IS NOT NULL AND staff_id = $1', [id]);
    await tx.query(
      `INSERT INTO working_hours (staff_id, weekday, opens_at, closes_at)
       SELECT $1, day, opens::time, closes::time
       FROM unnest($2::smallint[], $3::text[], $4::text[]) AS line (day, opens, closes)`,
      [id, rows.map(({ day }) => day), rows.map(({ opens }) => clock(opens)), rows.map(({ closes }) => clock(closes))],
    );
  });
}

/** The dates from a day on that follow no week, in order. */
export async function datedHours(source: Queryable, id: number, from: LocalDate): Promise<DatedHours[]> {
  const { rows } = await source.query(
    `SELECT on_date::text AS date, (extract(epoch FROM opens_at) / 60)::integer AS opens,
       (extract(epoch FROM closes_at) / 60)::integer AS closes
     FROM working_hours WHERE staff_id = $1 AND on_date >= $2 ORDER BY on_date, opens_at LIMIT 200`,
    [id, from],
  );
  const dates = new Map<LocalDate, DayInterval[]>();
  for (const { date, opens, closes } of rows.map((row) => datedRow.parse(row))) {
    const own = opens === null || closes === null ? [] : [{ opens, closes }];
    dates.set(date, [...(dates.get(date) ?? []), ...own]);
  }
  return [...dates].map(([date, intervals]) => ({ date, intervals }));
}

/** Sets the hours of one date, or with undefined lets it follow the week again. */
export async function setDatedHours(
  database: Database,
  request: OwnerRequest,
  {
    id,
    date,
    intervals,
  }: { readonly id: number; readonly date: LocalDate; readonly intervals: readonly DayInterval[] | undefined },
  now: number,
): Promise<void> {
  const details = { staff: id, date, hours: intervals ?? 'as usual' };
  await asAdmin(database, request, { action: 'staff.date', details }, now, async (tx) => {
    await tx.query('SELECT FROM staff WHERE id = $1 FOR NO KEY UPDATE', [id]);
    await tx.query('DELETE FROM working_hours WHERE staff_id = $1 AND on_date = $2', [id, date]);
    if (intervals === undefined) return;
    const times = intervals.length === 0 ? [{ opens: null, closes: null }] : intervals;
    await tx.query(
      `INSERT INTO working_hours (staff_id, on_date, opens_at, closes_at)
       SELECT $1, $2, opens::time, closes::time FROM unnest($3::text[], $4::text[]) AS line (opens, closes)`,
      [id, date, times.map(({ opens }) => clock(opens)), times.map(({ closes }) => clock(closes))],
    );
  });
}

function clock(minutes: number | null): string | null {
  return minutes === null ? null : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}
