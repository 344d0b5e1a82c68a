/** Owns when members are away: blocks of time, the visits that stand in them, and what becomes of those. */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { asAdmin, type OwnerRequest } from './admin-actions.ts';
import { moveBooking } from './bookings.ts';
import { cancelBooking, type DeskBooking, findAnyBooking } from './desk.ts';
import { addNotice } from './notices.ts';

/** Time that nobody can book. Instants in milliseconds since the epoch. */
export interface Block {
  readonly id: number;
  /** Undefined: everybody. */
  readonly staffId: number | undefined;
  readonly staff: string | undefined;
  readonly from: number;
  readonly to: number;
  readonly reason: string | undefined;
}

/** A block that is to be. */
export type NewBlock = Omit<Block, 'id' | 'staff'>;

const blockRow = z
  .object({
    id: z.coerce.number().int(),
    staff_id: z.coerce.number().int().nullable(),
    staff: z.string().nullable(),
    begins: z.date(),
    ends: z.date(),
    reason: z.string().nullable(),
  })
  .transform(
    (row): Block => ({
      id: row.id,
      staffId: row.staff_id ?? undefined,
      staff: row.staff ?? undefined,
      from: row.begins.getTime(),
      to: row.ends.getTime(),
      reason: row.reason ?? undefined,
    }),
  );
const SELECT = `SELECT k.id, k.staff_id, m.name AS staff, lower(k.during) AS begins, upper(k.during) AS ends, k.reason
  FROM blocked_slots k LEFT JOIN staff m ON m.id = k.staff_id`;

/** The blocks that touch a time, in order, at most 20. */
export async function blocksWithin(source: Queryable, from: number, to: number): Promise<Block[]> {
  const { rows } = await source.query(
    `${SELECT} WHERE k.during && tstzrange($1, $2) ORDER BY lower(k.during), k.id LIMIT 20`,
    [new Date(from), new Date(to)],
  );
  return rows.map((row) => blockRow.parse(row));
}

/** One block. */
export async function findBlock(source: Queryable, id: number): Promise<Block | undefined> {
  const { rows } = await source.query(`${SELECT} WHERE k.id = $1`, [id]);
  return rows[0] === undefined ? undefined : blockRow.parse(rows[0]);
}

/**
 * Blocks a time under the locks that booking takes, so that from then on nobody can book it. Visits that stand in it stay;
 * what was only offered to somebody in line is taken back. Asking again answers the same block.
 */
export async function addBlock(
  database: Database,
  request: OwnerRequest,
  block: NewBlock,
  now: number,
): Promise<Block> {
  const values = [block.staffId ?? null, new Date(block.from), new Date(block.to), block.reason ?? null] as const;
  await asAdmin(database, request, { action: 'block.add', details: block }, now, async (tx) => {
    await tx.query('SELECT FROM staff WHERE $1::bigint IS NULL OR id = $1 ORDER BY id FOR NO KEY UPDATE', [values[0]]);
    await tx.query('INSERT INTO blocked_slots (staff_id, during, reason) VALUES ($1, tstzrange($2, $3), $4)', [
      ...values,
    ]);
    for (const id of await bookingsIn(tx, block, 'pending', now))
      await moveBooking(tx, id, 'cancelled', { kind: 'admin', telegramId: request.telegramId }, now);
  });
  const { rows } = await database.query(
    `${SELECT} WHERE k.staff_id IS NOT DISTINCT FROM $1::bigint AND k.during = tstzrange($2, $3)
       AND k.reason IS NOT DISTINCT FROM $4::text ORDER BY k.id DESC LIMIT 1`,
    [...values],
  );
  return blockRow.parse(rows[0]);
}

/** Lifts a block; who was asked to choose another time because of it need not any more. False when there is none. */
export async function liftBlock(database: Database, request: OwnerRequest, id: number, now: number): Promise<boolean> {
  const block = await findBlock(database, id);
  if (block === undefined) return false;
  const { staffId, from, to } = block;
  return await asAdmin(database, request, { action: 'block.lift', details: { staffId, from, to } }, now, async (tx) => {
    await tx.query('DELETE FROM blocked_slots WHERE id = $1', [id]);
    const asked = await bookingsIn(tx, block, 'confirmed', now);
    await tx.query('UPDATE bookings SET asked_to_move_at = NULL WHERE id = ANY ($1)', [asked]);
  });
}

/** The visits ahead that stand in a block, in order. */
export async function visitsIn(source: Queryable, block: NewBlock, now: number): Promise<DeskBooking[]> {
  const found = await Promise.all(
    (await bookingsIn(source, block, 'confirmed', now)).map((id) => findAnyBooking(source, id)),
  );
  return found.filter((booking) => booking !== undefined);
}

/** Asks the customer of a visit to choose another time, once for each block. Until then the visit stays as it is. */
export async function askToMove(database: Database, booking: DeskBooking, blockId: number, now: number): Promise<void> {
  const { id: bookingId, customerId: userId } = booking;
  await database.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      `UPDATE bookings SET asked_to_move_at = $2 WHERE id = $1 AND status = 'confirmed'`,
      [bookingId, new Date(now)],
    );
    const uniqueKey = `desk_ask_move:${bookingId}:${blockId}`;
    if (rowCount > 0) await addNotice(tx, { userId, kind: 'desk_ask_move', bookingId, uniqueKey, due: now });
  });
}

/** Cancels every visit ahead that stands in a block, and lets the customers know. Answers how many were cancelled now. */
export async function cancelVisitsIn(
  database: Database,
  request: OwnerRequest,
  block: Block,
  now: number,
): Promise<number> {
  const visits = await visitsIn(database, block, now);
  let cancelled = 0;
  const bookings = visits.map(({ id }) => id);
  await asAdmin(database, request, { action: 'block.cancel', details: { bookings } }, now, async (tx) => {
    for (const visit of visits) cancelled += (await cancelBooking(tx, request, visit, now)) ? 1 : 0;
  });
  return cancelled;
}

async function bookingsIn(
  source: Queryable,
  { staffId, from, to }: NewBlock,
  status: 'pending' | 'confirmed',
  now: number,
): Promise<number[]> {
  const { rows } = await source.query<{ id: string }>(
    `SELECT id FROM bookings WHERE during && tstzrange($1, $2) AND ($3::bigint IS NULL OR staff_id = $3) AND status = $4
       AND lower(during) > $5 ORDER BY lower(during), id`,
    [new Date(from), new Date(to), staffId ?? null, status, new Date(now)],
  );
  return rows.map(({ id }) => Number(id));
}
