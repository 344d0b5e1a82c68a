/** The one way to read the environment: a zod schema, parsed once in an entry file, every bad variable named. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { BotpoolError } from '#shared/errors/botpool-error.ts';

/**
 * Parses variables. `NAME_FILE` stands for the content of a file, as with the official images, so that secrets need
 * not be in the environment. Fails with `config_invalid`, which lists every variable that is wrong and why.
 */
export function parseEnvironment<S extends z.ZodObject>(
  schema: S,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<S> {
  // `NAME=` in a file means: not set.
  const values = Object.fromEntries(
    Object.keys(schema.shape).map((name) => [
      name,
      environment[name] || fileValue(environment[`${name}_FILE`]) || undefined,
    ]),
  );
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${problemOf(issue)}`);
  throw new BotpoolError('config_invalid', { problems: problems.join('; ') });
}

function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `expected a ${issue.expected}`;
  return issue.message.replace('Invalid input: ', '');
}

function fileValue(path: string | undefined): string | undefined {
  return path === undefined ? undefined : readFileSync(path, 'utf8').trim();
}

/** A port number. */
export const portVariable = z.coerce.number().int().min(1).max(65_535);

/** The limits of booking bots, as operators know them. */
export const limitVariables = {
  MAX_BOOKINGS_PER_USER: z.coerce.number().int().min(1).default(5),
  CANCELLATION_HOURS: z.coerce.number().int().min(0).default(24),
  WORK_HOURS_START: z.coerce.number().int().min(0).max(23).default(9),
  WORK_HOURS_END: z.coerce.number().int().min(1).max(24).default(18),
  RATE_LIMIT_MESSAGE: z.coerce.number().min(0).default(0.5),
  RATE_LIMIT_CALLBACK: z.coerce.number().min(0).default(0.3),
} as const;
