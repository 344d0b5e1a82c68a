import { describe, expect, it } from 'vitest';
import { containerInfo, statsReading } from './answers.ts';
import { cpuShare } from './stats.ts';

describe("Docker's answers", () => {
  it('tell a paused program as running and never as ended', () => {
    const State = {
      Status: 'paused',
      Pid: 7,
      ExitCode: 0,
      StartedAt: '2026-11-21T05:00:00Z',
      FinishedAt: '0001-01-01T00:00:00Z',
    };
    const info = containerInfo({
      Id: '1',
      Name: '/bot',
      RestartCount: 2,
      Config: { Image: 'i', Labels: null },
      HostConfig: {},
      State,
    });
    expect(info).toEqual({
      name: 'bot',
      id: '1',
      image: 'i',
      labels: {},
      state: 'running',
      restarts: 2,
      pid: 7,
      startedAt: Date.parse(State.StartedAt),
    });
  });

  it('count memory without what the kernel keeps in reserve, and work in cores', () => {
    const sample = (stats: Record<string, number>) =>
      statsReading({
        read: '2026-11-21T05:00:01Z',
        cpu_stats: { cpu_usage: { total_usage: 5e8 } },
        memory_stats: { usage: 100, stats },
      });
    const second = sample({ inactive_file: 30 });
    expect([second?.memoryBytes, sample({ total_inactive_file: 40, inactive_file: 1 })?.memoryBytes]).toEqual([70, 60]);
    expect(second && cpuShare({ at: second.at - 1_000, cpuNanos: 0 }, second)).toBe(0.5);
    expect(statsReading({ read: '0001-01-01T00:00:00Z', cpu_stats: {}, memory_stats: {} })).toBeUndefined();
  });
});
