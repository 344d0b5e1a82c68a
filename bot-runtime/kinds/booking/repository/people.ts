/** Owns who talks to the bot: customers in `users`, their language, and whether they are an admin. */
import * as z from 'zod';
import type { Queryable } from '#core/postgres/database.ts';
import { type Access, may, type Right } from '../domain/rights.ts';
import type { Locale } from '../texts/locale.ts';

/** One person as the bot knows them. */
export interface Person {
  /** The row in `users`. */
  readonly id: number;
  readonly telegramId: number;
  /** The name that is written down. */
  readonly name: string;
  readonly locale: Locale;
  readonly blocked: boolean;
  /** Works here, so that they have a menu of their own. */
  readonly admin: boolean;
  /** What they may do as somebody who works here. */
  readonly access: Access | undefined;
  /** The member of staff that they are. */
  readonly staffId: number | undefined;
  /** They have left a phone number, or were asked for one. */
  readonly contactSettled: boolean;
  /** Agreed to hear news. */
  readonly consented: boolean;
}

/** How to write down somebody who is not known yet. */
export interface Newcomer {
  readonly telegramId: number;
  readonly name: string;
  readonly locale: Locale;
}

const personRow = z
  .object({
    id: z.coerce.number().int(),
    name: z.string(),
    locale: z.enum(['en', 'ru']),
    blocked: z.boolean(),
    role: z.enum(['owner', 'manager', 'staff']).nullable(),
    rights: z.array(z.string()).nullable(),
    staff_id: z.coerce.number().int().nullable(),
    contact_settled: z.boolean(),
    consented: z.boolean(),
  })
  .transform(({ contact_settled: contactSettled, staff_id: staffId, ...rest }) => ({
    ...rest,
    contactSettled,
    staffId: staffId ?? undefined,
  }));
const OWNER: Access = { role: 'owner', rights: [] };

const COLUMNS = `id, name, locale, blocked, phone IS NOT NULL OR contact_asked_at IS NOT NULL AS contact_settled,
  consent_at IS NOT NULL AS consented,
  (SELECT role FROM admins WHERE admins.telegram_id = users.telegram_id AND removed_at IS NULL) AS role,
  (SELECT rights FROM admins WHERE admins.telegram_id = users.telegram_id AND removed_at IS NULL) AS rights,
  (SELECT id FROM staff WHERE staff.telegram_id = users.telegram_id AND active) AS staff_id`;

/** Finds the person, or writes them down. Somebody known keeps the language they chose. */
export async function meetPerson(source: Queryable, newcomer: Newcomer, ownerId: number): Promise<Person> {
  const { telegramId, name, locale } = newcomer;
  const known = await source.query(`SELECT ${COLUMNS} FROM users WHERE telegram_id = $1`, [telegramId]);
  const { rows } =
    known.rowCount > 0
      ? known
      : await source.query(
          `INSERT INTO users (telegram_id, name, locale) VALUES ($1, $2, $3)
           ON CONFLICT (telegram_id) DO UPDATE SET name = excluded.name RETURNING ${COLUMNS}`,
          [telegramId, name, locale],
        );
  const { role, rights, ...person } = personRow.parse(rows[0]);
  const access = telegramId === ownerId ? OWNER : role === null ? undefined : { role, rights: rights ?? [] };
  return { ...person, telegramId, admin: access !== undefined, access };
}

/** True for somebody who works here and may do this. */
export function personMay({ access }: Pick<Person, 'access'>, right: Right): boolean {
  return access !== undefined && may(access, right);
}

/** True when the calendar of this member (undefined: of everybody) is theirs to see and to change. */
export function mayTouch(person: Pick<Person, 'access' | 'staffId'>, staffId: number | undefined): boolean {
  if (personMay(person, 'calendar_all')) return true;
  return personMay(person, 'calendar_own') && staffId !== undefined && staffId === person.staffId;
}

/** Writes down the name that the person goes by now. */
export async function renamePerson(source: Queryable, id: number, name: string): Promise<void> {
  await source.query('UPDATE users SET name = $2 WHERE id = $1 AND name <> $2', [id, name]);
}

/** Writes down the language that the person chose. */
export async function chooseLocale(source: Queryable, id: number, locale: Locale): Promise<void> {
  await source.query('UPDATE users SET locale = $2 WHERE id = $1 AND locale <> $2', [id, locale]);
}

/**
 * Somebody has proven that a number is theirs: whoever was written down by hand under it is them. Their visits, places in
 * line and what colleagues noted are theirs from now on. Answers the visits ahead that came with it.
 */
export async function adoptByPhone(tx: Queryable, id: number, phone: string, now: number): Promise<number[]> {
  const { rows } = await tx.query<{ id: string; note: string | null }>(
    `SELECT id, note FROM users WHERE telegram_id IS NULL AND ltrim(phone, '+') = ltrim($1, '+') AND id <> $2 FOR UPDATE`,
    [phone, id],
  );
  const before = rows.map((row) => Number(row.id));
  if (before.length === 0) return [];
  const note = rows.map((row) => row.note).find((each) => each !== null) ?? null;
  await tx.query('UPDATE users SET note = coalesce(note, $2) WHERE id = $1', [id, note]);
  for (const table of ['bookings', 'waiting_list', 'notices'])
    await tx.query(`UPDATE ${table} SET user_id = $1 WHERE user_id = ANY ($2)`, [id, before]);
  await tx.query('DELETE FROM users WHERE id = ANY ($1)', [before]);
  const { rows: ahead } = await tx.query<{ id: string }>(
    `SELECT id FROM bookings WHERE user_id = $1 AND status = 'confirmed' AND lower(during) > $2`,
    [id, new Date(now)],
  );
  return ahead.map((row) => Number(row.id));
}

/** Whether they want to hear news now. */
export async function hasConsented(source: Queryable, id: number): Promise<boolean> {
  const { rowCount } = await source.query('SELECT FROM users WHERE id = $1 AND consent_at IS NOT NULL', [id]);
  return rowCount > 0;
}

/** Writes down whether they want to hear news. */
export async function settleConsent(source: Queryable, id: number, on: boolean, now: number): Promise<void> {
  await source.query('UPDATE users SET consent_at = CASE WHEN $2 THEN coalesce(consent_at, $3) END WHERE id = $1', [
    id,
    on,
    new Date(now),
  ]);
}

/** Writes down how to reach them, or with no number only that they were asked. */
export async function settleContact(source: Queryable, id: number, phone: string | null, now: number): Promise<void> {
  await source.query(
    'UPDATE users SET phone = coalesce($2, phone), contact_asked_at = coalesce(contact_asked_at, $3) WHERE id = $1',
    [id, phone, new Date(now)],
  );
}
