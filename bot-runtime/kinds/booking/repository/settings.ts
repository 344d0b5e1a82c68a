/** Owns the tenant's settings: rows of `settings`, each with a default from the code or the installation. */
import * as z from 'zod';
import type { KindLimits, TenantProfile } from '#bot-runtime/runtime/kind.ts';
import type { Queryable } from '#core/postgres/database.ts';
import type { BookingRules } from '../domain/offers.ts';
import { REMINDER_KIND, type ReminderKind } from '../domain/reminders.ts';
import { isZoneName, type Zone, zoneOf } from '../domain/zone.ts';

/** What the tenant has decided, or else the defaults. */
export interface BookingSettings extends BookingRules {
  readonly company: string;
  readonly currency: string;
  readonly maxBookingsPerUser: number;
  readonly cancellationHours: number;
  /** When customers are reminded of a visit. */
  readonly reminders: readonly ReminderKind[];
  /** Ask a new customer for a phone number, once. */
  readonly askContact: boolean;
  /** How long a time that has become free is kept for the next in line. */
  readonly offerMinutes: number;
  /** How long after a visit the customer is asked how it was; 0: never. */
  readonly reviewAfterMinutes: number;
  /** When the owner hears in the morning what the day brings, in minutes of the wall clock; undefined: never. */
  readonly digestAt: number | undefined;
  /** How fast one person may write and press, in seconds between two; 0: as fast as they like. */
  readonly rateLimitMessageSeconds: number;
  readonly rateLimitCallbackSeconds: number;
  readonly address: string | undefined;
  readonly place: { readonly latitude: number; readonly longitude: number } | undefined;
}

/** What stands in for a setting that the tenant has not made. */
export interface SettingDefaults {
  readonly tenant: TenantProfile;
  readonly limits: KindLimits;
}

const row = z.object({ key: z.string(), value: z.unknown() });
const count = (min: number, max: number) => z.number().int().min(min).max(max);
const seconds = z.number().min(0).max(10);
const placeSchema = z.object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) });
const zones = new Map<string, Zone>();

/** Reads all settings. A value that its schema refuses counts as not made, so that no row can stop the bot. */
export async function loadSettings(source: Queryable, { tenant, limits }: SettingDefaults): Promise<BookingSettings> {
  const { rows } = await source.query('SELECT key, value FROM settings');
  const made = new Map(rows.map((each) => row.parse(each)).map(({ key, value }) => [key, value]));
  const read = <T>(key: string, schema: z.ZodType<T>, fallback: T): T => {
    const result = schema.safeParse(made.get(key));
    return result.success ? result.data : fallback;
  };
  return {
    company: read('company', z.string().min(1).max(128), tenant.company),
    currency: read('currency', z.string().regex(/^[A-Z]{3}$/), 'RUB'),
    zone: knownZone(read('time_zone', z.string().refine(isZoneName), tenant.timeZone)),
    slotStepMinutes: read('slot_step_minutes', count(15, 240), 30),
    leadMinutes: read('lead_minutes', count(0, 10_080), 60),
    horizonDays: read('horizon_days', count(1, 365), 60),
    maxBookingsPerUser: read('max_bookings_per_user', count(1, 1_000), limits.maxBookingsPerUser),
    cancellationHours: read('cancellation_hours', count(0, 720), limits.cancellationHours),
    reminders: read('reminders', z.array(z.string().regex(REMINDER_KIND)).max(5), ['24h', '2h', '1h']),
    askContact: read('ask_contact', z.boolean(), true),
    offerMinutes: read('offer_minutes', count(5, 1_440), 30),
    reviewAfterMinutes: read('review_after_minutes', count(0, 10_080), 60),
    digestAt: read('digest_at', count(0, 1_439).or(z.null()), 480) ?? undefined,
    rateLimitMessageSeconds: read('rate_limit_message_seconds', seconds, limits.rateLimitMessageSeconds),
    rateLimitCallbackSeconds: read('rate_limit_callback_seconds', seconds, limits.rateLimitCallbackSeconds),
    address: read('address', z.string().min(1).max(512).optional(), undefined),
    place: read('place', placeSchema.optional(), undefined),
  };
}

/** A zone keeps its formatter, which is dear to make; a process serves one tenant, so this holds one or two. */
function knownZone(name: string): Zone {
  const kept = zones.get(name);
  if (kept !== undefined) {
    return kept;
  }
  const zone = zoneOf(isZoneName(name) ? name : 'UTC');
  zones.set(name, zone);
  return zone;
}
