/** `parse_mode=Markdown`, the old form: no nesting, no escapes inside. */
import type { Entity } from '../types.ts';
import { byteOffset, type FormattedText, linkEntity, markupError } from './markup-builder.ts';

const TYPES: Readonly<Record<string, string>> = { _: 'italic', '*': 'bold', '`': 'code', '```': 'pre' };

/** Parses a text with the old Markdown markup. Throws 400 with Telegram's reason. */
export function parseMarkdown(source: string): FormattedText {
  const entities: Entity[] = [];
  let text = '';
  let index = 0;
  while (index < source.length) {
    const char = source.charAt(index);
    if (char === '\\' && '_*`['.includes(source.charAt(index + 1)) && index + 1 < source.length) {
      text += source.charAt(index + 1);
      index += 2;
    } else if (!'_*`['.includes(char)) {
      text += char;
      index += 1;
    } else {
      const part = readMarked(source, index);
      const entity = part.inner === '' ? undefined : entityOf(part, text.length);
      if (entity) entities.push(entity);
      text += part.inner;
      index = part.end;
    }
  }
  return { text, entities };
}

interface Marked {
  readonly mark: string;
  readonly inner: string;
  readonly url: string;
  readonly language: string;
  readonly end: number;
}

function readMarked(source: string, start: number): Marked {
  const mark = source.startsWith('```', start) ? '```' : source.charAt(start);
  const closing = mark === '[' ? ']' : mark;
  const close = source.indexOf(closing, start + mark.length);
  if (close < 0) throw markupError(`Can't find end of the entity starting at byte offset ${byteOffset(source, start)}`);
  const inner = source.slice(start + mark.length, close);
  const end = close + closing.length;
  if (mark === '[') {
    const url = /^\(([^)]*)\)/.exec(source.slice(end));
    return { mark, inner, url: url?.[1] ?? inner, language: '', end: end + (url?.[0].length ?? 0) };
  }
  const language = mark === '```' ? /^([^\s`]+)\n/.exec(inner) : null;
  return {
    mark,
    inner: language ? inner.slice(language[0].length) : inner,
    url: '',
    language: language?.[1] ?? '',
    end,
  };
}

function entityOf(part: Marked, offset: number): Entity | undefined {
  const { length } = part.inner;
  if (part.mark === '[') return linkEntity(part.url, offset, length);
  const type = TYPES[part.mark] ?? 'bold';
  return { type, offset, length, ...(part.language === '' ? {} : { language: part.language }) };
}
