/** A container's log: what is kept, and what comes, over restarts of the container and of the engine. */
import type Docker from 'dockerode';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import type { EngineClock } from '../clock.ts';
import type { EngineEvent, LogLine, LogOptions } from '../engine.ts';
import { engineError, isUnreachable } from './errors.ts';
import { compareStamps, frameReader, lineAssembler, type StampedLine } from './frames.ts';
import { chunksOf, openStream, pause } from './streams.ts';

/** Docker's stream ends with each run of the program; this long until the next look, at least. Milliseconds. */
const LOOK_AGAIN_MS = 50;
/** While the engine is away. */
const ENGINE_AWAY_MS = 500;

/** What following needs to know besides the log. */
export interface LogSource {
  readonly docker: Docker;
  readonly clock: EngineClock;
  readonly id: string;
  readonly name: string;
  /** Resolves with true when it runs, with false when it does not; fails with `container_unknown` when it is gone. */
  readonly runs: () => Promise<boolean>;
  readonly events: (signal: AbortSignal) => AsyncIterable<EngineEvent>;
}

interface Query {
  readonly since?: string;
  readonly tail?: number;
  readonly follow: boolean;
}

/** Milliseconds as Docker's `since` takes them. */
export function sinceMs(at: number): string {
  return `${Math.floor(at / 1_000)}.${String(Math.floor(at) % 1_000).padStart(3, '0')}000000`;
}

/** Where a reader of a log stands. */
export interface LogPosition {
  /** The newest stamp so far. */
  since(): string | undefined;
  /** Told before each stream that begins at {@link since}. */
  rewind(): void;
  isNew(line: StampedLine): boolean;
}

/** Knows the newest stamp and how many lines carried it, so that the next stream repeats nothing. */
export function position(): LogPosition {
  let newest: string | undefined;
  let told = 0;
  let repeated = 0;
  return {
    since: () => newest,
    rewind: () => {
      repeated = 0;
    },
    isNew({ stamp }) {
      const order = newest === undefined ? 1 : compareStamps(stamp, newest);
      if (order === 0) {
        repeated += 1;
        if (repeated <= told) return false;
        told += 1;
        return true;
      }
      // Two streams write into one log, so a line may be a little older than the one before it.
      if (order > 0) {
        newest = stamp;
        told = 1;
        repeated = 1;
      }
      return true;
    },
  };
}

async function* readOnce(
  source: LogSource,
  query: Query,
  signal: AbortSignal | undefined,
): AsyncGenerator<StampedLine> {
  const { docker, id, name } = source;
  const frames = frameReader();
  const lines = lineAssembler();
  try {
    const streams = { stdout: true, stderr: true, timestamps: true };
    const stream = await openStream(docker, `/containers/${id}/logs`, { ...streams, ...query }, signal);
    for await (const chunk of chunksOf(stream)) {
      for (const frame of frames(chunk)) {
        const line = lines(frame);
        if (line !== undefined) yield line;
      }
    }
  } catch (error) {
    if (signal?.aborted === true) return;
    throw engineError(error, { action: `read the log of ${name}`, container: name });
  }
}

/** True as soon as it runs (again); false when it is gone. */
async function nextRun({ name, runs }: LogSource, events: AsyncIterator<EngineEvent>): Promise<boolean> {
  if (await runs()) return true;
  for (;;) {
    const { done, value: event } = await events.next();
    if (done === true) return false;
    if (event.name === name && event.type === 'remove') return false;
    if (event.name === name && event.type === 'start') return true;
  }
}

async function* follow(source: LogSource, options: LogOptions): AsyncGenerator<LogLine> {
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
  // Listened to from the beginning, so that no start between two looks is missed.
  const events = source.events(signal)[Symbol.asyncIterator]();
  const place = position();
  let query: Query = { ...kept(options), follow: true };
  // Whoever wants new lines only must not get the old ones by a second look.
  const afterwards = options.tail === 0 ? sinceMs(source.clock.now()) : query.since;
  try {
    while (!signal.aborted) {
      place.rewind();
      try {
        for await (const line of readOnce(source, query, signal)) if (place.isNew(line)) yield line;
        await pause(source.clock, LOOK_AGAIN_MS, signal);
        if (!(await nextRun(source, events))) return;
      } catch (error) {
        if (isBotpoolError(error, 'container_unknown')) return;
        if (!isUnreachable(error)) throw error;
        await pause(source.clock, ENGINE_AWAY_MS, signal);
      }
      const since = place.since() ?? afterwards;
      query = { follow: true, ...(since === undefined ? {} : { since }) };
    }
  } finally {
    stop.abort();
  }
}

function kept({ since, tail }: LogOptions): Omit<Query, 'follow'> {
  return { ...(since === undefined ? {} : { since: sinceMs(since) }), ...(tail === undefined ? {} : { tail }) };
}

/** Kept lines, then new ones when asked to follow. */
export async function* readLogs(source: LogSource, options: LogOptions): AsyncGenerator<LogLine> {
  const lines =
    options.follow === true
      ? follow(source, options)
      : readOnce(source, { ...kept(options), follow: false }, options.signal);
  for await (const { at, stream, text } of lines) yield { at, stream, text };
}
