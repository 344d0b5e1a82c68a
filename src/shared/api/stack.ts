/** What the API says of everything that one installation runs. */
import * as z from 'zod';
import { procedure } from './failure.ts';

/** One container of the stack. */
const serviceSchema = z.object({
  name: z.string(),
  /** The service's name in Compose, the same for every bot of the pool. */
  service: z.string().nullable(),
  image: z.string(),
  state: z.enum(['created', 'running', 'restarting', 'exited']),
  startedAt: z.date().nullable(),
  exitCode: z.number().int().nullable(),
  /** How often it was started again after it had ended by itself. */
  restarts: z.number().int(),
});

/** See `serviceSchema`. */
export type Service = z.infer<typeof serviceSchema>;

/** The stack and its host. */
export const stackContract = {
  /** Every container, by name. */
  services: procedure.read.output(
    z.object({ engine: z.enum(['docker', 'swarm', 'process']), services: z.array(serviceSchema) }),
  ),
  /** Stops the host and everything that it runs, once it has answered. Data stays. */
  stop: procedure.admin.output(z.object({ stopping: z.literal(true), pid: z.number().int() })),
};
