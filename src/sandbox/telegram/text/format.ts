/** From what a bot sent (text, parse mode or entities) to what a message holds: clean text and its entities. */
import { badRequest } from '../api-error.ts';
import type { Entity } from '../types.ts';
import { scanEntities } from './entity-scan.ts';
import { parseHtml } from './html.ts';
import { parseMarkdown } from './markdown.ts';
import { parseMarkdownV2 } from './markdown-v2.ts';
import { type FormattedText, inOrder } from './markup-builder.ts';

const PARSERS: Readonly<Record<string, (source: string) => FormattedText>> = {
  html: parseHtml,
  markdown: parseMarkdown,
  markdownv2: parseMarkdownV2,
};

/** Parses by mode ('' or 'none': plain), trims as Telegram does, and adds the entities that are recognised anyway. */
export function formatText(source: string, parseMode: string, given: readonly Entity[]): FormattedText {
  const mode = parseMode.toLowerCase();
  if (mode !== '' && mode !== 'none' && PARSERS[mode] === undefined) throw badRequest('unsupported parse_mode');
  const parsed = PARSERS[mode]?.(source) ?? { text: source, entities: given };
  const trimmed = trim({ text: parsed.text.replaceAll('\r', ''), entities: parsed.entities });
  const found = scanEntities(trimmed.text, trimmed.entities.filter(isSolid));
  if (found.length === 0) return trimmed;
  return { text: trimmed.text, entities: inOrder([...trimmed.entities, ...found]) };
}

/** Nothing is recognised inside code and links. */
function isSolid(entity: Entity): boolean {
  return ['code', 'pre', 'text_link', 'text_mention', 'url', 'mention', 'bot_command', 'hashtag', 'email'].includes(
    entity.type,
  );
}

function trim(formatted: FormattedText): FormattedText {
  const { text } = formatted;
  const start = text.length - text.trimStart().length;
  const end = text.trimEnd().length;
  if (start === 0 && end === text.length) return formatted;
  const entities: Entity[] = [];
  for (const entity of formatted.entities) {
    const offset = Math.max(entity.offset, start);
    const length = Math.min(entity.offset + entity.length, end) - offset;
    if (length > 0) entities.push({ ...entity, offset: offset - start, length });
  }
  return { text: text.slice(start, Math.max(start, end)), entities };
}

/** The length Telegram's limits count: characters, not UTF-16 units. */
export function lengthOf(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit >= 0xd800 && unit <= 0xdbff) length -= 1;
  }
  return length;
}
