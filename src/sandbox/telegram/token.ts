/** The shape of bot tokens: check, make, and hide. */
import type { Random } from '../random.ts';
import { randomText } from '../random.ts';

const SHAPE = /^[1-9]\d*:[A-Za-z0-9_-]{24,}$/;
const LOGIN = /\/\/[^\s/@]+@/g;
const INSIDE_TEXT = /\d{3,16}:[A-Za-z0-9_-]{24,}/g;

/** The bot id inside a well-formed token, or undefined when the shape is wrong. Says nothing about validity. */
export function botIdOfToken(token: string): number | undefined {
  if (token.length > 80 || !SHAPE.test(token)) return undefined;
  const id = Number(token.slice(0, token.indexOf(':')));
  return id < 2 ** 54 ? id : undefined;
}

/** A new token for a bot: its id, a colon and 35 characters. */
export function makeToken(botId: number, random: Random): string {
  return `${botId}:AA${randomText(random, 33)}`;
}

/** The text with everything that looks like a token or like a login in an address replaced: for records and logs. */
export function hideTokens(text: string): string {
  return text.includes(':') ? text.replace(INSIDE_TEXT, '[token]').replace(LOGIN, '//[login]@') : text;
}
