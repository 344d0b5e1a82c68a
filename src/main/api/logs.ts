/** The group `logs`: what containers wrote and write. */
import type { Engine } from '../engine/engine.ts';
import { readLogs } from './log-merge.ts';
import type { ApiRoot } from './root.ts';

/** The procedures of the group. */
export function logsApi(root: ApiRoot, { engine }: { readonly engine: Engine }) {
  return root.logs.router({
    follow: root.logs.follow.handler(({ input, signal }) =>
      readLogs(engine, input, signal ?? new AbortController().signal),
    ),
  });
}
