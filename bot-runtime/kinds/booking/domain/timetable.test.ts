import { expect, test } from 'vitest';
import { drawPicture } from '#bot-runtime/runtime/picture.ts';
import { drawTimetable } from './timetable.ts';

const clock = (minutes: number): string => `${Math.floor(minutes / 60)}:00`;
const column = {
  name: 'Anna <1>',
  open: [{ from: 540, to: 1_080 }],
  visits: [{ from: 600, to: 720, title: 'Haircut & colour', customer: 'Vera' }],
  away: [{ from: 780, to: 840 }],
};

test('the day reaches from the first opening to the last closing, and visits stand where they begin', async () => {
  const svg = drawTimetable('Mon', [column], clock, 630);
  expect(svg).toContain('>9:00<');
  expect(svg).toContain('>18:00<');
  expect(svg).not.toContain('>8:00<');
  expect(svg).toContain('Anna &lt;1&gt;');
  expect(svg).toContain('Haircut &amp; colour');
  const at = (pattern: RegExp): number => Number(pattern.exec(svg)?.[1]);
  // One hour after the opening, two hours high.
  expect(at(/y="(\d+)" width="206"/) - 1 - 96).toBe(64);
  expect(at(/height="(\d+)" rx="6"/)).toBe(126);
  expect(svg).toContain('#e03131');
  const png = Buffer.from(await drawPicture(svg, 1));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
});

test('a day without anything, one with a visit at night, and a long name are drawn as well', () => {
  expect(drawTimetable('Sun', [{ ...column, open: [], visits: [] }], clock, undefined)).toContain('>9:00<');
  const night = drawTimetable(
    'Mon',
    [{ ...column, visits: [{ from: 0, to: 30, title: 'x', customer: 'y'.repeat(60) }] }],
    clock,
    1_439,
  );
  expect(night).toContain('>0:00<');
  expect(night).toContain(`${'y'.repeat(21)}…`);
  expect(night).not.toContain('#e03131');
  expect(drawTimetable('Mon', [], clock, undefined)).toContain('</svg>');
});
