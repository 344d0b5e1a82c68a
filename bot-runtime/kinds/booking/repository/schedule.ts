/** Owns reading everything that decides when a visit is possible: one statement, one snapshot. */
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';
import type { Member } from '../domain/offers.ts';
import type { DayInterval, WorkingHours } from '../domain/open-hours.ts';
import type { BusyTime } from '../domain/slots.ts';
import { type PlannedVisit, planVisit } from '../domain/visit.ts';
import { type LocalDate, utcMidnight } from '../domain/zone.ts';

/** What is to be done in a visit, with everyone who does all of it. */
export interface Schedule {
  readonly service: PlannedVisit;
  readonly members: readonly Member[];
  /** How many other services the visit could take in. */
  readonly others: number;
}

/** What to load. Without `staffId` everyone who does all the services. */
export interface ScheduleQuery {
  readonly serviceIds: readonly number[];
  readonly staffId?: number | undefined;
  readonly first: LocalDate;
  readonly last: LocalDate;
  /** The booking that is to be moved: its own time counts as free, and its services may be hidden by now. */
  readonly moving?: number | undefined;
}

const interval = z.object({ from: z.number(), to: z.number() });
const hoursRow = z.object({
  staff: z.number(),
  weekday: z.number().nullable(),
  date: z.string().nullable(),
  opens: z.number().nullable(),
  closes: z.number().nullable(),
});
const scheduleRow = z.object({
  services: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      priceKopecks: z.number(),
      currency: z.string(),
      durationMinutes: z.number(),
      bufferBeforeMinutes: z.number(),
      bufferAfterMinutes: z.number(),
      capacity: z.number(),
    }),
  ),
  others: z.number(),
  staff: z.array(z.object({ id: z.number(), name: z.string() })),
  hours: z.array(hoursRow),
  blocks: z.array(interval.extend({ staff: z.number().nullable() })),
  bookings: z.string().nullable(),
});
type ScheduleRow = z.infer<typeof scheduleRow>;

// Visits and blocks may reach over the edge of a date and of its zone: two days of margin hold them all.
const MARGIN_MS = 2 * 86_400_000;

const MILLISECONDS = (instant: string) => `(extract(epoch FROM ${instant}) * 1000)::bigint`;
// A busy month has thousands of bookings: they come as one text of numbers, which costs a tenth of as many objects.
const WHOLE_MS = (instant: string) => `(date_part('epoch', ${instant}) * 1000)::bigint`;
const MINUTES = (time: string) => `(extract(epoch FROM ${time}) / 60)::integer`;

const HOURS_ROW = `jsonb_build_object('staff', staff_id, 'weekday', weekday, 'date', on_date,
    'opens', ${MINUTES('opens_at')}, 'closes', ${MINUTES('closes_at')})`;

const LOAD = `
WITH chosen AS MATERIALIZED (
  SELECT id, name, position FROM staff
  WHERE active AND (service_ids IS NULL OR service_ids @> $1) AND ($2::bigint IS NULL OR id = $2)
)
SELECT
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name, 'priceKopecks', price_kopecks,
    'currency', currency, 'durationMinutes', duration_minutes, 'bufferBeforeMinutes', buffer_before_minutes,
    'bufferAfterMinutes', buffer_after_minutes, 'capacity', capacity) ORDER BY array_position($1, id)), '[]')
    FROM services WHERE id = ANY ($1) AND (active OR $7::bigint IS NOT NULL)) AS services,
  (SELECT count(*) FROM services WHERE active AND capacity = 1 AND id <> ALL ($1))::integer AS others,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name) ORDER BY position, id), '[]') FROM chosen) AS staff,
  (SELECT coalesce(jsonb_agg(${HOURS_ROW}), '[]')
    FROM working_hours WHERE staff_id IN (SELECT id FROM chosen)
    AND (on_date IS NULL OR on_date BETWEEN $5::date - 2 AND $6::date + 2)) AS hours,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('staff', staff_id, 'from', ${MILLISECONDS('lower(during)')},
    'to', ${MILLISECONDS('upper(during)')})), '[]')
    FROM blocked_slots WHERE during && tstzrange($3, $4)
    AND (staff_id IS NULL OR staff_id IN (SELECT id FROM chosen))) AS blocks,
  (SELECT string_agg(concat_ws(' ', staff_id, ${WHOLE_MS('lower(held)')}, ${WHOLE_MS('upper(held)')},
      CASE WHEN capacity > 1 THEN service_id END, CASE WHEN capacity > 1 THEN ${WHOLE_MS('lower(during)')} END), ';')
    FROM bookings WHERE held && tstzrange($3, $4) AND status IN ('pending', 'confirmed', 'done')
    AND staff_id IN (SELECT id FROM chosen) AND id IS DISTINCT FROM $7) AS bookings`;

/** Loads the schedule of a visit; undefined when one of its services cannot be booked any more, or not with the others. */
export async function loadSchedule(source: Queryable, query: ScheduleQuery): Promise<Schedule | undefined> {
  const { rows } = await source.query(LOAD, [
    query.serviceIds,
    query.staffId ?? null,
    new Date(utcMidnight(query.first) - MARGIN_MS),
    new Date(utcMidnight(query.last) + MARGIN_MS + 86_400_000),
    query.first,
    query.last,
    query.moving ?? null,
  ]);
  const row = scheduleRow.parse(rows[0]);
  const service = row.services.length === query.serviceIds.length ? planVisit(row.services) : undefined;
  return service === undefined ? undefined : { service, members: membersOf(row), others: row.others };
}

/** A member with when they work. */
export interface MemberHours {
  readonly id: number;
  readonly name: string;
  readonly active: boolean;
  readonly hours: WorkingHours;
}

const memberHoursRow = z.object({
  staff: z.array(z.object({ id: z.number(), name: z.string(), active: z.boolean() })),
  hours: z.array(hoursRow),
});

/** When everybody works around a date, in the owner's order; who works here no longer is among them. */
export async function loadHours(source: Queryable, date: LocalDate): Promise<MemberHours[]> {
  const { rows } = await source.query(
    `SELECT (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name, 'active', active) ORDER BY position, id), '[]')
         FROM staff) AS staff,
       (SELECT coalesce(jsonb_agg(${HOURS_ROW}), '[]') FROM working_hours
         WHERE on_date IS NULL OR on_date BETWEEN $1::date - 2 AND $1::date + 2) AS hours`,
    [date],
  );
  const { staff, hours } = memberHoursRow.parse(rows[0]);
  return staff.map((member) => ({ ...member, hours: hoursOf(hours, member.id) }));
}

function membersOf(row: ScheduleRow): Member[] {
  const visits = visitsOf(row.bookings ?? '');
  return row.staff.map(({ id, name }) => {
    const blocks = row.blocks.filter(({ staff }) => staff === null || staff === id);
    const busy = [...blocks.map(({ from, to }) => ({ from, to })), ...(visits.get(id) ?? [])];
    return { id, name, hours: hoursOf(row.hours, id), busy };
  });
}

/** Reads `<member> <from> <to> [<group's service> <start>];…`: who is busy when. */
function visitsOf(text: string): Map<number, BusyTime[]> {
  const visits = new Map<number, BusyTime[]>();
  for (const visit of text === '' ? [] : text.split(';')) {
    const [staff = 0, from = 0, to = 0, serviceId, start] = visit.split(' ').map(Number);
    const group = serviceId === undefined || start === undefined ? {} : { group: { serviceId, start } };
    const own = visits.get(staff);
    if (own === undefined) visits.set(staff, [{ from, to, ...group }]);
    else own.push({ from, to, ...group });
  }
  return visits;
}

function hoursOf(rows: ScheduleRow['hours'], staffId: number): WorkingHours {
  const weekly = new Map<number, DayInterval[]>();
  const dated = new Map<LocalDate, DayInterval[]>();
  for (const { staff, weekday, date, opens, closes } of rows) {
    if (staff === staffId) {
      const own = opens === null || closes === null ? [] : [{ opens, closes }];
      if (date !== null) {
        dated.set(date, [...(dated.get(date) ?? []), ...own]);
      } else if (weekday !== null) {
        weekly.set(weekday, [...(weekly.get(weekday) ?? []), ...own]);
      }
    }
  }
  return { weekly, dated };
}
