import { describe, expect, it } from 'vitest';
import { type EventFrame, engineEvent } from './answers.ts';
import { dieBeforeStop, resumeAt, seenOnce, sinceOf } from './events.ts';

const frame = (Action: string, ID = 'a', timeNano = 1e9): EventFrame => ({
  Action,
  timeNano,
  Actor: { ID, Attributes: { name: `bot-${ID}`, image: 'i', pool: 'main', exitCode: '7' } },
});

describe('events of Docker', () => {
  it('are told in the words of every engine, with labels only', () => {
    const labels = { pool: 'main' };
    expect(engineEvent(frame('destroy'))).toEqual({ at: 1_000, type: 'remove', name: 'bot-a', labels });
    expect(engineEvent(frame('die'))).toMatchObject({ type: 'die', exitCode: 7 });
    expect(engineEvent(frame('exec_start: sh'))).toBeUndefined();
  });

  it('tell a death before the stop that it belongs to', () => {
    const order = dieBeforeStop();
    const told = [
      frame('start'),
      frame('stop'),
      frame('start', 'b'),
      frame('die'),
      frame('die', 'b'),
      frame('stop', 'b'),
    ];
    expect(told.flatMap(order).map(({ Action, Actor }) => `${Action} ${Actor.ID}`)).toEqual([
      'start a',
      'start b',
      'die a',
      'stop a',
      'die b',
      'stop b',
    ]);
    expect([frame('start'), frame('stop'), frame('destroy')].flatMap(order).map(({ Action }) => Action)).toEqual([
      'start',
      'stop',
      'destroy',
    ]);
  });

  it('are told once, though a new stream begins a little before the old one broke', () => {
    const isNew = seenOnce();
    expect([frame('start', 'a', 5), frame('die', 'a', 4), frame('start', 'a', 5)].map(isNew)).toEqual([
      true,
      true,
      false,
    ]);
    expect(sinceOf(1_700_000_001_000_000_000)).toBe('1700000000.000000000');
  });

  it('go on where they ended, and from the beginning when Docker’s clock was set back', () => {
    const hour = 3_600e9;
    expect(resumeAt(5 * hour, 6 * hour)).toBe(5 * hour);
    expect(sinceOf(resumeAt(5 * hour, 4 * hour))).toBe('0.000000000');
  });
});
