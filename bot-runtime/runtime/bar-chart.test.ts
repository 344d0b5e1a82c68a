import { expect, it } from 'vitest';
import { barChart } from './bar-chart.ts';

it('draws bars as high as their values, and labels as far as there is room', () => {
  const two = [
    { label: 'Oct', value: 1_000 },
    { label: 'Nov', value: 2_000 },
  ];
  const svg = barChart('A & <b>', two, 'en');
  const heights = [...svg.matchAll(/height="(\d+)" rx/g)].map(([, height]) => Number(height));
  expect(heights[1]).toBe((heights[0] ?? 0) * 2);
  expect(svg).toContain('A &amp; &lt;b&gt;');
  expect(svg).toContain('>Nov<');
  const many = barChart(
    '',
    Array.from({ length: 60 }, (_, at) => ({ label: `d${at}`, value: at })),
    'en',
  );
  expect(many).toContain('>d59<');
  expect(many).not.toContain('>d58<');
  expect(many.match(/<rect /g)).toHaveLength(61);
});
