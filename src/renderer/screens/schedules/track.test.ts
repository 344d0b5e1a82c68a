import { expect, it } from 'vitest';
import type { RunView } from '#shared/api/schedules.ts';
import { HALF_MS, trackOf } from './track.ts';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const HOUR = 3_600_000;

function run(id: string, startedHoursAgo: number, minutes: number, state: RunView['state']): RunView {
  const from = NOW - startedHoursAgo * HOUR;
  return {
    ...{ id, state, schedule: 'backup', dueAt: new Date(from), cause: 'schedule', attempt: 1, missed: 0 },
    ...{ requestedBy: null, code: null, facts: {}, output: '' },
    startedAt: state === 'missed' ? null : new Date(from),
    endedAt: state === 'running' ? null : new Date(from + minutes * 60_000),
  };
}

it('puts runs and instants to come where they belong, and leaves out what lies beyond the edges', () => {
  const track = trackOf(
    [run('a', 6, 72, 'succeeded'), run('b', 13, 1, 'failed'), run('c', 1, 0, 'running'), run('d', 3, 0, 'missed')],
    [new Date(NOW + 6 * HOUR), new Date(NOW + 13 * HOUR), new Date(NOW - HOUR)],
    NOW,
  );
  expect(track.past).toEqual([
    { key: 'a', left: 25, width: 5, state: 'succeeded' },
    { key: 'c', left: expect.closeTo(45.83, 1), width: expect.closeTo(4.17, 1), state: 'running' },
    { key: 'd', left: 37.5, width: 0, state: 'missed' },
  ]);
  expect(track.due).toEqual([{ key: String(NOW + 6 * HOUR), left: 75, width: 0, state: 'due' }]);
  expect(track).toMatchObject({ troubled: 1, dense: { past: false, due: false } });
});

it('says when there is too much to tell one from the other', () => {
  const many = Array.from({ length: 60 }, (_, minute) => new Date(NOW + (minute + 1) * 60_000));
  expect(trackOf([], many, NOW).dense).toEqual({ past: false, due: true });
  expect(HALF_MS).toBe(12 * HOUR);
});
