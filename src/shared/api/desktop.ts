/**
 * What the page of the desktop window and the desktop program say to each other over their one message port, beside the
 * contract's own frames, which are text or bytes: everything here is a plain object.
 */
import * as z from 'zod';
import { roleSchema } from './access.ts';

/** Why the page is not let on to a control plane. */
const NOBODY = ['no-host', 'unreachable', 'refused'] as const;

/** What the program says, on each new port first. After `session`, frames of the contract follow. */
export const programMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('session'),
    user: z.string(),
    role: roleSchema,
    /** The control plane of this machine needs no signing in, and knows no signing out. */
    local: z.boolean(),
  }),
  z.object({ type: z.literal('nobody'), why: z.enum(NOBODY) }),
  /** A named server lets us in. `kept`: also after the program has ended, sealed by the system's key store. */
  z.object({ type: z.literal('server'), kept: z.boolean() }),
  z.object({ type: z.literal('server-failed'), why: z.enum(['address', ...NOBODY]) }),
  /** The link is over. */
  z.object({ type: z.literal('closed') }),
]);

/** See {@link programMessageSchema}. */
export type ProgramMessage = z.infer<typeof programMessageSchema>;

/** What the page may ask for. */
export const pageMessageSchema = z.discriminatedUnion('type', [
  /** From now on this server, whose token lets one in. */
  z.object({ type: z.literal('server'), url: z.string().max(2_000), token: z.string().min(1).max(200) }),
  /** Forget the server that was named. */
  z.object({ type: z.literal('forget') }),
]);
