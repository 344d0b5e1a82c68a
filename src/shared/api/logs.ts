/** What the API says of logs: lines of one container or of all, kept ones first, then new ones as they are written. */
import { eventIterator } from '@orpc/contract';
import * as z from 'zod';
import { procedure } from './failure.ts';

/** One line, without its line end and without anything that looks like a secret. `at`: ms since the epoch. */
const logLineSchema = z.object({
  container: z.string(),
  at: z.number(),
  stream: z.enum(['stdout', 'stderr']),
  text: z.string(),
});

/** See `logLineSchema`. */
export type LogLineView = z.infer<typeof logLineSchema>;

/** Which lines. */
const logRequestSchema = z.object({
  /** Left out: all containers, in the order of time. */
  container: z.string().optional(),
  /** Only the newest so many kept lines of each container. */
  tail: z.number().int().min(0).max(100_000).optional(),
  /** Only lines at or after this instant, in ms since the epoch. */
  since: z.number().optional(),
  /** Go on with new lines. */
  follow: z.boolean().default(false),
});

/** See `logRequestSchema`. */
export type LogRequest = z.output<typeof logRequestSchema>;

/** Reading logs. */
export const logsContract = {
  /** Lines that come close together, together. Fails with `container_unknown`. */
  batches: procedure.read.input(logRequestSchema).output(eventIterator(z.array(logLineSchema))),
  /** The same line by line. */
  follow: procedure.read.input(logRequestSchema).output(eventIterator(logLineSchema)),
};
