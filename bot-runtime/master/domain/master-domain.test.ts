import { expect, it } from 'vitest';
import { bar, percent } from './bars.ts';
import { clientIdOf } from './client-id.ts';
import { revenueChart } from './revenue-chart.ts';

it('fills as many cells as the share says, and shows a little as something', () => {
  expect([bar(0), bar(0.001), bar(0.5), bar(1), bar(7)]).toEqual([
    '░░░░░░░░░░',
    '█░░░░░░░░░',
    '█████░░░░░',
    '██████████',
    '██████████',
  ]);
  expect(percent(0.666)).toBe(67);
});

it('understands a client by its number, with or without the word', () => {
  expect(['3', '003', 'client_003', ' 12 ', '123456'].map(clientIdOf)).toEqual([
    'client_003',
    'client_003',
    'client_003',
    'client_012',
    'client_123456',
  ]);
  expect(['', 'x', '1234567', 'client_', '3; DROP'].map(clientIdOf)).toEqual(Array(5).fill(undefined));
});

it('draws one bar a month, the highest sum highest, and nothing that breaks the picture', () => {
  const svg = revenueChart(
    'A & <b>',
    [
      { month: '2026-10', net: 1_000 },
      { month: '2026-11', net: 2_000 },
    ],
    'en',
  );
  const heights = [...svg.matchAll(/height="(\d+)" rx/g)].map(([, height]) => Number(height));
  expect(heights[1]).toBe((heights[0] ?? 0) * 2);
  expect(svg).toContain('A &amp; &lt;b&gt;');
  expect(svg).toContain('>Nov<');
});
