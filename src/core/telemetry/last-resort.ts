/** What a process does about an error that nobody foresaw: one scrubbed report, an end in order, and an end in any case. */

/** See {@link endOnUnforeseen}. */
export interface LastResort {
  /** Writes the error, without secrets, where the operator looks. */
  report(error: unknown): void;
  /** Ends in order. What it rejects with is reported, too. */
  stop(): Promise<void>;
  /** The process ends after this time, in ms, also when `stop` does not. */
  readonly limitMs: number;
}

/** A report that fails, such as on a closed pipe, is itself an error that nobody foresaw. */
const MOST_REPORTS = 10;

/**
 * From now on an uncaught exception or an unhandled rejection no longer prints its raw stack: it is reported, the
 * process stops in order, and its exit code is 1. Later ones are only reported.
 */
export function endOnUnforeseen(options: LastResort): void {
  let ending = false;
  let reports = 0;
  const onUnforeseen = (error: unknown): void => {
    try {
      reports += 1;
      if (reports <= MOST_REPORTS) options.report(error);
    } catch {
      // Where nothing can be written any more, the end is all that is left.
    }
    if (ending) return;
    ending = true;
    process.exitCode = 1;
    setTimeout(() => process.exit(1), options.limitMs);
    void options
      .stop()
      .catch(onUnforeseen)
      .then(() => process.exit(1));
  };
  process.on('uncaughtException', onUnforeseen);
  process.on('unhandledRejection', onUnforeseen);
}
