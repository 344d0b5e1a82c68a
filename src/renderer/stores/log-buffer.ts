/**
 * Keeps up to a million lines and knows which of them a filter lets through. A new filter is applied a slice at a time,
 * so that whoever types is never kept waiting. Plain, without a DOM.
 */
import type { LogLineView } from '#shared/api/logs.ts';
import { LEVELS, type Level, levelOf } from './log-lines.ts';

/** A line with its level. */
export interface KeptLine extends LogLineView {
  readonly level: Level;
}

/** Which lines are shown. */
export interface LogFilter {
  /** Empty: all. */
  readonly containers: ReadonlySet<string>;
  readonly least: Level;
  /** A part of the text, in any case. */
  readonly text: string;
}

/** Everything passes. */
export const NO_FILTER: LogFilter = { containers: new Set(), least: 'debug', text: '' };

const SLICE = 20_000;

/** See the file. */
export class LogBuffer {
  readonly #most: number;
  #lines: KeptLine[] = [];
  #shown: KeptLine[] = [];
  #filter: LogFilter = NO_FILTER;
  /** How far the filter has come in `#lines`. */
  #filtered = 0;
  /** How many lines were forgotten because there were too many. */
  dropped = 0;

  constructor(most = 1_000_000) {
    this.#most = most;
  }

  /** How many lines are kept. */
  get size(): number {
    return this.#lines.length;
  }

  /** Those that pass the filter, as far as it has come. The same array grows: read it, do not keep it. */
  get shown(): readonly KeptLine[] {
    return this.#shown;
  }

  /** True while the filter has not seen every line. */
  get filtering(): boolean {
    return this.#filtered < this.#lines.length;
  }

  /** Adds lines at the end. The oldest tenth goes when there are too many. */
  add(lines: readonly LogLineView[]): void {
    for (const line of lines) this.#lines.push({ ...line, level: levelOf(line.text, line.stream) });
    if (this.#lines.length > this.#most) this.#forget(this.#lines.length - Math.floor(this.#most * 0.9));
    if (this.#lines.length - this.#filtered <= SLICE) this.step();
  }

  #forget(count: number): void {
    const gone = new Set(this.#lines.slice(0, count));
    this.#lines = this.#lines.slice(count);
    const keep = this.#shown.findIndex((line) => !gone.has(line));
    this.#shown = keep < 0 ? [] : this.#shown.slice(keep);
    this.#filtered = Math.max(0, this.#filtered - count);
    this.dropped += count;
  }

  /** Shows other lines from now on; `step` until `filtering` is false. */
  setFilter(filter: LogFilter): void {
    this.#filter = filter;
    this.#shown = [];
    this.#filtered = 0;
    this.step();
  }

  /** Filters one more slice. */
  step(): void {
    const end = Math.min(this.#lines.length, this.#filtered + SLICE);
    const passes = tester(this.#filter);
    for (let index = this.#filtered; index < end; index += 1) {
      const line = this.#lines[index];
      if (line !== undefined && passes(line)) this.#shown.push(line);
    }
    this.#filtered = end;
  }

  /** Forgets everything. */
  clear(): void {
    this.#lines = [];
    this.#shown = [];
    this.#filtered = 0;
    this.dropped = 0;
  }
}

function tester({ containers, least, text }: LogFilter): (line: KeptLine) => boolean {
  const rank = LEVELS.indexOf(least);
  const wanted = text.toLowerCase();
  return (line) =>
    (containers.size === 0 || containers.has(line.container)) &&
    (rank === 0 || LEVELS.indexOf(line.level) >= rank) &&
    (wanted === '' || line.text.toLowerCase().includes(wanted) || line.container.includes(wanted));
}
