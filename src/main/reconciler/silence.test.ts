import { describe, expect, it } from 'vitest';
import { rememberRemakes, rememberSilence } from './silence.ts';

const silent = (container: string) => ({ container, silent: true });

describe('a bot that does not come up', () => {
  it('is one that has been silent for long enough, without a word in between', () => {
    const silence = rememberSilence(60);
    expect([...silence.look([silent('a'), silent('b')], 0)]).toEqual([]);
    silence.look([{ container: 'b', silent: false }, silent('a')], 30);
    expect([...silence.look([silent('a'), silent('b')], 60)]).toEqual([['a', 60]]);
    expect([...silence.look([silent('b')], 120)]).toEqual([['b', 60]]);
  });

  it('does not become older by a clock that was set back', () => {
    const silence = rememberSilence(60);
    silence.look([silent('a')], 1_000);
    expect(silence.look([silent('a')], 0).size).toBe(0);
    expect([...silence.look([silent('a')], 60)]).toEqual([['a', 60]]);
  });

  it('is made anew at once, then more rarely each time, and anew from the beginning when it had come up', () => {
    const remakes = rememberRemakes(60);
    const dueAt = (times: readonly number[]) => times.filter((at) => remakes.due(['a'], at).length === 1);
    expect(dueAt([0, 60, 119, 120, 300, 359, 360])).toEqual([0, 120, 360]);
    expect(remakes.due([], 400)).toEqual([]);
    expect(remakes.due(['a'], 401)).toEqual(['a']);
  });
});
