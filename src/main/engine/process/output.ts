/** Carries what a child writes into its container's log. */
import type { ChildProcess } from 'node:child_process';
import type { EngineClock } from '../clock.ts';
import { lineSplitter } from './log-lines.ts';
import type { LogStore } from './log-store.ts';

/** Keeps every line of both streams. A child that writes faster than the disk has to wait. */
export function keepOutput(child: ChildProcess, log: LogStore, clock: EngineClock): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    const source = child[stream];
    if (source === null) continue;
    const goOn = (): void => {
      source.resume();
    };
    const splitter = lineSplitter((text) => {
      const behind = log.append({ at: clock.now(), stream, text });
      if (behind === undefined) return;
      source.pause();
      behind.then(goOn, goOn);
    });
    source.on('data', (chunk: Buffer) => splitter.write(chunk));
    source.on('end', () => splitter.end());
    source.on('error', () => undefined);
  }
}
