/** Chance as a parameter: identifiers, tokens and jitter all come from one `Random`. */
import { randomInt } from 'node:crypto';

/** A number in [0, 1). */
export type Random = () => number;

/** Unpredictable numbers, good enough for the tokens of a simulated Telegram. */
export const systemRandom: Random = () => randomInt(2 ** 47) / 2 ** 47;

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A text of `length` characters of the base64url alphabet. */
export function randomText(random: Random, length: number): string {
  let text = '';
  for (let index = 0; index < length; index += 1) text += BASE64URL.charAt(Math.floor(random() * BASE64URL.length));
  return text;
}

/** A whole number from `min` to `max`, both included. */
export function randomBetween(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}
