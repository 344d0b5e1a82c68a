/** Owns how far the owner has come with setting up the bot, and writing single settings. */
import * as z from 'zod';
import type { Database, Queryable } from '#core/postgres/database.ts';
import { asAdmin, type OwnerRequest } from './admin-actions.ts';

/** The steps of the first set-up. The order is part of buttons. */
export const SETUP_STEPS = ['zone', 'hours', 'service', 'done'] as const;
/** One of them. */
export type SetupStep = (typeof SETUP_STEPS)[number];

/** How far they have come. `left`: they went away and will come back by themselves. */
export interface SetupState {
  readonly step: SetupStep;
  readonly left: boolean;
}

const stateSchema = z.object({ step: z.enum(SETUP_STEPS), left: z.boolean() });
const stateRow = z.object({ setup: z.unknown(), used: z.boolean() });

/** A bot that was used before there was a first set-up counts as set up. */
export async function setupState(source: Queryable): Promise<SetupState> {
  const { rows } = await source.query(
    `SELECT (SELECT value FROM settings WHERE key = 'setup') AS setup,
       EXISTS (SELECT FROM admin_actions) OR EXISTS (SELECT FROM bookings) AS used`,
  );
  const { setup, used } = stateRow.parse(rows[0]);
  const known = stateSchema.safeParse(setup);
  return known.success ? known.data : { step: used ? 'done' : 'zone', left: false };
}

/** Writes down how far they have come. */
export async function noteSetup(source: Queryable, state: SetupState, now: number): Promise<void> {
  await writeSetting(source, 'setup', state, now);
}

/** Makes a setting, or with undefined goes back to its default. */
export async function changeSetting(
  database: Database,
  request: OwnerRequest,
  { key, value }: { readonly key: string; readonly value: unknown },
  now: number,
): Promise<void> {
  const action = value === undefined ? 'setting.reset' : 'setting.set';
  await asAdmin(database, request, { action, details: { key, value } }, now, async (tx) => {
    if (value === undefined) await tx.query('DELETE FROM settings WHERE key = $1', [key]);
    else await writeSetting(tx, key, value, now);
  });
}

/** Takes the seed's sample service away from customers, if nobody has made it their own or booked it. */
export async function hideSample(source: Queryable, keep: string): Promise<void> {
  await source.query(
    `UPDATE services SET active = false WHERE id = (SELECT min(id) FROM services) AND name IN ('Консультация', 'Consultation')
       AND name <> $1 AND price_kopecks = 0 AND NOT EXISTS (SELECT FROM bookings WHERE service_id = services.id)`,
    [keep],
  );
}

async function writeSetting(source: Queryable, key: string, value: unknown, now: number): Promise<void> {
  await source.query(
    `INSERT INTO settings (key, value, updated_at) VALUES ($1, $2, $3)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`,
    [key, JSON.stringify(value), new Date(now)],
  );
}
