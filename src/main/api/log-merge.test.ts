import { describe, expect, it } from 'vitest';
import type { LogLineView } from '#shared/api/logs.ts';
import { BotpoolError } from '#shared/errors/botpool-error.ts';
import type { ContainerInfo, EngineEvent, LogLine, LogOptions } from '../engine/engine.ts';
import { type LogSource, readLogs } from './log-merge.ts';

const info = (name: string): ContainerInfo => ({
  name,
  id: name,
  image: '',
  labels: {},
  state: 'running',
  restarts: 0,
});
const line = (at: number, text: string): LogLine => ({ at, stream: 'stdout', text });

/** An engine's logs in memory: what is written later reaches those who follow. */
function memoryLogs(kept: Record<string, LogLine[]>) {
  const wakes = new Set<() => void>();
  const events: EngineEvent[] = [];
  const changed = (): void => wakes.forEach((wake) => void wake());
  const next = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        wakes.delete(wake);
        resolve();
      };
      wakes.add(wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  async function* logs(name: string, options: LogOptions = {}): AsyncGenerator<LogLine> {
    const all = kept[name];
    if (all === undefined) throw new BotpoolError('container_unknown', { name });
    const from = all.filter((one) => one.at >= (options.since ?? 0));
    let told = all.length;
    yield* options.tail === undefined ? from : from.slice(from.length - Math.min(options.tail, from.length));
    while (options.follow === true && options.signal?.aborted !== true) {
      while (told < all.length) {
        const one = all[told];
        told += 1;
        if (one !== undefined) yield one;
      }
      await next(options.signal);
    }
  }
  async function* tellEvents(signal?: AbortSignal): AsyncGenerator<EngineEvent> {
    for (let told = 0; signal?.aborted !== true; ) {
      while (told < events.length) {
        const event = events[told];
        told += 1;
        if (event !== undefined) yield event;
      }
      await next(signal);
    }
  }
  const source: LogSource = {
    list: async () => Object.keys(kept).map(info),
    inspect: async (name) => {
      if (kept[name] === undefined) throw new BotpoolError('container_unknown', { name });
      return info(name);
    },
    logs,
    events: tellEvents,
  };
  return {
    source,
    write(name: string, one: LogLine) {
      kept[name]?.push(one);
      changed();
    },
    start(name: string) {
      kept[name] = [];
      events.push({ at: 0, type: 'start', name, labels: {} });
      changed();
    },
  };
}

async function take(lines: AsyncGenerator<LogLineView>, count: number): Promise<string[]> {
  const texts: string[] = [];
  while (texts.length < count) {
    const { value, done } = await lines.next();
    if (done === true) break;
    texts.push(value.text);
  }
  return texts;
}

const never = new AbortController().signal;

describe('reading logs', () => {
  it('puts the kept lines of all containers in the order of time', async () => {
    const { source } = memoryLogs({ a: [line(1, 'a1'), line(4, 'a4')], b: [line(2, 'b2'), line(3, 'b3')] });
    expect(await take(readLogs(source, { follow: false }, never), 9)).toEqual(['a1', 'b2', 'b3', 'a4']);
    expect(await take(readLogs(source, { follow: false, tail: 1 }, never), 9)).toEqual(['b3', 'a4']);
  });

  it('goes on with new lines, each told once, also those of the last instant that was kept', async () => {
    const stop = new AbortController();
    const { source, write } = memoryLogs({ a: [line(1, 'a1'), line(1, 'a2')], b: [] });
    const lines = readLogs(source, { follow: true }, stop.signal);
    expect(await take(lines, 2)).toEqual(['a1', 'a2']);
    write('a', line(1, 'a3'));
    write('b', line(2, 'b1'));
    expect((await take(lines, 2)).sort()).toEqual(['a3', 'b1']);
    stop.abort();
    expect(await take(lines, 1)).toEqual([]);
  });

  it('takes in containers that are started later', async () => {
    const { source, write, start } = memoryLogs({ a: [line(1, 'a1')] });
    const lines = readLogs(source, { follow: true }, AbortSignal.timeout(10_000));
    expect(await take(lines, 1)).toEqual(['a1']);
    start('b');
    write('b', line(2, 'b1'));
    expect(await take(lines, 1)).toEqual(['b1']);
  });

  it('takes secrets out of every line', async () => {
    const token = `123456789:${'A'.repeat(35)}`;
    const { source } = memoryLogs({ a: [line(1, `GET https://api.telegram.org/bot${token}/getMe`)] });
    const [text] = await take(readLogs(source, { follow: false }, never), 1);
    expect(text).toContain('getMe');
    expect(text).not.toContain('AAAA');
  });

  it('fails for a container that is not there', async () => {
    const { source } = memoryLogs({});
    await expect(take(readLogs(source, { container: 'x', follow: true }, never), 1)).rejects.toThrow(
      'container_unknown',
    );
  });
});
