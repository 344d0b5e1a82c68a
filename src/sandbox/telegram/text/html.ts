/** `parse_mode=HTML`: the tags Telegram knows, with its own error texts. */
import type { Entity } from '../types.ts';
import { byteOffset, type FormattedText, inOrder, linkEntity, markupError } from './markup-builder.ts';

interface OpenTag {
  readonly name: string;
  readonly argument: string;
  readonly start: number;
}

interface StartTag {
  readonly name: string;
  readonly argument: string;
  readonly end: number;
}

const SIMPLE: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
};
const KNOWN: ReadonlySet<string> = new Set([
  ...Object.keys(SIMPLE),
  'a',
  'code',
  'pre',
  'tg-emoji',
  'tg-time',
  'blockquote',
]);
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** Parses a text with HTML markup. Throws 400 with Telegram's reason. */
export function parseHtml(source: string): FormattedText {
  const open: OpenTag[] = [];
  const entities: Entity[] = [];
  let text = '';
  let index = 0;
  while (index < source.length) {
    const char = source.charAt(index);
    if (char === '&') {
      const decoded = decodeCharacter(source, index);
      text += decoded.char;
      index = decoded.end;
    } else if (char !== '<') {
      text += char;
      index += 1;
    } else if (source.charAt(index + 1) === '/') {
      index = closeTag(source, index, text, open, entities);
    } else {
      const tag = readStartTag(source, index);
      open.push({ name: tag.name, argument: tag.argument, start: text.length });
      index = tag.end;
    }
  }
  const left = open.at(-1);
  if (left) throw markupError(`Can't find end tag corresponding to start tag "${left.name}"`);
  return { text, entities: inOrder(entities) };
}

function decodeCharacter(source: string, start: number): { readonly char: string; readonly end: number } {
  const match = /^&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));?/i.exec(source.slice(start, start + 12));
  if (match) {
    const [whole, decimal, hex, name] = match;
    const code = decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : 0;
    const char =
      name !== undefined ? NAMED[name] : code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
    if (char !== undefined) return { char, end: start + whole.length };
  }
  return { char: '&', end: start + 1 };
}

function readStartTag(source: string, start: number): StartTag {
  const at = byteOffset(source, start);
  const nameEnd = endOf(source, start + 1, /[\s>]/);
  if (nameEnd >= source.length) throw markupError(`Unclosed start tag at byte offset ${at}`);
  const name = source.slice(start + 1, nameEnd).toLowerCase();
  if (!KNOWN.has(name)) throw markupError(`Unsupported start tag "${name}" at byte offset ${at}`);
  const { attributes, end } = readAttributes(source, nameEnd, name, at);
  if (name === 'span' && attributes.get('class') !== 'tg-spoiler') {
    throw markupError(`Tag "span" must have class "tg-spoiler" at byte offset ${at}`);
  }
  return { name, argument: argumentOf(name, attributes), end };
}

function argumentOf(name: string, attributes: ReadonlyMap<string, string>): string {
  if (name === 'a') return attributes.get('href') ?? '';
  if (name === 'code') return /^language-(.+)$/.exec(attributes.get('class') ?? '')?.[1] ?? '';
  if (name === 'tg-emoji') return attributes.get('emoji-id') ?? '';
  if (name === 'blockquote') return attributes.has('expandable') ? '1' : '';
  return '';
}

function readAttributes(
  source: string,
  from: number,
  tag: string,
  at: number,
): { attributes: Map<string, string>; end: number } {
  const attributes = new Map<string, string>();
  let index = from;
  for (;;) {
    while (/\s/.test(source.charAt(index))) index += 1;
    if (index >= source.length) throw markupError(`Unclosed start tag "${tag}" at byte offset ${at}`);
    if (source.charAt(index) === '>') return { attributes, end: index + 1 };
    const nameEnd = endOf(source, index, /[\s=>/]/);
    const name = source.slice(index, nameEnd).toLowerCase();
    if (name === '') throw markupError(`Empty attribute name in the tag "${tag}" at byte offset ${at}`);
    index = nameEnd;
    if (source.charAt(index) !== '=') {
      if (name !== 'expandable') {
        throw markupError(
          `Expected equal sign in declaration of an attribute of the tag "${tag}" at byte offset ${at}`,
        );
      }
      attributes.set(name, '');
      continue;
    }
    const value = readValue(source, index + 1, tag, at);
    attributes.set(name, value.text);
    index = value.end;
  }
}

function readValue(source: string, from: number, tag: string, at: number): { text: string; end: number } {
  const quote = source.charAt(from);
  if (quote !== '"' && quote !== "'") {
    const end = endOf(source, from, /[\s>]/);
    return { text: source.slice(from, end), end };
  }
  let text = '';
  let index = from + 1;
  while (index < source.length && source.charAt(index) !== quote) {
    const decoded = decodeCharacterOrPlain(source, index);
    text += decoded.char;
    index = decoded.end;
  }
  if (index >= source.length) throw markupError(`Unclosed start tag "${tag}" at byte offset ${at}`);
  return { text, end: index + 1 };
}

function decodeCharacterOrPlain(source: string, index: number): { readonly char: string; readonly end: number } {
  const char = source.charAt(index);
  return char === '&' ? decodeCharacter(source, index) : { char, end: index + 1 };
}

function closeTag(source: string, start: number, text: string, open: OpenTag[], entities: Entity[]): number {
  const at = byteOffset(source, start);
  const tag = open.pop();
  if (!tag) throw markupError(`Unexpected end tag at byte offset ${at}`);
  const nameEnd = endOf(source, start + 2, /[\s>]/);
  const name = source.slice(start + 2, nameEnd).toLowerCase();
  const end = endOf(source, nameEnd, /\S/);
  if (source.charAt(end) !== '>') throw markupError(`Unclosed end tag at byte offset ${at}`);
  if (name !== '' && name !== tag.name) {
    throw markupError(`Unmatched end tag at byte offset ${at}, expected "</${tag.name}>", found "</${name}>"`);
  }
  const length = text.length - tag.start;
  if (length > 0) addEntity(tag, length, text, entities);
  return end + 1;
}

function addEntity(tag: OpenTag, length: number, text: string, entities: Entity[]): void {
  const { name, argument, start: offset } = tag;
  const simple = SIMPLE[name];
  if (simple !== undefined) entities.push({ type: simple, offset, length });
  else if (name === 'a') {
    const link = linkEntity(argument === '' ? text.slice(offset) : argument, offset, length);
    if (link) entities.push(link);
  } else if (name === 'tg-emoji') entities.push({ type: 'custom_emoji', offset, length, custom_emoji_id: argument });
  else if (name === 'blockquote') {
    entities.push({ type: argument === '' ? 'blockquote' : 'expandable_blockquote', offset, length });
  } else if (name === 'code') addCode(argument, offset, length, entities);
  else if (name === 'pre') addPre(offset, length, entities);
}

function addCode(language: string, offset: number, length: number, entities: Entity[]): void {
  entities.push({ type: 'code', offset, length, ...(language === '' ? {} : { language }) });
}

/** `<pre><code class="language-x">` is one block of code in a language. */
function addPre(offset: number, length: number, entities: Entity[]): void {
  const inner = entities.findIndex(
    (entity) => entity.type === 'code' && entity.offset === offset && entity.length === length,
  );
  const language = inner >= 0 ? entities[inner]?.language : undefined;
  if (inner >= 0) entities.splice(inner, 1);
  entities.push({ type: 'pre', offset, length, ...(language === undefined ? {} : { language }) });
}

function endOf(source: string, from: number, stop: RegExp): number {
  let index = from;
  while (index < source.length && !stop.test(source.charAt(index))) index += 1;
  return index;
}
