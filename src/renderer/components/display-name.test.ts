import { expect, it } from 'vitest';
import { displayLine, displayName } from './display-name.ts';

it('shows a hostile name as one line of text without escapes, control characters and direction marks', () => {
  expect(displayName('<b>x</b>', 40)).toBe('<b>x</b>');
  expect(displayName('\u001b[31mred\u001b[0m\u202Egpj.exe\nnext', 40)).toBe('redgpj.exe next');
  expect([...displayName('я'.repeat(10_000), 20)]).toHaveLength(21);
});

it('shows a hostile line of a log as it is, without what would act on a terminal or turn the text around', () => {
  expect(displayLine('\u001b[2J\u202Eabc\u0007')).toBe('·abc·');
});
