/**
 * Owns what a button says back: `<prefix>.<code>[.<argument>…]`, at most 64 bytes. Every choice stands in it, so that a
 * button works after a restart, in another process and without Redis. Buttons live in people's chats for years: a code
 * never changes its meaning.
 */

const ARGUMENT = /^[A-Za-z0-9_-]{1,40}$/;
const MAX_BYTES = 64;

/** What a pressed button asks for. */
export interface Action {
  readonly code: string;
  readonly args: readonly string[];
}

/** Writes an action. */
export function encodeAction(prefix: string, code: string, ...args: readonly (string | number)[]): string {
  const data = [prefix, code, ...args].join('.');
  if (data.length > MAX_BYTES) throw new Error(`the button ${data} is too long`);
  return data;
}

/** Reads an action; undefined for whatever this version did not write. */
export function decodeAction(prefix: string, data: string): Action | undefined {
  const [first, code, ...args] = data.split('.');
  if (first !== prefix || code === undefined) return undefined;
  return args.every((arg) => ARGUMENT.test(arg)) ? { code, args } : undefined;
}
