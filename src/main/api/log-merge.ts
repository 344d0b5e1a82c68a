/** Reads logs of one container or of all at once: kept lines in the order of time, then new ones as they come. */
import { scrubText } from '#core/telemetry/scrub.ts';
import type { LogLineView, LogRequest } from '#shared/api/logs.ts';
import { isBotpoolError } from '#shared/errors/botpool-error.ts';
import type { Engine, LogOptions } from '../engine/engine.ts';

/** The part of an engine that tells of logs. */
export type LogSource = Pick<Engine, 'list' | 'inspect' | 'logs' | 'events'>;

/** The lines that a request asks for. Containers that are made later join in when all are followed. */
export async function* readLogs(
  engine: LogSource,
  request: LogRequest,
  signal: AbortSignal,
): AsyncGenerator<LogLineView> {
  const names = await containersOf(engine, request.container);
  const range = {
    ...(request.tail === undefined ? {} : { tail: request.tail }),
    ...(request.since === undefined ? {} : { since: request.since }),
  };
  const kept = await Promise.all(names.map((name) => keptLines(engine, name, range)));
  yield* kept.flat().sort((a, b) => a.at - b.at);
  if (!request.follow || signal.aborted) return;
  const ending = new AbortController();
  const until = AbortSignal.any([signal, ending.signal]);
  try {
    const merge = createMerge(until);
    for (const [index, name] of names.entries()) merge.add(newLines(engine, name, kept[index] ?? [], range, until));
    if (request.container === undefined) merge.watch(newcomers(engine, new Set(names), merge, until));
    yield* merge.lines;
  } finally {
    ending.abort();
  }
}

async function containersOf(engine: LogSource, only: string | undefined): Promise<string[]> {
  if (only !== undefined) return [(await engine.inspect(only)).name];
  return (await engine.list()).map((container) => container.name);
}

async function keptLines(engine: LogSource, container: string, range: LogOptions): Promise<LogLineView[]> {
  const lines: LogLineView[] = [];
  try {
    for await (const line of engine.logs(container, range)) lines.push(view(container, line));
  } catch (error) {
    // It was removed after it had been listed.
    if (!isBotpoolError(error, 'container_unknown')) throw error;
  }
  return lines;
}

/** What comes after the kept lines: from the instant of the last one on, without those already told. */
async function* newLines(
  engine: LogSource,
  container: string,
  kept: readonly LogLineView[],
  range: LogOptions,
  signal: AbortSignal,
): AsyncGenerator<LogLineView> {
  const last = kept.at(-1)?.at;
  const from = last === undefined ? range : { since: last };
  let told = kept.filter((line) => line.at === last).length;
  try {
    for await (const line of engine.logs(container, { ...from, follow: true, signal })) {
      if (told > 0 && line.at === last) told -= 1;
      else yield view(container, line);
    }
  } catch (error) {
    if (!isBotpoolError(error, 'container_unknown')) throw error;
  }
}

async function newcomers(engine: LogSource, known: Set<string>, merge: Merge, signal: AbortSignal): Promise<void> {
  for await (const event of engine.events(signal)) {
    if (event.type === 'remove') known.delete(event.name);
    if (event.type !== 'start' || known.has(event.name)) continue;
    known.add(event.name);
    merge.add(newLines(engine, event.name, [], {}, signal));
  }
}

function view(container: string, line: { at: number; stream: 'stdout' | 'stderr'; text: string }): LogLineView {
  return { container, at: line.at, stream: line.stream, text: scrubText(line.text) };
}

/** Several streams of lines as one. A source is read on only after its line was taken: a slow reader slows it down. */
interface Merge {
  readonly lines: AsyncGenerator<LogLineView>;
  add(source: AsyncGenerator<LogLineView>): void;
  /** Keeps the stream open while this runs, and fails with it. */
  watch(work: Promise<void>): void;
}

type Turn =
  | { readonly type: 'line'; readonly line: LogLineView; readonly source: AsyncGenerator<LogLineView> }
  | { readonly type: 'end' }
  | { readonly type: 'failure'; readonly error: unknown };

function createMerge(signal: AbortSignal): Merge {
  const turns: Turn[] = [];
  let open = 0;
  let wake = Promise.withResolvers<void>();
  const push = (turn: Turn): void => {
    turns.push(turn);
    wake.resolve();
  };
  const fail = (error: unknown): void => push({ type: 'failure', error });
  const pull = (source: AsyncGenerator<LogLineView>): void => {
    source
      .next()
      .then(({ done, value }) => push(done === true ? { type: 'end' } : { type: 'line', line: value, source }), fail);
  };
  async function* lines(): AsyncGenerator<LogLineView> {
    signal.addEventListener('abort', () => wake.resolve(), { once: true });
    while (open > 0 && !signal.aborted) {
      const turn = turns.shift();
      if (turn === undefined) {
        wake = Promise.withResolvers();
        await wake.promise;
      } else if (turn.type === 'failure') throw turn.error;
      else if (turn.type === 'end') open -= 1;
      else {
        yield turn.line;
        pull(turn.source);
      }
    }
  }
  return {
    lines: lines(),
    add(source) {
      open += 1;
      pull(source);
    },
    watch(work) {
      open += 1;
      work.then(() => push({ type: 'end' }), fail);
    },
  };
}
