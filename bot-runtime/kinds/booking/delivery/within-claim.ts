/** Owns how long one attempt to send something may take. */
import type { Api } from 'grammy';

/** Shorter than a claim: nobody else tries it while this attempt may still arrive. */
const ATTEMPT_MS = 30_000;

/** grammY types its signals by a polyfill; in Node it takes the built-in ones. */
export function withinClaim(): NonNullable<Parameters<Api['sendMessage']>[3]> {
  return AbortSignal.timeout(ATTEMPT_MS) as unknown as NonNullable<Parameters<Api['sendMessage']>[3]>;
}
