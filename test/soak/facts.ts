/** What the soak tells its processes, and what it asks them. */
import * as z from 'zod';

const serverSchema = z.object({ host: z.string(), port: z.number(), user: z.string(), password: z.string() });

/**
 * `fresh-keys`: a repetition brings a new Idempotence-Key. `believed`: what a notification says is taken for true.
 * `forgetful`: refunds are never asked for.
 */
export const PLANTS = ['fresh-keys', 'believed', 'forgetful'] as const;

/** See {@link PLANTS}. */
export type Plant = (typeof PLANTS)[number];

/** Where everything is; handed over in the variable `SOAK`. */
export const soakFactsSchema = z.object({
  postgres: serverSchema,
  database: z.string(),
  redis: serverSchema,
  /** Root of the simulated YooKassa's API. */
  shopRoot: z.string(),
  gatewayPort: z.number(),
  /** The master key, in base64: of this soak alone. */
  masterKey: z.string(),
  /** A fault that is built in on purpose, to see that the verdict finds it. */
  plant: z.enum(PLANTS).optional(),
});

/** See {@link soakFactsSchema}. */
export type SoakFacts = z.infer<typeof soakFactsSchema>;

/** What a process hears: where to end, or a step of the sales desk to do. */
export const toHostSchema = z.union([
  z.object({ killAt: z.string(), after: z.int() }),
  z.object({ call: z.int(), step: z.string(), args: z.array(z.unknown()) }),
]);

/** What a process says. */
export const fromHostSchema = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ call: z.int(), answer: z.unknown() }),
  z.object({ call: z.int(), refused: z.string() }),
]);
