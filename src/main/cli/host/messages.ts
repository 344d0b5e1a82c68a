/** What a host in the background tells the command that started it, parsed where it arrives. */
import * as z from 'zod';
import { failureSchema } from '#shared/api/failure.ts';

/** One message over the channel between `up` and its `start`. */
export const hostMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stage'), stage: z.string(), afterMs: z.number() }),
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('failed'), failure: failureSchema.optional(), message: z.string() }),
]);

/** See {@link hostMessageSchema}. */
export type HostMessage = z.infer<typeof hostMessageSchema>;

/** Tells the parent, if there is one that listens. */
export function tellParent(message: HostMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
