import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { botIdOfToken, hideTokens, makeToken } from './token.ts';

describe('tokens', () => {
  it('are made in the shape that is accepted, and carry the id of their bot', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 50 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (id, stream) => {
          const token = makeToken(id, () => stream.next().value ?? 0);
          expect(botIdOfToken(token)).toBe(id);
          expect(token.split(':')[1]).toHaveLength(35);
        },
      ),
    );
  });

  it.each([
    '',
    'abc',
    '0123:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    '12:short',
    `12:${'A'.repeat(24)}/`,
    `12${'A'.repeat(30)}`,
    `1:${'A'.repeat(90)}`,
    `99999999999999999999:${'A'.repeat(35)}`,
  ])('of a wrong shape are seen: %s', (token) => {
    expect(botIdOfToken(token)).toBeUndefined();
  });

  it('are hidden wherever they stand in a text', () => {
    const token = `123456789:AA${'x'.repeat(33)}`;
    expect(hideTokens(`https://h/bot${token}/getMe and "${token}"`)).not.toContain('xxx');
    expect(hideTokens('https://me:secret@h.example/x')).toBe('https://[login]@h.example/x');
    expect(hideTokens('at 12:30 as usual')).toBe('at 12:30 as usual');
  });
});
