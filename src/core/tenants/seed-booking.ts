/**
 * Owns what a fresh booking tenant finds in its schema: its owner, its settings, one member of staff, opening hours and
 * a sample service, so that the bot can be booked at once. It knows neither Telegram nor how a schema is made.
 */
import type { Queryable } from '#core/postgres/database.ts';

/** What seeding must know of the tenant. */
export interface BookingSeedProfile {
  readonly company: string;
  /** The Telegram id of the buyer. */
  readonly ownerId: number;
  readonly locale: 'ru' | 'en';
  /** IANA zone of the tenant's wall clock. */
  readonly timeZone: string;
}

/** Default opening hours, whole hours of the day (0 … 24). */
export interface BookingSeedLimits {
  readonly workHoursStart: number;
  readonly workHoursEnd: number;
}

/** As many as the schema takes for a member's name, which the company's is at first. */
const MOST_CHARACTERS = 128;
const SAMPLE_SERVICE = { ru: 'Консультация', en: 'Consultation' } as const;

// One statement, because activation waits for it. Each part keeps what the owner has changed or removed since: a row
// is added only where its table has none.
const SEED = `
WITH kept_settings AS (
  INSERT INTO settings (key, value, updated_at)
  VALUES ('company', to_jsonb($1::text), $4::timestamptz), ('time_zone', to_jsonb($2::text), $4)
  ON CONFLICT (key) DO NOTHING
), kept_owner AS (
  INSERT INTO admins (telegram_id, role, created_at) VALUES ($3::bigint, 'owner', $4)
  ON CONFLICT (telegram_id) DO NOTHING
), sample_service AS (
  INSERT INTO services (name, duration_minutes, created_at)
  SELECT $5::text, 60, $4 WHERE NOT EXISTS (SELECT FROM services)
), first_member AS (
  INSERT INTO staff (name, created_at) SELECT $1, $4 WHERE NOT EXISTS (SELECT FROM staff) RETURNING id
)
INSERT INTO working_hours (staff_id, weekday, opens_at, closes_at)
SELECT first_member.id, weekday, $6::time, $7::time FROM first_member, generate_series(1, 7) AS weekday`;

/**
 * Fills a tenant's schema with what makes it bookable: open every day at the installation's default hours. Runs one
 * statement under the caller's transaction and `search_path`; running it again changes nothing.
 * @param now milliseconds since the epoch
 */
export async function seedTenant(
  tx: Queryable,
  profile: BookingSeedProfile,
  limits: BookingSeedLimits,
  now: number,
): Promise<void> {
  const [opens, closes] = openingHours(limits);
  const line = profile.company
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim();
  const company = [...line].slice(0, MOST_CHARACTERS).join('') || 'Botpool';
  await tx.query(SEED, [
    company,
    profile.timeZone,
    profile.ownerId,
    new Date(now),
    SAMPLE_SERVICE[profile.locale],
    opens,
    closes,
  ]);
}

/** Impossible limits must not stop a paid activation: they give 9-18. */
function openingHours({ workHoursStart: start, workHoursEnd: end }: BookingSeedLimits): readonly [string, string] {
  const valid = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= 24;
  return valid ? [`${start}:00`, `${end}:00`] : ['9:00', '18:00'];
}
