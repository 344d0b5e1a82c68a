/** Makes the ids of what an update asks for: the same update, delivered again, asks for the same thing. */
import { createHash } from 'node:crypto';

/** A UUID that always belongs to these words. */
export function idOf(...words: readonly (string | number)[]): string {
  const bytes = createHash('sha256').update(words.join(' ')).digest().subarray(0, 16);
  // Version 8 (made by a rule of one's own), variant of RFC 9562.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
