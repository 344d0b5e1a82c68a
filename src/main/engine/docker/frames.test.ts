import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareStamps, type Frame, frameReader, lineAssembler, stampOf } from './frames.ts';
import { position, sinceMs } from './logs.ts';

function encode({ stream, payload }: Frame): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream === 'stderr' ? 2 : 1;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

const frame = (stream: Frame['stream'], text: string): Frame => ({ stream, payload: Buffer.from(text) });
const AT = '2026-11-21T05:00:00.123456789Z';

describe("Docker's streams", () => {
  it('are taken apart however the bytes come in', () => {
    const frames = fc.array(
      fc.record({
        stream: fc.constantFrom<Frame['stream']>('stdout', 'stderr'),
        payload: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
      }),
    );
    fc.assert(
      fc.property(frames, fc.integer({ min: 1, max: 20 }), (sent, size) => {
        const bytes = Buffer.concat(sent.map(encode));
        const read = frameReader();
        const found: Frame[] = [];
        for (let at = 0; at < bytes.length; at += size) found.push(...read(bytes.subarray(at, at + size)));
        expect(found).toEqual(sent);
      }),
    );
  });

  it('become lines with their instants; parts of a long line are put together, each stream for itself', () => {
    const assemble = lineAssembler();
    expect(assemble(frame('stdout', `${AT} one `))).toBeUndefined();
    expect(assemble(frame('stderr', `${AT} other\n`))?.text).toBe('other');
    const line = assemble(frame('stdout', '2026-11-21T05:00:01.000000000Z line\r\n'));
    expect(line).toEqual({
      at: Date.parse('2026-11-21T05:00:00.123Z'),
      stream: 'stdout',
      text: 'one line',
      stamp: stampOf(AT),
    });
  });

  it('keep nanoseconds, whatever their number of digits', () => {
    expect(stampOf(AT).endsWith('.123456789')).toBe(true);
    expect(compareStamps(stampOf('2026-11-21T05:00:00.5Z'), stampOf('2026-11-21T05:00:00.123456789Z'))).toBeGreaterThan(
      0,
    );
    expect(sinceMs(1_700_000_000_007)).toBe('1700000000.007000000');
  });
});

describe('a reader that begins again', () => {
  it('repeats no line and loses none, though several bear the same stamp', () => {
    const line = (text: string, stamp: string) => ({ at: 0, stream: 'stdout' as const, text, stamp });
    const place = position();
    const log = [line('a', '1.1'), line('b', '1.2'), line('c', '1.2'), line('d', '1.2'), line('e', '1.3')];
    expect(log.slice(0, 3).map(place.isNew)).toEqual([true, true, true]);
    place.rewind();
    const since = place.since() ?? '';
    const again = log.filter(({ stamp }) => compareStamps(stamp, since) >= 0);
    expect(again.filter(place.isNew).map(({ text }) => text)).toEqual(['d', 'e']);
  });
});
