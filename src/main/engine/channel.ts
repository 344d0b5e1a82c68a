/** Hands values from callbacks to one reader that loops over them. */

/** The writer's end and the reader's end in one. */
export interface Channel<T> extends AsyncIterable<T> {
  /** Never waits; values queue up until they are read. After `end` it does nothing. */
  push(value: T): void;
  /** The reader gets what is queued, then its loop ends. */
  end(): void;
}

/** A channel that starts to collect at once, not at the first read. `onEnd` is called once, whoever ends it. */
export function openChannel<T>(
  options: { readonly signal?: AbortSignal; readonly onEnd?: () => void } = {},
): Channel<T> {
  const queue: T[] = [];
  let ended = false;
  let wake: (() => void) | undefined;
  const notify = (): void => {
    wake?.();
    wake = undefined;
  };
  const end = (): void => {
    if (ended) return;
    ended = true;
    options.signal?.removeEventListener('abort', end);
    options.onEnd?.();
    notify();
  };
  options.signal?.addEventListener('abort', end);
  // Later, because whoever opens it has not got it in hand yet.
  if (options.signal?.aborted === true) queueMicrotask(end);
  return {
    push(value) {
      if (ended) return;
      queue.push(value);
      notify();
    },
    end,
    async *[Symbol.asyncIterator]() {
      try {
        for (;;) {
          const batch = queue.splice(0);
          yield* batch;
          if (batch.length > 0) continue;
          if (ended) return;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      } finally {
        end();
      }
    },
  };
}
