/** Reads kept log files: forwards from any place, and backwards to find where the last lines begin. */
import type { FileHandle } from 'node:fs/promises';
import type { LogLine } from '../engine.ts';
import { lineSplitter, parseLine } from './log-lines.ts';

const BLOCK = 64 * 1024;
const NEWLINE = 10;

/** An open file and how much of it counts. */
export interface LogSlice {
  readonly handle: FileHandle;
  readonly size: number;
}

/** A place in a list of files. */
export interface LogPlace {
  readonly file: number;
  readonly offset: number;
}

/** File names of one container's log, newest first: `0.log` is being written. */
export function logNames(files: number): readonly string[] {
  return Array.from({ length: files }, (_, index) => `${index}.log`);
}

/** What to rename, in this order, to make room for a new `0.log`; the oldest file is overwritten. */
export function rotationSteps(files: number): readonly { readonly from: string; readonly to: string }[] {
  const names = logNames(files);
  return names
    .slice(1)
    .map((to, index) => ({ from: names[index] ?? to, to }))
    .reverse();
}

/** Where the last so many lines begin. Files are given oldest first. */
export async function placeOfTail(files: readonly LogSlice[], lines: number): Promise<LogPlace> {
  let found = 0;
  for (const [back, { handle, size }] of files.toReversed().entries()) {
    const file = files.length - 1 - back;
    for (let end = size; end > 0; end -= BLOCK) {
      const start = Math.max(0, end - BLOCK);
      const { buffer } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
      for (let index = buffer.length - 1; index >= 0; index -= 1) {
        if (buffer[index] !== NEWLINE) continue;
        // The line end that closes the newest line counts for that line; the one before the oldest wanted line ends the search.
        if (found === lines) return { file, offset: start + index + 1 };
        found += 1;
      }
    }
    // A file ends with a whole line, so that the first line of this file has been counted with its own line end.
    if (found === lines && lines > 0) return { file, offset: 0 };
  }
  return { file: 0, offset: 0 };
}

/** Every line from a place to the end of the last file. */
export async function* linesFrom(files: readonly LogSlice[], place: LogPlace): AsyncGenerator<LogLine> {
  for (const [index, { handle, size }] of files.entries()) {
    if (index < place.file) continue;
    let offset = index === place.file ? place.offset : 0;
    const lines: string[] = [];
    const splitter = lineSplitter((text) => lines.push(text), Number.POSITIVE_INFINITY);
    while (offset < size) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(BLOCK), 0, Math.min(BLOCK, size - offset), offset);
      if (bytesRead === 0) break;
      offset += bytesRead;
      splitter.write(buffer.subarray(0, bytesRead));
      for (const line of lines.splice(0)) {
        const parsed = parseLine(line);
        if (parsed !== undefined) yield parsed;
      }
    }
  }
}
