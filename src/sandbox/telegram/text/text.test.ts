import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../api-error.ts';
import { scanEntities } from './entity-scan.ts';
import { formatText, lengthOf } from './format.ts';

function errorOf(source: string, mode: string): string {
  try {
    formatText(source, mode, []);
    return 'no error';
  } catch (error) {
    return error instanceof ApiError ? error.message : String(error);
  }
}

describe('recognised entities', () => {
  it.each([
    ['/start abc', [{ type: 'bot_command', offset: 0, length: 6 }]],
    ['и /help@shop_bot!', [{ type: 'bot_command', offset: 2, length: 14 }]],
    ['a/b 1/2', []],
    [
      '@alice #tag',
      [
        { type: 'mention', offset: 0, length: 6 },
        { type: 'hashtag', offset: 7, length: 4 },
      ],
    ],
    ['see https://a.example/x.', [{ type: 'url', offset: 4, length: 19 }]],
    ['mail me@a.example', [{ type: 'email', offset: 5, length: 12 }]],
  ])('of %s', (text, entities) => {
    expect(scanEntities(text)).toEqual(entities);
  });
});

describe('HTML', () => {
  it('becomes text and entities', () => {
    expect(formatText('<b>Bold <i>both</i></b> &lt;x&gt; <a href="https://a.example/">link</a>', 'HTML', [])).toEqual({
      text: 'Bold both <x> link',
      entities: [
        { type: 'bold', offset: 0, length: 9 },
        { type: 'italic', offset: 5, length: 4 },
        { type: 'text_link', offset: 14, length: 4, url: 'https://a.example/' },
      ],
    });
    expect(formatText('<pre><code class="language-ts">a</code></pre>', 'html', []).entities).toEqual([
      { type: 'pre', offset: 0, length: 1, language: 'ts' },
    ]);
  });

  it.each([
    ['<b>x', `Can't find end tag corresponding to start tag "b"`],
    ['я<foo>x</foo>', 'Unsupported start tag "foo" at byte offset 2'],
    ['<b>x</i>', 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
    ['x</b>', 'Unexpected end tag at byte offset 1'],
    ['1 < 2', 'Unsupported start tag "" at byte offset 2'],
    ['<span>x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ])('that is wrong is refused: %s', (source, reason) => {
    expect(errorOf(source, 'HTML')).toBe(`Bad Request: can't parse entities: ${reason}`);
  });
});

describe('MarkdownV2', () => {
  it('becomes text and entities', () => {
    expect(formatText('*bold _it_* `a*b` ||s|| [l](https://a.example/) 1\\.', 'MarkdownV2', [])).toEqual({
      text: 'bold it a*b s l 1.',
      entities: [
        { type: 'bold', offset: 0, length: 7 },
        { type: 'italic', offset: 5, length: 2 },
        { type: 'code', offset: 8, length: 3 },
        { type: 'spoiler', offset: 12, length: 1 },
        { type: 'text_link', offset: 14, length: 1, url: 'https://a.example/' },
      ],
    });
    expect(formatText('>one\n>two\nthree', 'MarkdownV2', []).entities).toEqual([
      { type: 'blockquote', offset: 0, length: 7 },
    ]);
  });

  it.each([
    ['a.b', "Character '.' is reserved and must be escaped with the preceding '\\'"],
    ['*x', "Can't find end of Bold entity at byte offset 0"],
  ])('that is wrong is refused: %s', (source, reason) => {
    expect(errorOf(source, 'MarkdownV2')).toBe(`Bad Request: can't parse entities: ${reason}`);
  });
});

describe('old Markdown', () => {
  it('becomes text and entities', () => {
    expect(
      formatText('*b* _i_ `c` [l](http://a.example)', 'Markdown', []).entities.map((entity) => entity.type),
    ).toEqual(['bold', 'italic', 'code', 'text_link']);
    expect(errorOf('a_b', 'Markdown')).toBe(
      "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 1",
    );
  });
});

describe('any text', () => {
  it('passes plain mode trimmed and otherwise unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(formatText(text, '', []).text).toBe(text.replaceAll('\r', '').trim());
      }),
    );
  });

  it('either parses or is refused with the one kind of error, and entities stay inside the text', () => {
    const source = fc
      .array(
        fc.constantFrom(
          '<b>',
          '</b>',
          '<i>',
          '*',
          '_',
          '`',
          '||',
          '[',
          '](',
          ')',
          '\\',
          'ab',
          ' ',
          '>',
          '&lt;',
          '\n',
          'я',
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(source, fc.constantFrom('HTML', 'MarkdownV2', 'Markdown'), (text, mode) => {
        try {
          const formatted = formatText(text, mode, []);
          for (const { offset, length } of formatted.entities) {
            expect(offset).toBeGreaterThanOrEqual(0);
            expect(length).toBeGreaterThan(0);
            expect(offset + length).toBeLessThanOrEqual(formatted.text.length);
          }
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          expect(error.message).toMatch(/^Bad Request: can't parse entities: /);
        }
      }),
    );
  });

  it('is counted in characters', () => {
    expect(lengthOf('a👍я')).toBe(3);
  });
});
