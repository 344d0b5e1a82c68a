/** Follows logs into a buffer and tells a component when there is something new, at most a few times a second. */
import { useEffect, useRef, useState } from 'react';
import { LogBuffer, type LogFilter } from '../stores/log-buffer.ts';
import { useConnection } from './context.tsx';

/** A buffer that fills itself. `turn` grows with every change; `ready` is true from the first lines on. */
export interface LiveLogs {
  readonly buffer: LogBuffer;
  readonly turn: number;
  readonly ready: boolean;
}

const FLUSH_MS = 150;

/** `container` null: all of them. `tail`: how many kept lines of each container come first. */
export function useLogs(options: {
  readonly container: string | null;
  readonly tail: number;
  readonly filter: LogFilter;
  readonly paused?: boolean;
}): LiveLogs {
  const { container, tail, filter, paused = false } = options;
  const connection = useConnection();
  const buffer = useRef<LogBuffer>(null);
  buffer.current ??= new LogBuffer();
  const kept = buffer.current;
  const [turn, setTurn] = useState(0);
  const [ready, setReady] = useState(false);
  const holding = useRef(paused);
  holding.current = paused;

  useEffect(() => {
    const ending = new AbortController();
    let last = 0;
    let timer: number | undefined;
    kept.clear();
    setReady(false);
    const flush = (): void => {
      timer = undefined;
      if (!holding.current) setTurn((now) => now + 1);
    };
    const open = {
      follow: true,
      ...(container === null ? {} : { container }),
    };
    connection.follow(
      (client, signal) =>
        // After a cut only what came since is asked for.
        client.logs.batches(last === 0 ? { ...open, tail } : { ...open, since: last + 1 }, { signal }),
      (lines) => {
        kept.add(lines);
        last = Math.max(last, ...lines.map(({ at }) => at).slice(-50));
        setReady(true);
        timer ??= window.setTimeout(flush, FLUSH_MS);
      },
      ending.signal,
    );
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, [connection, container, tail, kept]);

  useEffect(() => {
    kept.setFilter(filter);
    setTurn((now) => now + 1);
    if (!kept.filtering) return;
    // The rest a slice at a time: keys and clicks come in between.
    const timer = window.setInterval(() => {
      kept.step();
      setTurn((now) => now + 1);
      if (!kept.filtering) clearInterval(timer);
    }, 0);
    return () => clearInterval(timer);
  }, [kept, filter]);

  return { buffer: kept, turn, ready };
}
