/** From a counter to a rate. Pure. */

/** How much a counter grew per minute between its samples; a counter that fell was started anew and counts from zero. */
export function ratePerMinute(
  samples: readonly (readonly [at: number, count: number])[],
): readonly (readonly [at: number, perMinute: number])[] {
  return samples.slice(1).map(([at, count], index) => {
    const [before, old] = samples[index] ?? [at, count];
    const grown = count >= old ? count - old : count;
    return [at, at === before ? 0 : (grown / (at - before)) * 60_000] as const;
  });
}
