/** What the API says of the production check-list: what was looked at, why it matters, and what to do. */
import * as z from 'zod';
import { LOCALES } from '../schemas/tenant.ts';
import { procedure } from './failure.ts';

/** `fail`: mend it before real clients come. `warn`: know it. `unknown`: it could not be looked at. */
export const CHECK_STATES = ['ok', 'warn', 'fail', 'unknown'] as const;

/** See {@link CHECK_STATES}. */
export type CheckState = (typeof CHECK_STATES)[number];

/** Every check, in the order in which people read them. */
export const CHECK_IDS = [
  'secret-files',
  'home-folder',
  'environment-file',
  'panel-address',
  'api-tokens',
  'redis-password',
  'redis-address',
  'redis-eviction',
  'postgres-passwords',
  'postgres-address',
  'postgres-connections',
  'isolation',
  'telegram',
  'pool-free',
  'bot-problems',
  'backups',
  'disk',
  'memory',
  'clock',
  'versions',
] as const;

/** See {@link CHECK_IDS}. */
export type CheckId = (typeof CHECK_IDS)[number];

/** One check with its texts in the wanted language. */
const checkSchema = z.object({
  id: z.enum(CHECK_IDS),
  state: z.enum(CHECK_STATES),
  title: z.string(),
  /** What was found. */
  found: z.string(),
  why: z.string(),
  /** What to do. */
  fix: z.string(),
  /** True when Botpool can do it itself. */
  fixable: z.boolean(),
});

/** See `checkSchema`. */
export type Check = z.infer<typeof checkSchema>;

/** The check-list. */
export const checksContract = {
  /** Looks at everything now. */
  run: procedure.read
    .input(z.object({ locale: z.enum(LOCALES).default('en') }))
    .output(z.object({ at: z.date(), checks: z.array(checkSchema) })),
  /** Mends what can be mended without a person, and looks again. Fails with `unsupported` for the others. */
  fix: procedure.admin
    .input(z.object({ id: z.enum(CHECK_IDS), locale: z.enum(LOCALES).default('en') }))
    .output(checkSchema),
};
