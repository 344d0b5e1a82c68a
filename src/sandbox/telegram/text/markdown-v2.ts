/** `parse_mode=MarkdownV2`: nested marks, every reserved character escaped, Telegram's own error texts. */
import type { Entity } from '../types.ts';
import { byteOffset, type FormattedText, inOrder, linkEntity, markupError } from './markup-builder.ts';

interface OpenMark {
  readonly mark: string;
  readonly type: string;
  readonly start: number;
  readonly at: number;
  readonly language?: string | undefined;
}

const RESERVED = '_*[]()~`>#+-=|{}.!';
const TYPES: Readonly<Record<string, string>> = {
  '*': 'bold',
  _: 'italic',
  __: 'underline',
  '~': 'strikethrough',
  '||': 'spoiler',
  '`': 'code',
  '```': 'pre',
  '[': 'text_link',
  '![': 'custom_emoji',
};
const SHOWN: Readonly<Record<string, string>> = {
  bold: 'Bold',
  italic: 'Italic',
  underline: 'Underline',
  strikethrough: 'Strikethrough',
  spoiler: 'Spoiler',
  code: 'Code',
  pre: 'Pre',
  text_link: 'TextUrl',
  custom_emoji: 'CustomEmoji',
};

/** Parses a text with MarkdownV2 markup. Throws 400 with Telegram's reason. */
export function parseMarkdownV2(source: string): FormattedText {
  return new MarkdownV2(source).run();
}

class MarkdownV2 {
  readonly #source: string;
  readonly #open: OpenMark[] = [];
  readonly #entities: Entity[] = [];
  #quote: number | undefined;
  #text = '';
  #index = 0;

  constructor(source: string) {
    this.#source = source;
  }

  run(): FormattedText {
    while (this.#index < this.#source.length) this.#step();
    this.#endQuote();
    const left = this.#open.at(-1);
    if (left) throw markupError(`Can't find end of ${SHOWN[left.type] ?? left.type} entity at byte offset ${left.at}`);
    return { text: this.#text, entities: inOrder(this.#entities) };
  }

  #step(): void {
    const char = this.#source.charAt(this.#index);
    const next = this.#source.charAt(this.#index + 1);
    if (char === '\\' && next > '\0' && next <= '~') {
      this.#text += next;
      this.#index += 2;
      return;
    }
    const top = this.#open.at(-1);
    const raw = top?.type === 'code' || top?.type === 'pre';
    if (raw ? char !== '`' : !RESERVED.includes(char)) {
      this.#plain(char);
      return;
    }
    if (!raw && char === '>' && this.#atLineStart()) {
      this.#quote ??= this.#text.length;
      this.#index += 1;
      return;
    }
    const mark = this.#markHere(top);
    if (mark !== undefined && top && this.#closes(top, mark)) this.#close(top, mark);
    else this.#begin(mark, char);
  }

  #plain(char: string): void {
    this.#text += char;
    this.#index += 1;
    if (char === '\n' && this.#quote !== undefined && this.#source.charAt(this.#index) !== '>') this.#endQuote();
  }

  #endQuote(): void {
    if (this.#quote === undefined) return;
    const length = this.#text.replace(/\n$/, '').length - this.#quote;
    if (length > 0) this.#entities.push({ type: 'blockquote', offset: this.#quote, length });
    this.#quote = undefined;
  }

  #atLineStart(): boolean {
    return this.#index === 0 || this.#source.charAt(this.#index - 1) === '\n';
  }

  #markHere(top: OpenMark | undefined): string | undefined {
    const rest = this.#source.slice(this.#index, this.#index + 3);
    if (top?.type === 'pre') return rest === '```' ? '```' : undefined;
    if (top?.type === 'code') return '`';
    if (rest === '```') return '```';
    const two = rest.slice(0, 2);
    if (two === '__' || two === '||' || two === '![') return two;
    const one = rest.charAt(0);
    if (one === ']') return one;
    return one in TYPES ? one : undefined;
  }

  #closes(top: OpenMark, mark: string): boolean {
    return mark === ']' ? top.mark === '[' || top.mark === '![' : top.mark === mark;
  }

  #begin(mark: string | undefined, char: string): void {
    const type = mark === undefined ? undefined : TYPES[mark];
    if (mark === undefined || type === undefined) {
      const top = this.#open.at(-1);
      if (top?.type === 'pre' && char === '`') {
        this.#plain(char);
        return;
      }
      throw markupError(`Character '${char}' is reserved and must be escaped with the preceding '\\'`);
    }
    const at = byteOffset(this.#source, this.#index);
    this.#index += mark.length;
    const language = mark === '```' ? this.#readLanguage() : undefined;
    this.#open.push({ mark, type, start: this.#text.length, at, language });
  }

  #readLanguage(): string | undefined {
    const match = /^([^\s`]+)\n/.exec(this.#source.slice(this.#index, this.#index + 64));
    if (match) {
      this.#index += match[0].length;
      return match[1];
    }
    if (this.#source.charAt(this.#index) === '\n') this.#index += 1;
    return undefined;
  }

  #close(top: OpenMark, mark: string): void {
    this.#open.pop();
    this.#index += mark.length;
    const length = this.#text.length - top.start;
    if (mark === ']') {
      const url = this.#readUrl() ?? this.#text.slice(top.start);
      const link = length > 0 ? linkEntity(url, top.start, length) : undefined;
      if (link) this.#entities.push(link);
      return;
    }
    if (length === 0) return;
    const language = top.language === undefined ? {} : { language: top.language };
    this.#entities.push({ type: top.type, offset: top.start, length, ...language });
  }

  #readUrl(): string | undefined {
    if (this.#source.charAt(this.#index) !== '(') return undefined;
    const at = byteOffset(this.#source, this.#index);
    let url = '';
    this.#index += 1;
    while (this.#index < this.#source.length && this.#source.charAt(this.#index) !== ')') {
      if (this.#source.charAt(this.#index) === '\\') this.#index += 1;
      url += this.#source.charAt(this.#index);
      this.#index += 1;
    }
    if (this.#index >= this.#source.length) throw markupError(`Can't find end of a URL at byte offset ${at}`);
    this.#index += 1;
    return url;
  }
}
