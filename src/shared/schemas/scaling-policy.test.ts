import { describe, expect, it } from 'vitest';
import { formatScalingPolicy, parseScalingPolicy } from './scaling-policy.ts';

const BASE = {
  ...{ enabled: true, minFree: 3, batch: 5, maxTotal: 100, percentage: 0, schedules: [], forecast: false },
  coolDownMs: 600_000,
};

describe('a policy in words', () => {
  it('changes what it names and leaves the rest', () => {
    expect(parseScalingPolicy('min=8, forecast', BASE)).toEqual({ ...BASE, minFree: 8, forecast: true });
    expect(parseScalingPolicy('', BASE)).toEqual(BASE);
  });

  it('knows the days of a schedule one by one, in ranges, and all of them', () => {
    const days = (text: string) =>
      parseScalingPolicy(`schedule=${text} 18:00-02:00 Europe/Moscow 20`, BASE).schedules[0]?.days;
    expect(days('fri')).toEqual(['fri']);
    expect(days('mon-wed+sun')).toEqual(['mon', 'tue', 'wed', 'sun']);
    expect(days('daily')?.length).toBe(7);
  });

  it('comes back the same when it was written out', () => {
    const text = 'min=4, batch=2, max=50, percent=20, forecast=on, schedule=fri+sat 18:00-02:00 UTC 9, cooldown=60';
    expect(formatScalingPolicy(parseScalingPolicy(text, BASE))).toBe(text);
  });

  it('names the word that it does not understand', () => {
    for (const [text, word] of [
      ['minimum=3', 'minimum'],
      ['min=many', 'min'],
      ['batch=0', 'batch'],
      ['forecast=maybe', 'forecast'],
      ['schedule=fri 25:00-26:00 UTC 3', 'schedule'],
      ['schedule=fri 18:00-20:00 Mars/Base 3', 'schedule'],
      ['schedule=someday 18:00-20:00 UTC 3', 'schedule'],
    ] as const) {
      expect(() => parseScalingPolicy(text, BASE)).toThrow(
        expect.objectContaining({ code: 'input_invalid', data: expect.objectContaining({ field: `policy: ${word}` }) }),
      );
    }
  });
});
