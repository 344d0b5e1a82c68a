/** How long to wait before a failed webhook delivery is tried again. */
import type { Random } from '../random.ts';
import { randomBetween } from '../random.ts';

const FIRST_RETRY = 1000;
const MAX_RETRY_AFTER = 3600;

/**
 * Milliseconds until the next try: 1 s after the first failure, doubled with each further one up to a random 60-120 s;
 * a `Retry-After` (seconds) of the failing answer counts instead, up to an hour.
 */
export function retryDelay(failures: number, retryAfter: string | null, random: Random): number {
  const asked = retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : 0;
  if (asked > 0) return Math.min(asked, MAX_RETRY_AFTER) * 1000;
  const ceiling = randomBetween(random, 60_000, 120_000);
  return Math.min(FIRST_RETRY * 2 ** Math.min(failures - 1, 20), ceiling);
}
