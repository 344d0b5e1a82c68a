/** Owns what the owner changes about services beside adding and hiding them. Nothing that bookings point at is deleted. */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { asAdmin, type OwnerRequest } from './admin-actions.ts';
import { refuseSameName, unlessNameTaken } from './owner.ts';

/** A service as its owner sees it. */
export interface ServiceDetails {
  readonly id: number;
  readonly name: string;
  readonly durationMinutes: number;
  readonly priceKopecks: number;
  readonly currency: string;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
  readonly capacity: number;
  readonly active: boolean;
  readonly photo: string | undefined;
  /** Visits ahead that it is part of. */
  readonly ahead: number;
}

/** What can be changed, and the column that holds it. */
const COLUMNS = {
  name: 'name',
  durationMinutes: 'duration_minutes',
  priceKopecks: 'price_kopecks',
  bufferBeforeMinutes: 'buffer_before_minutes',
  bufferAfterMinutes: 'buffer_after_minutes',
  capacity: 'capacity',
  photo: 'photo_file_id',
} as const;
/** One of the things that can be changed. */
export type ServiceField = keyof typeof COLUMNS;

const detailsRow = z
  .object({
    id: z.coerce.number().int(),
    name: z.string(),
    duration_minutes: z.number().int(),
    price_kopecks: z.coerce.number().int(),
    currency: z.string(),
    buffer_before_minutes: z.number().int(),
    buffer_after_minutes: z.number().int(),
    capacity: z.number().int(),
    active: z.boolean(),
    photo_file_id: z.string().nullable(),
    ahead: z.number().int(),
  })
  .transform(
    (row): ServiceDetails => ({
      id: row.id,
      name: row.name,
      durationMinutes: row.duration_minutes,
      priceKopecks: row.price_kopecks,
      currency: row.currency,
      bufferBeforeMinutes: row.buffer_before_minutes,
      bufferAfterMinutes: row.buffer_after_minutes,
      capacity: row.capacity,
      active: row.active,
      photo: row.photo_file_id ?? undefined,
      ahead: row.ahead,
    }),
  );

/** One service; undefined when there is none. */
export async function serviceDetails(source: Queryable, id: number, now: number): Promise<ServiceDetails | undefined> {
  const { rows } = await source.query(
    `SELECT s.*, (SELECT count(*) FROM bookings WHERE (service_id = s.id OR s.id = ANY (more_service_ids))
       AND status IN ('pending', 'confirmed') AND upper(during) > $2)::integer AS ahead
     FROM services s WHERE id = $1`,
    [id, new Date(now)],
  );
  return rows[0] === undefined ? undefined : detailsRow.parse(rows[0]);
}

/** Changes one thing about a service. Bookings keep the time, the seats and the price that they were made with. */
export async function changeService(
  database: Database,
  request: OwnerRequest,
  service: ServiceDetails,
  { field, value }: { readonly field: ServiceField; readonly value: string | number | null },
  now: number,
): Promise<'changed' | 'name_taken'> {
  const details = { service: service.name, field, from: service[field] ?? null, to: value };
  return await unlessNameTaken('changed', () =>
    asAdmin(database, request, { action: 'service.change', details }, now, async (tx) => {
      if (field === 'name' && service.active) await refuseSameName(tx, String(value), service.id);
      await tx.query(`UPDATE services SET ${COLUMNS[field]} = $2 WHERE id = $1`, [service.id, value]);
    }),
  );
}

/** Moves a service one place up or down among those that customers see, or among the hidden ones. */
export async function moveService(
  database: Database,
  request: OwnerRequest,
  {
    id,
    name,
    active,
    up,
  }: { readonly id: number; readonly name: string; readonly active: boolean; readonly up: boolean },
  now: number,
): Promise<void> {
  const action = { action: 'service.move', details: { service: name, up } } as const;
  await asAdmin(database, request, action, now, async (tx) => {
    const { rows } = await tx.query<{ id: string }>(
      'SELECT id FROM services WHERE active = $1 ORDER BY position, id FOR UPDATE',
      [active],
    );
    const order = rows.map((row) => Number(row.id));
    const at = order.indexOf(id);
    const other = order[at + (up ? -1 : 1)];
    if (at < 0 || other === undefined) return;
    order[at + (up ? -1 : 1)] = id;
    order[at] = other;
    await tx.query(
      `UPDATE services SET position = place - 1 FROM unnest($1::bigint[]) WITH ORDINALITY AS line (service, place)
       WHERE services.id = line.service`,
      [order],
    );
  });
}
