import { expect, it } from 'vitest';
import type { LogLineView } from '#shared/api/logs.ts';
import { LogBuffer, NO_FILTER } from './log-buffer.ts';
import { levelOf, sentenceOf } from './log-lines.ts';

function lines(count: number, text = (index: number) => `line ${index}`): LogLineView[] {
  return Array.from({ length: count }, (_, index) => ({
    container: index % 2 === 0 ? 'even' : 'odd',
    at: index,
    stream: 'stdout' as const,
    text: text(index),
  }));
}

it('filters by container, level and text, a slice at a time', () => {
  const buffer = new LogBuffer();
  buffer.add(lines(100_000, (index) => (index % 10 === 0 ? `{"level":"error","msg":"bad ${index}"}` : `ok ${index}`)));
  buffer.setFilter({ containers: new Set(['even']), least: 'error', text: 'BAD 5' });
  expect(buffer.filtering).toBe(true);
  while (buffer.filtering) buffer.step();
  expect(buffer.shown.every(({ text, container }) => text.includes('bad 5') && container === 'even')).toBe(true);
  expect(buffer.shown).toHaveLength(1_111);
});

it('lets the oldest lines go when there are too many, shown ones too, and says how many', () => {
  const buffer = new LogBuffer(100);
  buffer.setFilter(NO_FILTER);
  buffer.add(lines(101));
  expect(buffer.size).toBe(90);
  expect(buffer.dropped).toBe(11);
  expect(buffer.shown[0]?.at).toBe(11);
});

it('reads level and sentence of a line, whatever it is', () => {
  expect(levelOf('{"level":"warn","msg":"x"}', 'stdout')).toBe('warn');
  expect(levelOf('2026 LOG:  started', 'stderr')).toBe('info');
  expect(levelOf('oops', 'stderr')).toBe('warn');
  expect(sentenceOf('{"level":"info","client_id":"client_001","msg":"BOT ACTIVATED"}')).toEqual({
    message: 'BOT ACTIVATED',
    facts: 'client_id=client_001',
  });
  expect(sentenceOf('{broken').message).toBe('{broken');
});
