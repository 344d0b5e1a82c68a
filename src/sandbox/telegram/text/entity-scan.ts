/** Finds what a client recognises by itself in a text: commands, mentions, hashtags, links, addresses. */
import type { Entity } from '../types.ts';

interface Pattern {
  readonly type: string;
  readonly pattern: RegExp;
}

const PATTERNS: readonly Pattern[] = [
  { type: 'url', pattern: /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)]/giu },
  { type: 'email', pattern: /[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}/gu },
  {
    type: 'bot_command',
    pattern: /(?<![\p{L}\p{N}_/<>@])\/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\p{L}\p{N}_/])/gu,
  },
  { type: 'mention', pattern: /(?<![\p{L}\p{N}_/.@])@[A-Za-z][A-Za-z0-9_]{3,31}(?![A-Za-z0-9_@])/gu },
  { type: 'hashtag', pattern: /(?<![\p{L}\p{N}_#])#(?=[\p{N}_]*\p{L})[\p{L}\p{N}_]{1,255}/gu },
  { type: 'cashtag', pattern: /(?<![\p{L}\p{N}_$])\$[A-Z]{3,8}(?![\p{L}\p{N}_])/gu },
  { type: 'phone_number', pattern: /(?<![\p{L}\p{N}+])\+\d[\d() -]{8,16}\d(?![\p{L}\p{N}])/gu },
];

const QUICK = /[/@#$+:]/;

/** The recognised entities that do not touch those in `taken`, in order of their place. */
export function scanEntities(text: string, taken: readonly Entity[] = []): Entity[] {
  if (!QUICK.test(text)) return [];
  const found: Entity[] = [];
  for (const { type, pattern } of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const entity = { type, offset: match.index, length: match[0].length };
      if (!touchesAny(entity, found) && !touchesAny(entity, taken)) found.push(entity);
    }
  }
  return found.sort((left, right) => left.offset - right.offset);
}

function touchesAny(entity: Entity, others: readonly Entity[]): boolean {
  return others.some(
    (other) => entity.offset < other.offset + other.length && other.offset < entity.offset + entity.length,
  );
}

/** The entities of a text a person typed: Telegram marks commands only where a word may begin. */
export function entitiesOfTyped(text: string): readonly Entity[] | undefined {
  const found = scanEntities(text);
  return found.length > 0 ? found : undefined;
}
