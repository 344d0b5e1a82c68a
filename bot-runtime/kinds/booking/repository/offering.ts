/** Owns offering a time that has become free to the next in line, and taking back what nobody took. Safe to run twice. */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { type Offer, offersBetween } from '../domain/offers.ts';
import { addNotice } from './notices.ts';
import { countAhead, insertVisit, isOverlap, lockedSchedule } from './place.ts';
import { loadSchedule } from './schedule.ts';
import { type BookingSettings, loadSettings, type SettingDefaults } from './settings.ts';
import { allInLine, lockedEntry, release, setState, type WaitingEntry } from './waiting.ts';

const MINUTE = 60_000;
const lapsedRow = z.object({
  id: z.coerce.number().int(),
  user_id: z.coerce.number().int(),
  status: z.string().nullable(),
});

/** Ends the offers whose time is over, and those whose booking somebody has ended or confirmed; answers how many. */
export async function lapseOffers(database: Database, now: number): Promise<number> {
  const { rows } = await database.query(
    `SELECT w.id, w.user_id, b.status FROM waiting_list w LEFT JOIN bookings b ON b.id = w.booking_id
     WHERE w.state = 'offered' AND (w.offered_until <= $1 OR b.status IS DISTINCT FROM 'pending') ORDER BY w.id LIMIT 100`,
    [new Date(now)],
  );
  for (const row of rows) {
    const { id, user_id: userId } = lapsedRow.parse(row);
    await database.transaction((tx) => lapse(tx, userId, id, now));
  }
  return rows.length;
}

/** Offers each free time to whoever has waited for it longest; answers how many offers were made. */
export async function offerFreed(database: Database, defaults: SettingDefaults, now: number): Promise<number> {
  const settings = await loadSettings(database, defaults);
  const today = settings.zone.wallClock(now).date;
  await database.query(`UPDATE waiting_list SET state = 'over' WHERE state = 'waiting' AND on_date < $1`, [today]);
  // What nothing is free for now is not asked for again until something was given away.
  const nothing = new Set<string>();
  let made = 0;
  for (const entry of await allInLine(database, today)) {
    const wish = [entry.date, entry.staffId ?? 0, ...entry.serviceIds].join(' ');
    if (nothing.has(wish)) continue;
    const offers = await freeFor(database, settings, entry, now);
    if (offers.length === 0) nothing.add(wish);
    const wanted = offers.find(({ start }) => !entry.offeredStarts.has(start));
    if (wanted !== undefined && (await offer(database, settings, entry, wanted.start, now))) made += 1;
  }
  return made;
}

async function lapse(tx: Queryable, userId: number, id: number, now: number): Promise<void> {
  const entry = await lockedEntry(tx, userId, id);
  if (entry === undefined || entry.state !== 'offered') return;
  const { rows } = await tx.query<{ status: string }>('SELECT status FROM bookings WHERE id = $1', [
    entry.bookingId ?? null,
  ]);
  const status = rows[0]?.status;
  if (status === 'pending') {
    const until = entry.offeredUntil ?? now;
    if (now < until) return;
    await release(tx, entry, now);
    const uniqueKey = `offer_lapsed:${id}:${until}`;
    await addNotice(tx, { userId, kind: 'offer_lapsed', details: { entry: id }, uniqueKey, due: now });
  }
  await setState(tx, id, status === 'confirmed' || status === 'done' ? 'booked' : 'waiting');
}

async function freeFor(
  source: Queryable,
  settings: BookingSettings,
  { serviceIds, staffId, date }: WaitingEntry,
  now: number,
): Promise<Offer[]> {
  const schedule = await loadSchedule(source, { serviceIds, staffId, first: date, last: date });
  return schedule === undefined ? [] : offersBetween(schedule.service, schedule.members, settings, now, [date, date]);
}

/** Offers one time under the locks that booking takes; false when it is gone, or they may not have another visit. */
async function offer(
  database: Database,
  settings: BookingSettings,
  { id, userId }: WaitingEntry,
  start: number,
  now: number,
): Promise<boolean> {
  try {
    return await database.transaction(async (tx) => {
      const entry = await lockedEntry(tx, userId, id);
      if (entry === undefined || entry.state !== 'waiting') return false;
      if ((await countAhead(tx, userId, now)) >= settings.maxBookingsPerUser) return false;
      const { serviceIds, staffId } = entry;
      const schedule = await lockedSchedule(tx, settings, { serviceIds, staffId, start });
      if (schedule === undefined) return false;
      const found = (await freeFor(tx, settings, entry, now)).find((each) => each.start === start);
      const memberId = found?.memberIds[0];
      if (found === undefined || memberId === undefined) return false;
      const visit = { userId, schedule, start, end: found.end, staffId: memberId, status: 'pending' } as const;
      const bookingId = await insertVisit(tx, { ...visit, updateId: undefined }, now);
      const until = Math.min(now + settings.offerMinutes * MINUTE, start);
      await tx.query(
        `UPDATE waiting_list SET state = 'offered', booking_id = $2, offered_until = $3,
           offered_starts = offered_starts || $4::timestamptz WHERE id = $1`,
        [id, bookingId, new Date(until), new Date(start)],
      );
      const uniqueKey = `offer:${id}:${start}`;
      await addNotice(tx, { userId, kind: 'offer', bookingId, details: { entry: id }, uniqueKey, due: now });
      return true;
    });
  } catch (error) {
    if (isOverlap(error)) return false;
    throw error;
  }
}
