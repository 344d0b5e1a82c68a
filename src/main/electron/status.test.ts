import { describe, expect, it } from 'vitest';
import type { PoolCounts } from '#shared/api/pool.ts';
import { alertsOf, levelOf, tooltipOf } from './status.ts';

function counts(change: Partial<PoolCounts> = {}): PoolCounts {
  return { total: 10, waiting: 7, activating: 0, active: 3, failed: 0, draining: 0, queued: 0, ...change };
}

describe('what the tray says', () => {
  it('has one word for how it is', () => {
    expect(levelOf(undefined)).toBe('away');
    expect(levelOf(counts())).toBe('good');
    expect(levelOf(counts({ waiting: 0, active: 10 }))).toBe('full');
    expect(levelOf(counts({ queued: 1 }))).toBe('trouble');
    expect(levelOf(counts({ failed: 1 }))).toBe('trouble');
    expect(levelOf(counts({ total: 0, waiting: 0, active: 0 }))).toBe('good');
  });

  it('says the fill in both languages', () => {
    expect(tooltipOf(counts(), 'en')).toBe('7 of 10 bots free, 3 serving, 0 clients wait');
    expect(tooltipOf(counts(), 'ru')).toBe('Свободно 7 из 10, работает 3, ждут 0');
    expect(tooltipOf(undefined, 'en')).toBe('Botpool does not answer');
    expect(tooltipOf(undefined, 'ru')).toBe('Botpool не отвечает');
  });
});

describe('notifications', () => {
  const bodies = (before: PoolCounts | undefined, now: PoolCounts | undefined): string[] =>
    alertsOf(before, now, 'en').map(({ body }) => body);

  it('tell that it became so, once, and not that it still is', () => {
    expect(bodies(counts(), counts({ queued: 2 }))).toEqual(['2 clients wait for a free bot.']);
    expect(bodies(counts({ queued: 2 }), counts({ queued: 2 }))).toEqual([]);
    expect(bodies(counts({ queued: 2 }), counts({ queued: 1 }))).toEqual([]);
  });

  it('tell of failed activations and of a pool that has run dry', () => {
    expect(bodies(counts(), counts({ failed: 1 }))).toEqual(['An activation failed.']);
    expect(bodies(counts(), counts({ waiting: 0, active: 10 }))).toEqual(['No bot is free: all 10 serve clients.']);
    // That clients wait says already that no bot is free.
    expect(bodies(counts(), counts({ waiting: 0, active: 10, queued: 1 }))).toEqual(['A client waits for a free bot.']);
  });

  it('tell nothing on the first look, nor when nobody answers', () => {
    expect(bodies(undefined, counts({ queued: 3, failed: 1 }))).toEqual([]);
    expect(bodies(counts(), undefined)).toEqual([]);
  });

  it('speak Russian, and lead to the pool', () => {
    expect(alertsOf(counts(), counts({ failed: 3 }), 'ru')).toEqual([
      { title: 'Botpool', body: 'Не удались 3 запуска.', route: '#/pool' },
    ]);
  });
});
