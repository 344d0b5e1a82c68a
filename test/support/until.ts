/** The one way in which tests wait for what no event tells them. */
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 15;

/** Looks until the probe gives something true, and gives that; fails with the name after `ms`. A failing probe is not true yet. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  ms = 30_000,
): Promise<T> {
  const deadline = performance.now() + ms;
  let trouble: unknown;
  for (;;) {
    try {
      const found = await probe();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      trouble = error;
    }
    if (performance.now() >= deadline) throw new Error(`not within ${ms} ms: ${what}`, { cause: trouble });
    await pause(LOOK_EVERY_MS);
  }
}
