/** What the API says of everything that one installation runs. */
import { eventIterator } from '@orpc/contract';
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

/** Every container, and what runs them. */
const servicesSchema = z.object({ engine: z.enum(['docker', 'swarm', 'process']), services: z.array(serviceSchema) });

/** See `servicesSchema`. */
export type Services = z.infer<typeof servicesSchema>;

const named = z.object({ name: z.string() });

/** The stack and its host. */
export const stackContract = {
  /** Every container, by name. */
  services: procedure.read.output(servicesSchema),
  /** The same now and after every start and end of a container. */
  watch: procedure.read.output(eventIterator(servicesSchema)),
  /** Ends a container in order and starts it again; an active bot's client is given another one meanwhile. */
  restart: procedure.operate.input(named).output(named),
  /** Brings back what is missing of the services and of the pool. Safe to repeat. */
  repair: procedure.operate.output(z.object({ started: z.array(z.string()) })),
  /** The Compose configuration in force, without secrets; null where Compose does not run the stack. */
  configuration: procedure.inspect.output(z.object({ yaml: z.string().nullable() })),
  /** Stops the host and everything that it runs, once it has answered. Data stays. */
  stop: procedure.admin.output(z.object({ stopping: z.literal(true), pid: z.number().int() })),
};
