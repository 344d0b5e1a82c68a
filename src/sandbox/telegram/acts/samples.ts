/** Small real media, made on the spot: a grey photo and a silent voice message. */
import { crc32, deflateSync } from 'node:zlib';

const SIDE = 320;
const GREY = 0x80;
const FRAMES_PER_SECOND = 50;
const FRAMES_PER_PAGE = 50;
const SAMPLES_PER_FRAME = 960;
const SILENT_FRAME = Buffer.from([0xf8, 0xff, 0xfe]);

/** A grey PNG of 320 x 320 pixels. */
export function samplePhoto(): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  header.writeUInt8(8, 8);
  const row = Buffer.alloc(SIDE + 1, GREY);
  row.writeUInt8(0, 0);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: SIDE }, () => row)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([size, body, sum]);
}

/** A silent Ogg/Opus file of this many seconds. */
export function sampleVoice(seconds: number): Uint8Array {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 0);
  head.writeUInt8(1, 8);
  head.writeUInt8(1, 9);
  head.writeUInt32LE(48_000, 12);
  const tags = Buffer.alloc(16);
  tags.write('OpusTags', 0);
  const pages = [oggPage([head], 0, 0, 2), oggPage([tags], 1, 0, 0)];
  const frames = Math.max(1, Math.round(seconds * FRAMES_PER_SECOND));
  for (let done = 0; done < frames; done += FRAMES_PER_PAGE) {
    const count = Math.min(FRAMES_PER_PAGE, frames - done);
    const last = done + count >= frames;
    const packets = Array.from({ length: count }, () => SILENT_FRAME);
    pages.push(oggPage(packets, pages.length, (done + count) * SAMPLES_PER_FRAME, last ? 4 : 0));
  }
  return Buffer.concat(pages);
}

function oggPage(packets: readonly Buffer[], sequence: number, granule: number, flags: number): Buffer {
  const header = Buffer.alloc(27 + packets.length);
  header.write('OggS', 0);
  header.writeUInt8(flags, 5);
  header.writeBigUInt64LE(BigInt(granule), 6);
  header.writeUInt32LE(1, 14);
  header.writeUInt32LE(sequence, 18);
  header.writeUInt8(packets.length, 26);
  packets.forEach((packet, index) => {
    header.writeUInt8(packet.length, 27 + index);
  });
  const page = Buffer.concat([header, ...packets]);
  page.writeUInt32LE(oggChecksum(page), 22);
  return page;
}

function oggChecksum(page: Buffer): number {
  let sum = 0;
  for (const byte of page) {
    sum = (sum ^ (byte << 24)) >>> 0;
    for (let bit = 0; bit < 8; bit += 1) sum = ((sum & 0x80000000) !== 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1) >>> 0;
  }
  return sum;
}
