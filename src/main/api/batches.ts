/** Gathers the values of a stream into arrays, so that a reader far away is told of many with one message. */

/** How values are gathered. */
export interface BatchOptions {
  /** A batch is closed so long after its first value. */
  readonly paceMs: number;
  /** A full batch goes out at once, and the source is not read on until it is taken. */
  readonly most: number;
  /** Resolves after a time, or at once when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** The values in their order. Ends and fails with its source, after what came before. */
export async function* batched<T>(source: AsyncIterable<T>, options: BatchOptions): AsyncGenerator<T[], void, void> {
  const { most, paceMs, sleep, signal } = options;
  const iterator = source[Symbol.asyncIterator]();
  let pending = iterator.next();
  try {
    for (;;) {
      const batch: T[] = [];
      const first = await pending;
      if (first.done === true) return;
      batch.push(first.value);
      const closing = new AbortController();
      const over = sleep(paceMs, AbortSignal.any([signal, closing.signal])).then(() => 'over' as const);
      let next: IteratorResult<T> | 'over';
      do {
        pending = iterator.next();
        // A failure closes the batch; it is met when this value is waited for in the next turn.
        next = await Promise.race([pending.catch(() => 'over' as const), over]);
        if (next !== 'over' && next.done !== true) batch.push(next.value);
      } while (next !== 'over' && next.done !== true && batch.length < most);
      closing.abort();
      // A value that is in the batch is not waited for again.
      if (next !== 'over' && next.done !== true) pending = iterator.next();
      yield batch;
    }
  } finally {
    await iterator.return?.();
  }
}
