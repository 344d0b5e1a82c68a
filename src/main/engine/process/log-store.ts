/** Keeps one container's log: appends in batches, rotates, and hands out kept and new lines without gap or repetition. */
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Channel, openChannel } from '../channel.ts';
import type { LogLine, LogOptions } from '../engine.ts';
import { type LogSlice, linesFrom, logNames, placeOfTail, rotationSteps } from './log-files.ts';
import { formatLine } from './log-lines.ts';

/** How much is kept. */
export interface LogLimits {
  /** Bytes of one file. Default 10 MB. */
  readonly fileBytes: number;
  /** Number of files. Default 3. */
  readonly files: number;
}

/** What is kept when nobody says otherwise. */
export const LOG_LIMITS: LogLimits = { fileBytes: 10 * 1024 * 1024, files: 3 };

/** A writer that is this far ahead of the disk has to wait. Bytes. */
const HIGH_WATER = 1024 * 1024;

/** The log of one container. */
export class LogStore {
  readonly #folder: string;
  readonly #limits: LogLimits;
  readonly #followers = new Set<Channel<LogLine>>();
  #pending: string[] = [];
  #pendingBytes = 0;
  #size = 0;
  #handle: FileHandle | undefined;
  #turn: Promise<void> = Promise.resolve();
  #scheduled = false;
  #removed = false;

  constructor(folder: string, limits: LogLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  /** Takes one line. Returns a promise when the disk is behind: whoever writes should wait for it. */
  append(line: LogLine): Promise<void> | undefined {
    if (this.#removed) return undefined;
    const text = formatLine(line);
    this.#pending.push(text);
    this.#pendingBytes += Buffer.byteLength(text);
    for (const follower of this.#followers) follower.push(line);
    if (!this.#scheduled) {
      this.#scheduled = true;
      this.#inTurn(() => this.#flush()).catch(() => undefined);
    }
    return this.#pendingBytes > HIGH_WATER ? this.#turn : undefined;
  }

  /** Kept lines, then new ones when asked to follow. */
  async *read(options: LogOptions): AsyncGenerator<LogLine> {
    const since = options.since ?? 0;
    const { slices, live } = await this.#inTurn(() => this.#snapshot(options));
    try {
      const place = options.tail === undefined ? { file: 0, offset: 0 } : await placeOfTail(slices, options.tail);
      for await (const line of linesFrom(slices, place)) {
        if (options.signal?.aborted === true) return;
        if (line.at >= since) yield line;
      }
      if (live !== undefined) yield* live;
    } finally {
      live?.end();
      await Promise.all(slices.map(({ handle }) => handle.close()));
    }
  }

  /** Writes what is pending, closes the file and ends every follower. */
  async close(): Promise<void> {
    for (const follower of this.#followers) follower.end();
    await this.#inTurn(async () => {
      await this.#flush();
      await this.#handle?.close();
      this.#handle = undefined;
    });
  }

  /** Closes and deletes everything. */
  async remove(): Promise<void> {
    await this.close();
    this.#removed = true;
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** What is on the disk now and, from the same instant on, what comes. */
  async #snapshot(
    options: LogOptions,
  ): Promise<{ readonly slices: readonly LogSlice[]; readonly live: Channel<LogLine> | undefined }> {
    const handles = await this.#openAll();
    // Nothing may be awaited between the last look at what is pending, the follower's start and the reading of the size.
    while (this.#pending.length > 0) await this.#write(this.#take(Number.POSITIVE_INFINITY));
    const live = options.follow === true ? this.#follow(options.signal) : undefined;
    const size = this.#size;
    const slices = await Promise.all(
      handles.map(async (handle, index) => {
        const whole = index === handles.length - 1 ? size : (await handle.stat()).size;
        return { handle, size: whole };
      }),
    );
    return { slices, live };
  }

  #follow(signal: AbortSignal | undefined): Channel<LogLine> {
    const channel: Channel<LogLine> = openChannel<LogLine>({
      ...(signal === undefined ? {} : { signal }),
      onEnd: () => this.#followers.delete(channel),
    });
    this.#followers.add(channel);
    return channel;
  }

  /** Every kept file, oldest first, the one being written last. Rotation cannot move them away any more. */
  async #openAll(): Promise<FileHandle[]> {
    await this.#flush();
    await this.#current();
    const handles: FileHandle[] = [];
    for (const name of logNames(this.#limits.files).toReversed()) {
      const handle = await open(join(this.#folder, name), 'r').catch(() => undefined);
      if (handle !== undefined) handles.push(handle);
    }
    return handles;
  }

  /** Writes what is pending in pieces that fit into one file. */
  async #flush(): Promise<void> {
    this.#scheduled = false;
    while (this.#pending.length > 0) {
      const piece = this.#take(this.#limits.fileBytes);
      await this.#rotateIfFull(piece.length);
      await this.#write(piece);
    }
  }

  /** Pending lines of at most so many bytes together, but at least one. */
  #take(bytes: number): Buffer {
    let size = 0;
    let count = 0;
    for (const line of this.#pending) {
      size += Buffer.byteLength(line);
      if (count > 0 && size > bytes) break;
      count += 1;
    }
    const piece = Buffer.from(this.#pending.splice(0, count).join(''));
    this.#pendingBytes = Math.max(0, this.#pendingBytes - piece.length);
    return piece;
  }

  async #write(piece: Buffer): Promise<void> {
    const handle = await this.#current();
    // A full disk loses log lines, never the container.
    const written = await handle.write(piece).catch(() => undefined);
    this.#size += written?.bytesWritten ?? 0;
  }

  async #rotateIfFull(coming: number): Promise<void> {
    await this.#current();
    if (this.#size === 0 || this.#size + coming <= this.#limits.fileBytes) return;
    await this.#handle?.close();
    this.#handle = undefined;
    const names = rotationSteps(this.#limits.files);
    if (names.length === 0) await rm(join(this.#folder, '0.log'), { force: true });
    for (const { from, to } of names) {
      await rename(join(this.#folder, from), join(this.#folder, to)).catch(() => undefined);
    }
  }

  async #current(): Promise<FileHandle> {
    if (this.#handle !== undefined) return this.#handle;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = join(this.#folder, '0.log');
    this.#handle = await open(file, 'a', 0o600);
    this.#size = (await stat(file)).size;
    return this.#handle;
  }

  /** One thing at a time touches the files. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }
}
