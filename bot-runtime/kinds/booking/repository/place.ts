/**
 * Owns the steps that booking, moving and offering a visit share: the locks, the look at what is free under them, and the
 * rows that go with a visit. Everybody locks the customer first, then services, then members in the order of their ids.
 */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { type Offer, offersBetween } from '../domain/offers.ts';
import { planReminders } from '../domain/reminders.ts';
import { nearestSlots } from '../domain/slots.ts';
import { addDays } from '../domain/zone.ts';
import type { Actor } from './bookings.ts';
import { adoptByPhone } from './people.ts';
import { loadSchedule, type Schedule } from './schedule.ts';
import { type BookingSettings, loadSettings, type SettingDefaults } from './settings.ts';

/** What is wanted: services with a member (undefined: anyone) at an instant. */
export interface Wish {
  readonly serviceIds: readonly number[];
  readonly staffId: number | undefined;
  /** Milliseconds since the epoch. */
  readonly start: number;
  /** The booking that shall be moved there. */
  readonly moving?: number | undefined;
}

/** A visit that is to be written down. */
export interface NewVisit {
  readonly userId: number;
  readonly schedule: Schedule;
  readonly start: number;
  readonly end: number;
  readonly staffId: number;
  readonly status: 'pending' | 'confirmed';
  readonly updateId: number | undefined;
  /** Who booked it; nobody has yet when it is only offered. */
  readonly by?: Actor;
}

const EXCLUSION_VIOLATION = '23P01';
const NEAREST = 6;
const MINUTE = 60_000;
const idRow = z.object({ id: z.coerce.number().int() });
const timesRow = z.object({ begins: z.date(), ends: z.date() });

/** True when the database itself refused: two visits of one member would overlap. */
export function isOverlap(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === EXCLUSION_VIOLATION;
}

/** Locks first and reads after, so that what is read holds until the commit. */
export async function lockedSchedule(
  tx: Queryable,
  settings: BookingSettings,
  { serviceIds, staffId, start, moving }: Wish,
): Promise<Schedule | undefined> {
  await tx.query(
    `WITH services AS MATERIALIZED (SELECT id FROM services WHERE id = ANY ($1) ORDER BY id FOR SHARE),
     members AS MATERIALIZED (SELECT id FROM staff WHERE active AND (service_ids IS NULL OR service_ids @> $1)
       AND ($2::bigint IS NULL OR id = $2) ORDER BY id FOR NO KEY UPDATE)
     SELECT (SELECT count(*) FROM services), (SELECT count(*) FROM members)`,
    [serviceIds, staffId ?? null],
  );
  const { date } = settings.zone.wallClock(start);
  const schedule = await loadSchedule(tx, { serviceIds, staffId, first: date, last: date, moving });
  return schedule === undefined || schedule.members.length === 0 ? undefined : schedule;
}

/** The free times nearest to a wish, earliest first. */
export async function nearestOffers(
  database: Database,
  settings: BookingSettings,
  { serviceIds, staffId, start, moving }: Wish,
  now: number,
): Promise<Offer[]> {
  const today = settings.zone.wallClock(now).date;
  const { date } = settings.zone.wallClock(Math.max(start, now));
  const first = date > today ? addDays(date, -1) : today;
  const range = [first, addDays(date, 3)] as const;
  const schedule = await loadSchedule(database, { serviceIds, staffId, first, last: range[1], moving });
  if (schedule === undefined) {
    return [];
  }
  const offers = offersBetween(schedule.service, schedule.members, settings, now, range);
  const near = nearestSlots(
    offers.map((offer) => ({ ...offer, seats: 1 })),
    start,
    NEAREST,
  );
  const starts = new Set(near.map((slot) => slot.start));
  return offers.filter((offer) => starts.has(offer.start));
}

/** How many visits the customer has ahead. */
export async function countAhead(tx: Queryable, userId: number, now: number): Promise<number> {
  const { rows } = await tx.query<{ count: string }>(
    `SELECT count(*) FROM bookings WHERE user_id = $1 AND status IN ('pending', 'confirmed') AND upper(during) > $2`,
    [userId, new Date(now)],
  );
  return Number(rows[0]?.count ?? 0);
}

/** Writes a visit down with the prices and buffers of its services; answers its number. */
export async function insertVisit(tx: Queryable, visit: NewVisit, now: number): Promise<number> {
  const { service } = visit.schedule;
  const { rows } = await tx.query(
    `WITH booked AS (
       INSERT INTO bookings (user_id, service_id, more_service_ids, staff_id, during, status, capacity,
         buffer_before_minutes, buffer_after_minutes, price_kopecks, currency, source_update_id, created_at, updated_at)
       VALUES ($1, $2, $3, $4, tstzrange($5, $6), $7, $8, $9, $10, $11, $12, $13, $14, $14) RETURNING id, status
     ), noted AS (
       INSERT INTO booking_history (booking_id, to_status, actor, actor_telegram_id, at)
       SELECT id, status, $15, $16, $14 FROM booked WHERE $15::text IS NOT NULL
     )
     SELECT id FROM booked`,
    [
      visit.userId,
      service.serviceIds[0],
      service.serviceIds.slice(1),
      visit.staffId,
      new Date(visit.start),
      new Date(visit.end),
      visit.status,
      service.capacity,
      service.bufferBeforeMinutes,
      service.bufferAfterMinutes,
      service.priceKopecks,
      service.currency,
      visit.updateId ?? null,
      new Date(now),
      visit.by?.kind ?? null,
      visit.by?.telegramId ?? null,
    ],
  );
  return idRow.parse(rows[0]).id;
}

/**
 * Plans what a visit brings with it: its reminders and the question how it was. Whatever was planned before and is not
 * said yet goes. Who has no Telegram gets neither. Answers when the first of it is due.
 */
export async function planAhead(
  tx: Queryable,
  settings: BookingSettings,
  visit: { readonly id: number; readonly start: number; readonly end: number },
  now: number,
): Promise<number | undefined> {
  const reminders = planReminders(settings.reminders, settings.zone, visit.start, now);
  const review = settings.reviewAfterMinutes === 0 ? undefined : visit.end + settings.reviewAfterMinutes * MINUTE;
  // What was there is taken over where it is still meant; a reminder that was sent before is to be sent again.
  await tx.query(
    `WITH reached AS (
       SELECT b.id, b.user_id FROM bookings b JOIN users u ON u.id = b.user_id
       WHERE b.id = $1 AND u.telegram_id IS NOT NULL
     ), later AS (
       SELECT * FROM unnest($2::text[], $3::timestamptz[]) AS later (kind, due) WHERE EXISTS (SELECT FROM reached)
     ), forgotten AS (
       DELETE FROM reminders WHERE booking_id = $1 AND kind <> ALL ($2)
     ), planned AS (
       INSERT INTO reminders (booking_id, kind, due_at) SELECT $1, kind, due FROM later
       ON CONFLICT (booking_id, kind) DO UPDATE SET due_at = excluded.due_at, attempts = 0, claimed_until = NULL,
         outcome = NULL, sent_at = NULL
     ), unasked AS (
       DELETE FROM notices WHERE booking_id = $1 AND kind = 'review' AND outcome IS NULL AND $4::timestamptz IS NULL
     )
     INSERT INTO notices (user_id, kind, booking_id, unique_key, due_at)
     SELECT user_id, 'review', id, 'review:' || id, $4 FROM reached WHERE $4::timestamptz IS NOT NULL
     ON CONFLICT (unique_key) DO UPDATE SET due_at = excluded.due_at, attempts = 0 WHERE notices.outcome IS NULL`,
    [
      visit.id,
      reminders.map(({ kind }) => kind),
      reminders.map(({ due }) => new Date(due)),
      review === undefined ? null : new Date(review),
    ],
  );
  return reminders[0]?.due ?? review;
}

/** Plans anew what every visit ahead brings with it: how customers are reminded or asked has changed. */
export async function planAllAhead(database: Database, defaults: SettingDefaults, now: number): Promise<void> {
  const settings = await loadSettings(database, defaults);
  const { rows } = await database.query(`SELECT id FROM bookings WHERE status = 'confirmed' AND upper(during) > $1`, [
    new Date(now),
  ]);
  for (const { id } of rows.map((row) => idRow.parse(row)))
    await database.transaction((tx) => planAnew(tx, settings, id, now));
}

/** What was booked by hand for somebody whose number this proves to be is theirs, and reminds them. */
export async function adoptVisits(
  database: Database,
  defaults: SettingDefaults,
  { id, phone }: { readonly id: number; readonly phone: string },
  now: number,
): Promise<void> {
  await database.transaction(async (tx) => {
    const ahead = await adoptByPhone(tx, id, phone, now);
    const settings = ahead.length === 0 ? undefined : await loadSettings(tx, defaults);
    for (const booking of ahead) if (settings !== undefined) await planAnew(tx, settings, booking, now);
  });
}

async function planAnew(tx: Queryable, settings: BookingSettings, id: number, now: number): Promise<void> {
  const { rows } = await tx.query(
    `SELECT lower(during) AS begins, upper(during) AS ends FROM bookings WHERE id = $1 AND status = 'confirmed' FOR UPDATE`,
    [id],
  );
  if (rows[0] === undefined) return;
  const { begins, ends } = timesRow.parse(rows[0]);
  await planAhead(tx, settings, { id, start: begins.getTime(), end: ends.getTime() }, now);
}

/** Writes a line of a booking's history. */
export async function note(
  tx: Queryable,
  entry: {
    readonly bookingId: number;
    readonly from: string | undefined;
    readonly to: string;
    readonly actor: Actor;
    readonly details?: object;
  },
  now: number,
): Promise<void> {
  await tx.query(
    `INSERT INTO booking_history (booking_id, from_status, to_status, actor, actor_telegram_id, details, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      entry.bookingId,
      entry.from ?? null,
      entry.to,
      entry.actor.kind,
      entry.actor.telegramId ?? null,
      entry.details ?? {},
      new Date(now),
    ],
  );
}
