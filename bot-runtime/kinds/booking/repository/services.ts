/** Owns reading the tenant's services and the members who do them. */
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';

/** One service as people see it. */
export interface Service {
  readonly id: number;
  readonly name: string;
  readonly durationMinutes: number;
  readonly priceKopecks: number;
  readonly currency: string;
  readonly active: boolean;
}

/** One member of staff as people see them. */
export interface StaffMember {
  readonly id: number;
  readonly name: string;
}

const serviceRow = z
  .object({
    id: z.coerce.number().int(),
    name: z.string(),
    duration_minutes: z.number().int(),
    price_kopecks: z.coerce.number().int(),
    currency: z.string(),
    active: z.boolean(),
  })
  .transform(
    ({ duration_minutes: durationMinutes, price_kopecks: priceKopecks, ...rest }): Service => ({
      ...rest,
      durationMinutes,
      priceKopecks,
    }),
  );
const staffRow = z.object({ id: z.coerce.number().int(), name: z.string() });

const COLUMNS = 'id, name, duration_minutes, price_kopecks, currency, active';

/** The services that customers see, in the owner's order, at most 50. */
export async function activeServices(source: Queryable): Promise<Service[]> {
  const { rows } = await source.query(`SELECT ${COLUMNS} FROM services WHERE active ORDER BY position, id LIMIT 50`);
  return rows.map((row) => serviceRow.parse(row));
}

/** All services for the owner: those that customers see first, at most 50. */
export async function allServices(source: Queryable): Promise<Service[]> {
  const { rows } = await source.query(`SELECT ${COLUMNS} FROM services ORDER BY active DESC, position, id LIMIT 50`);
  return rows.map((row) => serviceRow.parse(row));
}

/** One service that can be booked. */
export async function findActiveService(source: Queryable, id: number): Promise<Service | undefined> {
  const { rows } = await source.query(`SELECT ${COLUMNS} FROM services WHERE id = $1 AND active`, [id]);
  return rows[0] === undefined ? undefined : serviceRow.parse(rows[0]);
}

/** The active members who do a service, in the owner's order, at most 40. */
export async function staffFor(source: Queryable, serviceId: number): Promise<StaffMember[]> {
  const { rows } = await source.query(
    `SELECT id, name FROM staff WHERE active AND (service_ids IS NULL OR $1 = ANY (service_ids))
     ORDER BY position, id LIMIT 40`,
    [serviceId],
  );
  return rows.map((row) => staffRow.parse(row));
}
