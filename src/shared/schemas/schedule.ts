/** What a schedule is made of, as commands, screens and the control plane understand it. */
import * as z from 'zod';

/** What happens when a run is due while the one before it has not ended. */
export const OVERLAP_POLICIES = ['forbid', 'queue', 'replace'] as const;

/** See {@link OVERLAP_POLICIES}. */
export type OverlapPolicy = (typeof OVERLAP_POLICIES)[number];

/** True for an IANA zone that this machine knows. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** An IANA zone. */
export const timeZoneSchema = z.string().refine(isTimeZone, 'expected an IANA time zone such as Europe/Moscow or UTC');

/** The name of a schedule. */
export const scheduleNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,39}$/, 'expected small letters, digits and hyphens, such as backup-hourly');

/** When, and by which rules. Times in seconds. */
const scheduleRulesSchema = z.object({
  /** Five fields, or six with seconds first. */
  expression: z.string().trim().min(1).max(200),
  zone: timeZoneSchema,
  overlap: z.enum(OVERLAP_POLICIES).default('forbid'),
  startDeadlineSeconds: z.number().int().min(1).max(86_400).default(300),
  catchUp: z.boolean().default(true),
  timeoutSeconds: z
    .number()
    .int()
    .min(1)
    .max(7 * 86_400)
    .default(3_600),
  retries: z.number().int().min(0).max(20).default(0),
  backOffSeconds: z.number().int().min(1).max(86_400).default(60),
});

/** A schedule as it is asked for. */
export const scheduleRequestSchema = scheduleRulesSchema.extend({
  name: scheduleNameSchema,
  job: z.string().min(1).max(60),
  payload: z.record(z.string(), z.unknown()).default({}),
});

/** See {@link scheduleRequestSchema}. */
export type ScheduleRequest = z.output<typeof scheduleRequestSchema>;
