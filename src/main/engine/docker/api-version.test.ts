import { describe, expect, it } from 'vitest';
import { compareVersions, negotiate } from './api-version.ts';

describe('the version of the Engine API', () => {
  it.each([
    ['an old engine', '1.12', '1.41', '1.41'],
    ['one of the middle', '1.24', '1.45', '1.45'],
    ['one that is newer than this program', '1.44', '1.60', '1.52'],
    ['one that is too old', '1.12', '1.40', undefined],
    ['one that is too new', '1.53', '1.60', undefined],
  ])('is settled with %s', (_name, oldest, newest, settled) => {
    expect(negotiate({ oldest, newest })).toBe(settled);
  });

  it('is no decimal number', () => {
    expect(compareVersions('1.9', '1.41')).toBeLessThan(0);
  });
});
