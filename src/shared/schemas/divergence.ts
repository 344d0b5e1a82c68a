/** Where what is there differs from what is wanted. */
import * as z from 'zod';

/** Every kind; `divergence-<kind with dashes>` in the texts says what it means and what to do. */
export const DIVERGENCE_KINDS = [
  'container_missing',
  'container_stopped',
  'retirement_unfinished',
  'orphan_serving',
  'orphan_idle',
  'client_stranded',
  'activation_stuck',
  'service_doubled',
  'lease_foreign',
  'version_old',
  'bot_flapping',
  'bot_stuck',
] as const;

/** One difference. `target`: a container or a client. */
export const divergenceSchema = z.object({
  kind: z.enum(DIVERGENCE_KINDS),
  target: z.string(),
  data: z.record(z.string(), z.union([z.string(), z.number()])),
  /** `mended`: the reconciler does it. `pool`: the pool does. `told`: a person has to look. */
  remedy: z.enum(['mended', 'pool', 'told']),
});

/** See {@link divergenceSchema}. */
export type Divergence = z.infer<typeof divergenceSchema>;

/** The name of a divergence. */
export type DivergenceKind = Divergence['kind'];
