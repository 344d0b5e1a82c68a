/** The form of kept log lines, and how bytes of a stream become lines. Pure but for a stream's own memory. */
import { StringDecoder } from 'node:string_decoder';
import type { LogLine } from '../engine.ts';

/** Longer lines are cut into several. Characters. */
const LONGEST_LINE = 64 * 1024;

/** One line as it is kept: instant, stream and text with tabs between. */
export function formatLine({ at, stream, text }: LogLine): string {
  return `${at}\t${stream === 'stderr' ? 'e' : 'o'}\t${text}\n`;
}

/** Reads what {@link formatLine} wrote, without its line end; undefined when a crash has cut it short. */
export function parseLine(line: string): LogLine | undefined {
  const match = /^(\d+)\t([oe])\t(.*)$/s.exec(line);
  if (match === null) return undefined;
  const [, at, stream, text = ''] = match;
  return { at: Number(at), stream: stream === 'e' ? 'stderr' : 'stdout', text };
}

/** Collects the chunks of one stream and calls back with each whole line. */
export interface LineSplitter {
  write(chunk: Buffer): void;
  /** Hands out what is left without a line end. */
  end(): void;
}

/** A splitter that never cuts a character of several bytes in two. A carriage return before the line end is dropped. */
export function lineSplitter(onLine: (text: string) => void, longest = LONGEST_LINE): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string): void => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    while (rest.length > longest) {
      onLine(rest.slice(0, longest));
      rest = rest.slice(longest);
    }
  };
  return {
    write: (chunk) => take(decoder.write(chunk)),
    end() {
      take(decoder.end());
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
