import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeHtml } from './html.ts';
import { isOwnTextProblem, readOwnText, showOwnText } from './own-text.ts';
import { previewOwnText } from './texts.ts';

const FACTS = { name: 'Ann', company: 'Salon' };
const names = Object.keys(FACTS);
const preview = (written: string): string | undefined => {
  const text = readOwnText(written, names);
  return isOwnTextProblem(text) ? undefined : previewOwnText({ key: 'welcome', locale: 'en', text }, FACTS);
};

test('facts in braces are filled in, with or without a dollar sign', () => {
  expect(preview('Hi {name}, this is { $company }!')).toBe('Hi Ann, this is Salon!');
});

test('what is wrong is named', () => {
  expect(readOwnText('Hi {nane}', names)).toEqual({ problem: 'fact', at: 'nane' });
  expect(readOwnText('Hi {name', names)).toEqual({ problem: 'brace', at: '{' });
  expect(readOwnText(' \n ', names)).toEqual({ problem: 'empty', at: '' });
  expect(readOwnText('x'.repeat(2_001), names)).toMatchObject({ problem: 'long' });
  expect(preview('a < b')).toBeUndefined();
});

test('whatever else is written is read letter by letter, line by line, and comes back as it was written', () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll(/[{}\p{Cc}]/gu, '').trim());
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
      const written = lines.join('\n').trim();
      fc.pre(written !== '');
      const text = readOwnText(escapeHtml(written), names);
      expect(isOwnTextProblem(text)).toBe(false);
      if (isOwnTextProblem(text)) return;
      const expected = escapeHtml(written)
        .split('\n')
        .map((each) => each.trim())
        .join('\n');
      expect(previewOwnText({ key: 'welcome', locale: 'en', text }, FACTS)).toBe(expected);
      expect(showOwnText(text)).toBe(expected);
    }),
  );
  expect(preview('[1] first\n* second\n.third\n\nlast = 5')).toBe('[1] first\n* second\n.third\n\nlast = 5');
});
