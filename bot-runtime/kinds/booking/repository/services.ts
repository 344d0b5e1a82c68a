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

/** The services that a visit consists of, in its order; undefined when one of them cannot be booked any more. */
export async function findVisitServices(source: Queryable, ids: readonly number[]): Promise<Service[] | undefined> {
  const { rows } = await source.query(
    `SELECT ${COLUMNS} FROM services WHERE id = ANY ($1) AND active ORDER BY array_position($1, id)`,
    [ids],
  );
  return rows.length === ids.length ? rows.map((row) => serviceRow.parse(row)) : undefined;
}

/** What a visit could take in as well: services for one customer, which somebody does together with all the others. */
export async function servicesBeside(source: Queryable, ids: readonly number[]): Promise<Service[]> {
  const { rows } = await source.query(
    `SELECT ${COLUMNS} FROM services s WHERE active AND capacity = 1 AND id <> ALL ($1)
       AND NOT EXISTS (SELECT FROM services WHERE id = ANY ($1) AND capacity > 1)
       AND EXISTS (SELECT FROM staff WHERE staff.active AND (service_ids IS NULL OR service_ids @> ($1 || s.id)))
     ORDER BY position, id LIMIT 50`,
    [ids],
  );
  return rows.map((row) => serviceRow.parse(row));
}

/** The active members who do all of these services, in the owner's order, at most 40. */
export async function staffFor(source: Queryable, serviceIds: readonly number[]): Promise<StaffMember[]> {
  const { rows } = await source.query(
    `SELECT id, name FROM staff WHERE active AND (service_ids IS NULL OR service_ids @> $1)
     ORDER BY position, id LIMIT 40`,
    [serviceIds],
  );
  return rows.map((row) => staffRow.parse(row));
}
