/** What the API says of the sandbox. */
import * as z from 'zod';
import { procedure } from './failure.ts';

/** The simulated outside world. */
export const sandboxContract = {
  /** Where the simulated world listens; null when the real one is used. */
  info: procedure.read.output(z.object({ url: z.string().nullable() })),
};
