import { describe, expect, it } from 'vitest';
import { parsePss, parseStat } from './proc.ts';
import { cpuShare } from './stats.ts';

describe('what the kernel tells', () => {
  it('is read even when a name holds blanks and brackets', () => {
    const tail = Array.from({ length: 30 }, (_, index) => String(index + 4)).join(' ');
    expect(parseStat(`7 (a) b) S ${tail}`)).toEqual({
      state: 'S',
      group: 5,
      cpuTicks: 14 + 15 + 16 + 17,
      startTicks: '22',
    });
    expect(parseStat('')).toBeUndefined();
  });

  it('gives memory in bytes', () => {
    expect(parsePss('Rss: 1604 kB\nPss:                 472 kB\nPss_Anon: 1 kB\n')).toBe(472 * 1024);
    expect(parsePss('')).toBe(0);
  });

  it('gives the share of one core', () => {
    expect(cpuShare({ at: 0, ticks: 0 }, { at: 2_000, ticks: 100 })).toBe(0.5);
    expect(cpuShare({ at: 0, ticks: 50 }, { at: 1_000, ticks: 10 })).toBe(0);
    expect(cpuShare({ at: 5, ticks: 50 }, { at: 5, ticks: 60 })).toBe(0);
  });
});
