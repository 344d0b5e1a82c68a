/** Lets only so many programs come up at the same time, so that starting a hundred does not choke the host. */

/** Hands out turns in the order they were asked for. */
export interface SpawnLimit {
  /** Resolves when it is one's turn, with the function that ends the turn. Calling that twice does no harm. */
  turn(): Promise<() => void>;
}

/** A limit of so many turns at once. */
export function spawnLimit(most: number): SpawnLimit {
  const waiting: (() => void)[] = [];
  let running = 0;
  const release = (): void => {
    running -= 1;
    waiting.shift()?.();
  };
  return {
    async turn() {
      if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
      running += 1;
      let over = false;
      return () => {
        if (!over) release();
        over = true;
      };
    },
  };
}
