/** The group `logs`: what containers wrote and write. */
import type { LogLineView } from '#shared/api/logs.ts';
import type { Engine } from '../engine/engine.ts';
import { batched } from './batches.ts';
import { readLogs } from './log-merge.ts';
import type { ApiRoot } from './root.ts';

/** What this group needs. */
export interface LogsApiServices {
  readonly engine: Engine;
  /** Resolves after a time, or at once when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Lines of so long a time go out together, at most so many. */
const BATCH_MS = 150;
const BATCH_LINES = 2_000;

/** The procedures of the group. */
export function logsApi(root: ApiRoot, { engine, sleep }: LogsApiServices) {
  return root.logs.router({
    batches: root.logs.batches.handler(({ input, signal = new AbortController().signal }) =>
      batched<LogLineView>(readLogs(engine, input, signal), { paceMs: BATCH_MS, most: BATCH_LINES, sleep, signal }),
    ),
    follow: root.logs.follow.handler(({ input, signal }) =>
      readLogs(engine, input, signal ?? new AbortController().signal),
    ),
  });
}
