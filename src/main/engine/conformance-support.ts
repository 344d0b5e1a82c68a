/** What the conformance tests need to watch an engine without ever sleeping. */
import type { ContainerInfo, Engine, LogLine } from './engine.ts';

/** Resolves with the container as soon as it is as wanted; every event is a reason to look again. */
export async function until(
  engine: Engine,
  name: string,
  wanted: (info: ContainerInfo) => boolean,
): Promise<ContainerInfo> {
  const stop = new AbortController();
  const events = engine.events(stop.signal);
  try {
    const now = await engine.inspect(name);
    if (wanted(now)) return now;
    for await (const _ of events) {
      // The event is told at the change; what the change leads to follows in the same turn.
      await Promise.resolve();
      const info = await engine.inspect(name);
      if (wanted(info)) return info;
    }
  } finally {
    stop.abort();
  }
  throw new Error(`${name} never came to the wanted state`);
}

/** The first so many log lines, as soon as they are there. */
export async function entries(engine: Engine, name: string, count: number): Promise<LogLine[]> {
  const found: LogLine[] = [];
  for await (const line of engine.logs(name, { follow: true })) {
    found.push(line);
    if (found.length === count) break;
  }
  return found;
}

/** The texts of the first so many lines, as soon as they are there. */
export async function lines(engine: Engine, name: string, count: number): Promise<string[]> {
  return (await entries(engine, name, count)).map((line) => line.text);
}

/** The first line, as soon as it is there. */
export async function firstLine(engine: Engine, name: string): Promise<string | undefined> {
  return (await lines(engine, name, 1))[0];
}

/** The texts of all kept lines, or of the last so many. */
export async function kept(engine: Engine, name: string, tail?: number): Promise<string[]> {
  return (await collect(engine.logs(name, tail === undefined ? {} : { tail }))).map(({ text }) => text);
}

/** How many lines there are once no new one comes. */
export async function settled(engine: Engine, name: string): Promise<number> {
  let before = -1;
  for (;;) {
    const now = (await collect(engine.logs(name, { follow: true, signal: AbortSignal.timeout(150) }))).length;
    if (now === before) return now;
    before = now;
  }
}

/** Everything that a stream of lines yields. */
export async function collect(source: AsyncIterable<LogLine>): Promise<LogLine[]> {
  const found: LogLine[] = [];
  for await (const line of source) found.push(line);
  return found;
}

/** Everything that a stream of bytes carries. */
export async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let all = '';
  for await (const chunk of stream) all += String(chunk);
  return all;
}
