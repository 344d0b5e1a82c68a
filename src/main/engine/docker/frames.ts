/** Takes Docker's multiplexed streams apart. Pure: bytes in, frames and lines out. */
import type { LogLine } from '../engine.ts';

/** A piece of one of a container's streams. In logs each frame is one message, or a part of a long one. */
export interface Frame {
  readonly stream: 'stdout' | 'stderr';
  readonly payload: Buffer;
}

const HEADER_BYTES = 8;
const STDERR = 2;

/** Cuts a stream into frames, however its bytes come in. */
export function frameReader(): (chunk: Buffer) => Frame[] {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const frames: Frame[] = [];
    let at = 0;
    while (rest.length - at >= HEADER_BYTES) {
      const end = at + HEADER_BYTES + rest.readUInt32BE(at + 4);
      if (rest.length < end) break;
      frames.push({
        stream: rest[at] === STDERR ? 'stderr' : 'stdout',
        payload: rest.subarray(at + HEADER_BYTES, end),
      });
      at = end;
    }
    rest = rest.subarray(at);
    return frames;
  };
}

/** A line with its exact instant, by which a follower that was cut off goes on. */
export interface StampedLine extends LogLine {
  /** Seconds and nanoseconds since the epoch as Docker's `since` takes them: `1700000000.123456789`. */
  readonly stamp: string;
}

/** A longer line is handed out in pieces, so that a program without line ends cannot fill the memory. Bytes. */
const LONGEST_LINE = 1024 * 1024;

/** `2026-01-02T03:04:05.123456789Z` as seconds and nanoseconds. */
export function stampOf(timestamp: string): string {
  const [whole = '', fraction = ''] = timestamp.replace(/Z$/, '').split('.');
  return `${Math.floor(Date.parse(`${whole}Z`) / 1_000)}.${fraction.padEnd(9, '0')}`;
}

/** Orders stamps in time. */
export function compareStamps(a: string, b: string): number {
  const [secondsA = '', nanosA = ''] = a.split('.');
  const [secondsB = '', nanosB = ''] = b.split('.');
  return Number(secondsA) - Number(secondsB) || Number(nanosA) - Number(nanosB);
}

/** Makes lines of frames that begin with a timestamp. Parts of a long line are put together, each stream for itself. */
export function lineAssembler(): (frame: Frame) => StampedLine | undefined {
  const open = new Map<Frame['stream'], { readonly stamp: string; parts: Buffer[]; bytes: number }>();
  return ({ stream, payload }) => {
    const space = payload.indexOf(0x20);
    const timestamp = payload.toString('latin1', 0, space);
    let part = payload.subarray(space + 1);
    const whole = part.at(-1) === 0x0a;
    if (whole) part = part.subarray(0, part.at(-2) === 0x0d ? -2 : -1);
    const line = open.get(stream) ?? { stamp: stampOf(timestamp), parts: [], bytes: 0 };
    line.parts.push(part);
    line.bytes += part.length;
    if (!whole && line.bytes < LONGEST_LINE) {
      open.set(stream, line);
      return undefined;
    }
    open.delete(stream);
    const [seconds = '0', nanos = '0'] = line.stamp.split('.');
    const at = Number(seconds) * 1_000 + Math.floor(Number(nanos) / 1e6);
    return { at, stream, text: Buffer.concat(line.parts).toString(), stamp: line.stamp };
  };
}
