import { describe, expect, it } from 'vitest';
import { rememberSilence } from './silence.ts';

describe('a bot that does not come up', () => {
  it('is one that has been silent for long enough, without a word in between', () => {
    const silence = rememberSilence(60);
    expect([...silence.look(['a', 'b'], 0)]).toEqual([]);
    silence.look(['a'], 30);
    expect([...silence.look(['a', 'b'], 60)]).toEqual([['a', 60]]);
    expect([...silence.look(['b'], 120)]).toEqual([['b', 60]]);
  });

  it('does not become older by a clock that was set back', () => {
    const silence = rememberSilence(60);
    silence.look(['a'], 1_000);
    expect(silence.look(['a'], 0).size).toBe(0);
    expect([...silence.look(['a'], 60)]).toEqual([['a', 60]]);
  });
});
